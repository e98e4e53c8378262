import LinearAlgebra
import Specifications

/// What a network's outputs are trained to make small: the `loss` of a chapter's block.
public enum Loss: String, Hashable, Sendable, Codable, CaseIterable {
  /// ``CrossEntropy`` with the labels.
  case crossEntropy
  /// ``MeanSquaredError`` from the labels' unit vectors.
  case meanSquaredError

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    guard let loss = Loss(rawValue: name) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: unknownName(name, known: Self.allCases.map(\.rawValue)))
    }
    self = loss
  }

  /// The loss of outputs over the active classes, hits among them, hits among all classes, and on request the
  /// gradient.
  ///
  /// - Parameters:
  ///   - outputs: samples × classes.
  ///   - labels: a class for each sample, one of `classes`.
  ///   - classes: the active classes, each once, in any order; all if nil.
  ///   - gradient: where to write the gradient of the mean loss with respect to the outputs, of their shape.
  public func evaluate<Scalar: Real>(
    outputs: Matrix<Scalar>, labels: UnsafeBufferPointer<Int32>, among classes: [Int32]? = nil,
    gradient: Matrix<Scalar>?
  ) -> (loss: Double, correct: Int, correctOfAll: Int) {
    switch self {
    case .crossEntropy:
      guard let classes else {
        let (loss, correct) = CrossEntropy.evaluate(logits: outputs, labels: labels, gradient: gradient)
        return (loss, correct, correct)
      }
      return classes.withUnsafeBufferPointer {
        CrossEntropy.evaluate(logits: outputs, labels: labels, among: $0, gradient: gradient)
      }
    case .meanSquaredError:
      guard let classes else {
        return MeanSquaredError.evaluate(outputs: outputs, labels: labels, among: nil, gradient: gradient)
      }
      return classes.withUnsafeBufferPointer {
        MeanSquaredError.evaluate(outputs: outputs, labels: labels, among: $0, gradient: gradient)
      }
    }
  }
}

extension MeanSquaredError {
  /// The mean over samples and active classes of (output − target)², where the target is 1 for the label and 0
  /// otherwise. Inactive classes do not count and their gradients are 0.
  ///
  /// Parameters and result as of ``CrossEntropy/evaluate(logits:labels:among:gradient:)``; all classes if `classes` is
  /// nil.
  static func evaluate(
    outputs: Matrix<Scalar>, labels: UnsafeBufferPointer<Int32>, among classes: UnsafeBufferPointer<Int32>?,
    gradient: Matrix<Scalar>?
  ) -> (loss: Double, correct: Int, correctOfAll: Int) {
    precondition(labels.count >= outputs.rows, "a label for each sample")
    let width = outputs.columns
    let active = classes?.count ?? width
    let count = max(outputs.rows * active, 1)
    let factor = 2 / Scalar(count)
    if let gradient {
      precondition(gradient.rows == outputs.rows && gradient.columns == width, "equal shapes")
      gradient.fill(with: 0)
    }
    var sum = 0.0
    var correct = 0
    var correctOfAll = 0
    for row in 0..<outputs.rows {
      let values = outputs.elements + row * width
      let label = Int(labels[row])
      precondition(label < width, "a label below the number of classes")
      var best = classes.map { Int($0[0]) } ?? 0
      for index in 0..<active {
        let column = classes.map { Int($0[index]) } ?? index
        if values[column] > values[best] { best = column }
        let difference = values[column] - (column == label ? 1 : 0)
        sum += Double(difference) * Double(difference)
        gradient?.elements[row * width + column] = factor * difference
      }
      if best == label { correct += 1 }
      var bestOfAll = 0
      for column in 0..<width where values[column] > values[bestOfAll] { bestOfAll = column }
      if bestOfAll == label { correctOfAll += 1 }
    }
    return (sum / Double(count), correct, correctOfAll)
  }
}
