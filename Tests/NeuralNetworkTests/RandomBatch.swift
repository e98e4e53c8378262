import LinearAlgebra
import NeuralNetwork

/// A batch of normal inputs and arbitrary labels.
final class RandomBatch<Scalar: Real> {
  let inputs: Matrix<Scalar>
  let labels: [Int32]
  private let gradient: Matrix<Scalar>
  private let arena: Arena<Scalar>

  init(rows: Int, inputs columns: Int, classes: Int, seed: UInt64) {
    arena = Arena(
      capacity: Arena<Scalar>.footprint(rows: rows, columns: columns)
        + Arena<Scalar>.footprint(rows: rows, columns: classes))
    inputs = arena.take(rows: rows, columns: columns)
    gradient = arena.take(rows: rows, columns: classes)
    var stream = RandomStream(seed: seed, purpose: "test batch")
    Scalar.fillNormal(inputs.buffer, from: &stream)
    labels = (0..<rows).map { Int32($0 * 7 % classes) }
  }

  /// One forward and backward pass; the loss.
  @discardableResult
  func gradients(
    of network: Network<Scalar>, in context: StepContext,
    visit: (_ layer: Int, _ outputGradient: Matrix<Scalar>) -> Void = { _, _ in }
  ) -> Double {
    let logits = network.forward(inputs, in: context)
    let result = labels.withUnsafeBufferPointer {
      CrossEntropy.evaluate(logits: logits, labels: $0, gradient: gradient)
    }
    network.backward(gradient, visit: visit)
    return result.loss
  }

  /// The loss alone.
  func loss(of network: Network<Scalar>, in context: StepContext) -> Double {
    let logits = network.forward(inputs, in: context)
    return labels.withUnsafeBufferPointer {
      CrossEntropy.evaluate(logits: logits, labels: $0, gradient: nil).loss
    }
  }
}
