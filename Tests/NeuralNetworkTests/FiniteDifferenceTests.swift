import LinearAlgebra
import NeuralNetwork
import Testing

/// Gradients against central differences of the loss, in double precision: every layer in every mode, inside a
/// network so that input gradients count too.
@Suite struct FiniteDifferenceTests {
  @Test(arguments: [StepContext.Mode.training, .evaluation, .probing])
  func gradientsAreTheDerivativesOfTheLoss(mode: StepContext.Mode) {
    for normalization in Normalization.allCases {
      let network = MLPSpecification(
        inputSize: 5, hiddenSizes: [18, 7], classes: 3, normalization: normalization, dropout: 0.3
      )
      .makeNetwork(of: Double.self)
      network.reserve(batchSize: 11)
      network.initialize(seed: 4)
      let batch = Batch<Double>(rows: 11, inputs: 5, classes: 3, seed: 2)
      // The running statistics move with every training pass, but a training pass does not read them.
      let context = StepContext(mode: mode, seed: 8, step: 5)
      batch.gradients(of: network, in: context)
      let gradients = Array(network.gradients.buffer)
      let step = 1e-5
      for tensor in network.parameters {
        let value = tensor.parameter.value
        let offset = value.elements - network.values.elements
        for index in stride(from: 0, to: value.count, by: 3) {
          let kept = value.elements[index]
          value.elements[index] = kept + step
          let above = batch.loss(of: network, in: context)
          value.elements[index] = kept - step
          let below = batch.loss(of: network, in: context)
          value.elements[index] = kept
          let slope = (above - below) / (2 * step)
          #expect(abs(slope - gradients[offset + index]) < 1e-7, "\(tensor.name)[\(index)]")
        }
      }
    }
  }

  @Test func inputGradientsAreTheDerivativesOfTheLoss() throws {
    let layers: [any Layer<Double>] = [
      Flatten(name: "flatten", size: 17), BatchNormalization(name: "norm", size: 17),
      Linear(name: "linear", inputSize: 17, outputSize: 4), ReLU(name: "act", size: 4),
      Dropout(name: "dropout", size: 4, probability: 0.25),
    ]
    // A first linear layer of one-to-one weights makes the network ask the others for input gradients.
    let first = Linear<Double>(name: "first", inputSize: 17, outputSize: 17)
    let network = Network<Double>(layers: [first] + layers)
    network.reserve(batchSize: 6)
    network.initialize(seed: 2)
    let batch = Batch<Double>(rows: 6, inputs: 17, classes: 4, seed: 3)
    let context = StepContext(mode: .training, seed: 1, step: 1)
    batch.gradients(of: network, in: context)
    let slopes = Array(network.outputGradient(of: 0).buffer)
    // Moving the first layer's bias moves all rows: their gradients must sum to the bias's.
    for column in 0..<17 {
      let sum = (0..<6).map { slopes[$0 * 17 + column] }.reduce(0, +)
      let value = first.bias.value
      let kept = value[0, column]
      value[0, column] = kept + 1e-5
      let above = batch.loss(of: network, in: context)
      value[0, column] = kept - 1e-5
      let below = batch.loss(of: network, in: context)
      value[0, column] = kept
      #expect(abs((above - below) / 2e-5 - sum) < 1e-8)
    }
  }
}
