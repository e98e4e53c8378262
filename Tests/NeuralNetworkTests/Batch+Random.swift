import LinearAlgebra
import NeuralNetwork

extension Batch {
  /// A batch of normal inputs and arbitrary labels.
  convenience init(rows: Int, inputs columns: Int, classes: Int, seed: UInt64) {
    self.init(capacity: rows, inputSize: columns, classes: classes)
    var stream = RandomStream(seed: seed, purpose: "test batch")
    Scalar.fillNormal(inputs.buffer, from: &stream)
    for row in 0..<rows { setLabel(Int32(row * 7 % classes), ofSample: row) }
  }

  /// One forward and backward pass; the loss.
  @discardableResult
  func gradients(
    of network: Network<Scalar>, in context: StepContext,
    visit: (_ layer: Int, _ outputGradient: Matrix<Scalar>) -> Void = { _, _ in }
  ) -> Double {
    network.forward(self, in: context)
    return network.backward(visit: visit).loss
  }

  /// The loss alone.
  func loss(of network: Network<Scalar>, in context: StepContext) -> Double {
    network.forward(self, in: context)
    return network.score().loss
  }
}
