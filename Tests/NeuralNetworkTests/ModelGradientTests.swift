import LinearAlgebra
import NeuralNetwork
import Testing

/// Gradients of convolutional networks against central differences of the loss, in double precision.
@Suite struct ModelGradientTests {
  @Test(arguments: Normalization.allCases, [true, false])
  func convolutionalNetwork(normalization: Normalization, affine: Bool) {
    for activation in [ActivationKind.tanh, .silu] {
      let specification = CNNSpecification(
        inputChannels: 2, height: 9, width: 8, channels: [3, 17], hiddenSize: 5, classes: 3,
        normalization: normalization, affine: affine, activation: activation, dropout: 0.3)
      check(specification.makeNetwork(of: Double.self), inputs: specification.inputSize)
    }
  }

  @Test(arguments: Normalization.allCases, [true, false])
  func residualNetwork(normalization: Normalization, affine: Bool) {
    let specification = ResNetSpecification(
      inputChannels: 2, height: 6, width: 7, baseChannels: 3, blocks: [1, 2], classes: 3,
      normalization: normalization, affine: affine)
    check(specification.makeNetwork(of: Double.self), inputs: specification.inputSize)
  }

  @Test(arguments: Normalization.allCases, [true, false])
  func convolutionalNetworkWithoutPadding(normalization: Normalization, affine: Bool) {
    let specification = ShapedModel(
      ConvNet(
        kernels: [4, 3], channels: [3, 17], hiddenSizes: [6, 5], normalization: normalization, affine: affine,
        activation: .tanh, dropout: 0.3), input: InputShape(channels: 2, height: 12, width: 11), classes: 3)
    check(specification.makeNetwork(of: Double.self), inputs: specification.inputSize)
  }

  private func check(_ network: Network<Double>, inputs: Int) {
    network.reserve(batchSize: 4, retainingGradients: false)
    network.initialize(seed: 6)
    let batch = Batch<Double>(rows: 4, inputs: inputs, classes: 3, seed: 1)
    for mode in [StepContext.Mode.probing, .evaluation] {
      let context = StepContext(mode: mode, seed: 3, step: 2)
      batch.gradients(of: network, in: context)
      let gradients = Array(network.gradients.buffer)
      let step = 1e-6
      for tensor in network.parameters {
        let value = tensor.parameter.value
        let offset = value.elements - network.values.elements
        for index in stride(from: 0, to: value.count, by: max(1, value.count / 5)) {
          let kept = value.elements[index]
          value.elements[index] = kept + step
          let above = batch.loss(of: network, in: context)
          value.elements[index] = kept - step
          let below = batch.loss(of: network, in: context)
          value.elements[index] = kept
          let slope = (above - below) / (2 * step)
          #expect(abs(slope - gradients[offset + index]) < 1e-6, "\(tensor.name)[\(index)] \(mode)")
        }
      }
    }
  }
}
