import LinearAlgebra
import NeuralNetwork

/// Products of vectors with the Hessian of the mean cross-entropy on a fixed batch, at the parameters that the
/// network has when the operator is made, in evaluation mode (running statistics fixed, no dropout).
///
/// H·v is the central difference (g(θ + h·v) − g(θ − h·v)) / 2h of the gradient. With u = 2⁻⁵³ and ‖v‖ = 1, its
/// error has three parts: truncation, about h² of the third derivative; rounding of the gradient, about u·‖g‖/h;
/// rounding of θ ± h·v, about u·‖H‖·‖θ‖/h. They would balance near h = 10⁻⁵, but a rectifier's derivative jumps
/// where its input changes sign, and a jump between the two points puts an error of the jump's size / 2h into the
/// product. So h starts at 2⁻²¹ · max(1, ‖θ‖), where rounding leaves about 10⁻⁹, and is divided by four, at most
/// four times, until the same rectifiers are active at both points as at θ; 2⁻²⁹ still leaves about 10⁻⁷.
/// Between the jumps this is the Hessian in the ordinary sense; ``productsAcrossKinks`` counts the exceptions.
public final class HessianOperator {
  /// The length of the vectors, `network.values.count`.
  public let count: Int
  /// The loss at the operator's point.
  public let loss: Double
  /// The gradient at the operator's point, laid out as `network.values`.
  public let gradient: Matrix<Double>
  /// How many products were made.
  public private(set) var products = 0
  /// How many of them found no step that leaves all rectifiers as they are, and used the smallest.
  public private(set) var productsAcrossKinks = 0
  /// How many gradients were computed, the one at the point included.
  public private(set) var gradients = 0

  /// Divisions of the step by four that a product may take.
  static let reductions = 4

  private let network: Network<Double>
  private let batch: Batch<Double>
  private let memory: Arena<Double>
  private let point: Matrix<Double>
  private let before: Matrix<Double>
  private let largestStep: Double
  /// The rectifiers among the network's layers, and which of their outputs are positive at the point.
  private let rectifiers: [Int]
  private var isActive: [Bool] = []

  /// An operator that uses the network's memory: its gradients and activations are overwritten, its parameters
  /// are the same bit for bit after every call. Memory for the batch is reserved if the network has too little.
  public init(of network: Network<Double>, batch: Batch<Double>) {
    self.network = network
    self.batch = batch
    count = network.values.count
    if network.batchCapacity < batch.count { network.reserve(batchSize: batch.count) }
    rectifiers = network.layers.indices.filter { network.layers[$0] is ReLU<Double> }
    network.forward(batch, in: StepContext(mode: .evaluation))
    memory = Arena(capacity: 3 * Arena<Double>.footprint(rows: 1, columns: count))
    point = memory.take(rows: 1, columns: count)
    before = memory.take(rows: 1, columns: count)
    gradient = memory.take(rows: 1, columns: count)
    point.copy(from: network.values)
    largestStep = 0x1p-21 * max(1, point.norm)
    isActive = rectifiers.flatMap { network.output(of: $0).buffer.map { $0 > 0 } }
    loss = network.backward().loss
    gradients = 1
    gradient.copy(from: network.gradients)
  }

  /// Sets `result` to H·`vector`, both laid out as `network.values` (rows or columns); the two must not overlap. A vector of zeros
  /// gives zeros.
  public func apply(to vector: Matrix<Double>, into result: Matrix<Double>) {
    enforce(vector.count == count && result.count == count, "vectors as long as the parameters")
    products += 1
    let length = vector.norm
    guard length > 0 else {
      result.fill(with: 0)
      return
    }
    before.copy(from: network.values)
    defer { network.values.copy(from: before) }
    var step = largestStep / length
    for _ in 0..<Self.reductions {
      if difference(along: vector, step: step, into: result, acrossKinks: false) { return }
      step /= 4
    }
    if difference(along: vector, step: step, into: result, acrossKinks: false) { return }
    productsAcrossKinks += 1
    _ = difference(along: vector, step: step, into: result, acrossKinks: true)
  }

  /// Sets `result` to the central difference.
  ///
  /// - Returns: false, with `result` undefined, if a rectifier changes and `acrossKinks` does not allow it.
  private func difference(
    along vector: Matrix<Double>, step: Double, into result: Matrix<Double>, acrossKinks: Bool
  ) -> Bool {
    guard setGradient(along: vector, step: step, acrossKinks: acrossKinks) else { return false }
    result.set(to: network.gradients)
    guard setGradient(along: vector, step: -step, acrossKinks: acrossKinks) else { return false }
    result.add(network.gradients, times: -1)
    result.scale(by: 1 / (2 * step))
    return true
  }

  /// Computes the network's gradients at point + step · vector.
  private func setGradient(along vector: Matrix<Double>, step: Double, acrossKinks: Bool) -> Bool {
    network.values.copy(from: point)
    network.values.add(vector, times: step)
    network.forward(batch, in: StepContext(mode: .evaluation))
    guard acrossKinks || rectifiersAreUnchanged() else { return false }
    network.backward()
    gradients += 1
    return true
  }

  private func rectifiersAreUnchanged() -> Bool {
    isActive.withUnsafeBufferPointer { isActive in
      var offset = 0
      for layer in rectifiers {
        let output = network.output(of: layer)
        for index in 0..<output.count where (output.elements[index] > 0) != isActive[offset + index] {
          return false
        }
        offset += output.count
      }
      return true
    }
  }
}
