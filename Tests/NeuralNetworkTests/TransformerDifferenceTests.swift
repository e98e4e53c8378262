import LinearAlgebra
import NeuralNetwork
import Testing

/// Gradients of the vision transformer against central differences of the loss, in double precision.
@Suite struct TransformerDifferenceTests {
  @Test(arguments: [StepContext.Mode.training, .evaluation, .probing])
  func gradientsAreTheDerivativesOfTheLoss(mode: StepContext.Mode) {
    for normalization in Normalization.allCases {
      for affine in normalization == .none ? [true] : [true, false] {
        check(mode, normalization, affine: affine)
      }
    }
  }

  private func check(
    _ mode: StepContext.Mode, _ normalization: Normalization, affine: Bool
  ) {
    let specification = VisionTransformerSpecification(
      channels: 2, height: 4, width: 6, classes: 3, patch: 2, size: 7, depth: 2, heads: 2, headWidth: 3,
      hidden: 17, normalization: normalization, affine: affine, dropout: 0.2)
    let network = specification.makeNetwork(of: Double.self)
    network.reserve(batchSize: 4, retainingGradients: mode == .probing)
    network.initialize(seed: 4)
    // Larger weights than those drawn, so that attention differs between tokens.
    for tensor in network.parameters
    where tensor.name.hasPrefix("block") && tensor.parameter.shape.count > 1 {
      for index in 0..<tensor.parameter.count { tensor.parameter.value.elements[index] *= 10 }
    }
    let batch = Batch<Double>(rows: 4, inputs: 48, classes: 3, seed: 2)
    let context = StepContext(mode: mode, seed: 8, step: 5)
    batch.gradients(of: network, in: context)
    let gradients = Array(network.gradients.buffer)
    let step = 1e-5
    for tensor in network.parameters {
      let value = tensor.parameter.value
      let offset = value.elements - network.values.elements
      for index in stride(from: 0, to: value.count, by: 11) {
        let kept = value.elements[index]
        value.elements[index] = kept + step
        let above = batch.loss(of: network, in: context)
        value.elements[index] = kept - step
        let below = batch.loss(of: network, in: context)
        value.elements[index] = kept
        let slope = (above - below) / (2 * step)
        #expect(
          abs(slope - gradients[offset + index]) < 2e-7 * max(1, abs(slope)), "\(tensor.name)[\(index)]")
      }
    }
  }

  /// A block as the first layer of a network need not, but can, give its input's gradient.
  @Test func inputGradientsAreTheDerivativesOfTheOutput() throws {
    let layer = PatchEmbedding<Double>(name: "patches", channels: 2, height: 4, width: 4, patch: 2, size: 6)
    let block = TransformerBlock<Double>(
      name: "block", size: 6, tokens: 4, heads: 2, headWidth: 3, hidden: 9, dropout: 0.3,
      makeNormalization: { LayerNormalization(name: $0, size: 6, positions: 4) })
    let network = Network<Double>(layers: [layer, block])
    network.reserve(batchSize: 2, retainingGradients: false)
    network.initialize(seed: 1)
    let batch = Batch<Double>(rows: 2, inputs: 32, classes: 3, seed: 2)
    let context = StepContext(mode: .training, seed: 1, step: 1)
    let arena = Arena<Double>(capacity: 256)
    let weights = arena.take(rows: 8, columns: 6)
    for index in 0..<weights.count { weights.elements[index] = Double(index * 7 % 11) - 5 }
    let arriving = arena.take(rows: 8, columns: 6)
    func value() -> Double {
      let output = network.forward(batch.inputs, in: context)
      return zip(output.buffer, weights.buffer).map { $0 * $1 }.reduce(0, +)
    }
    _ = value()
    arriving.copy(from: weights)
    let between = try #require(block.backward(arriving, inputGradient: true))
    let gradient = try #require(layer.backward(between, inputGradient: true))
    for index in 0..<gradient.count {
      let expected = gradient.elements[index]
      let kept = batch.inputs.elements[index]
      batch.inputs.elements[index] = kept + 1e-5
      let above = value()
      batch.inputs.elements[index] = kept - 1e-5
      let below = value()
      batch.inputs.elements[index] = kept
      #expect(abs((above - below) / 2e-5 - expected) < 1e-6)
    }
  }
}
