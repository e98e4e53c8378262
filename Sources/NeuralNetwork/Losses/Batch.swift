import LinearAlgebra

/// Samples, what they should be taken for, and room for the gradient of their loss: all that a pass through a network
/// needs from outside it, with the memory of its own.
///
/// Made once for the largest batch; a smaller one uses its first rows. Filling it again allocates nothing. A network
/// keeps the batch of its last pass (``Network/forward(_:samples:in:)``), so that what can be read of the pass stays.
public final class Batch<Scalar: Real> {
  /// The most samples.
  public let capacity: Int
  /// Classes of the network's output.
  public let classCount: Int
  /// Samples in use: the first rows. At most ``capacity``.
  public var count: Int {
    didSet { enforce(count >= 0 && count <= capacity, "no more samples than the batch has room for") }
  }
  /// The classes that the loss is taken over, each once, in any order; all if nil.
  public var activeClasses: [Int32]?

  private let memory: Arena<Scalar>
  private let inputStorage: Matrix<Scalar>
  private let targetStorage: Matrix<Scalar>?
  private let gradientStorage: Matrix<Scalar>
  private var labelStorage: [Int32]

  /// Zeroed samples, all of them in use, all classes active.
  ///
  /// - Parameters:
  ///   - inputSize: features of a sample.
  ///   - hasSoftTargets: whether samples have probabilities of classes (``targets``) instead of labels.
  public init(capacity: Int, inputSize: Int, classes: Int, hasSoftTargets: Bool = false) {
    enforce(capacity >= 0 && inputSize >= 0 && classes > 0, "room for samples of at least one class")
    self.capacity = capacity
    classCount = classes
    count = capacity
    let perClass = Arena<Scalar>.footprint(rows: capacity, columns: classes)
    memory = Arena(
      capacity: Arena<Scalar>.footprint(rows: capacity, columns: inputSize)
        + (hasSoftTargets ? 2 : 1) * perClass)
    inputStorage = memory.take(rows: capacity, columns: inputSize)
    gradientStorage = memory.take(rows: capacity, columns: classes)
    targetStorage = hasSoftTargets ? memory.take(rows: capacity, columns: classes) : nil
    labelStorage = [Int32](repeating: 0, count: capacity)
  }

  /// A copy of samples (rows of `inputs`) with a class each.
  public convenience init(copying inputs: Matrix<Scalar>, labels: [Int32], classes: Int) {
    enforce(inputs.rows == labels.count, "a label for each sample")
    self.init(capacity: inputs.rows, inputSize: inputs.columns, classes: classes)
    self.inputs.copy(from: inputs)
    labelStorage = labels
  }

  /// The samples in use: ``count`` × features. Holds as long as the batch.
  public var inputs: Matrix<Scalar> { inputStorage.prefix(rows: count) }

  /// The probabilities of the classes that the samples in use should get, ``count`` × ``classCount``: rows of sum 1,
  /// zeros at inactive classes. Nil if samples have labels. Holds as long as the batch.
  public var targets: Matrix<Scalar>? { targetStorage?.prefix(rows: count) }

  /// The classes of the samples in use.
  public var labels: ArraySlice<Int32> { labelStorage[..<count] }

  /// Sets the class of a sample.
  public func setLabel(_ label: Int32, ofSample row: Int) {
    enforce(row >= 0 && row < capacity, "a sample of the batch")
    labelStorage[row] = label
  }

  /// The loss of a network's outputs for some of the samples and, on request, its gradient.
  func evaluate(
    _ loss: Loss, outputs: Matrix<Scalar>, samples: Range<Int>, gradient: Matrix<Scalar>?
  ) -> Score {
    guard let activeClasses else {
      return evaluate(loss, outputs: outputs, samples: samples, among: nil, gradient: gradient)
    }
    return activeClasses.withUnsafeBufferPointer {
      evaluate(loss, outputs: outputs, samples: samples, among: $0, gradient: gradient)
    }
  }

  private func evaluate(
    _ loss: Loss, outputs: Matrix<Scalar>, samples: Range<Int>, among classes: UnsafeBufferPointer<Int32>?,
    gradient: Matrix<Scalar>?
  ) -> Score {
    if let targets {
      return loss.evaluate(
        outputs: outputs, target: .probabilities(targets.rows(samples)), among: classes, gradient: gradient)
    }
    return labelStorage.withUnsafeBufferPointer {
      loss.evaluate(
        outputs: outputs, target: .classes(UnsafeBufferPointer(rebasing: $0[samples])), among: classes,
        gradient: gradient)
    }
  }

  /// Where the gradient of the loss of so many samples goes.
  func gradient(ofSamples count: Int) -> Matrix<Scalar> { gradientStorage.prefix(rows: count) }
}
