import LinearAlgebra
import NeuralNetwork
import Testing

/// Rectifying behind the maximum over windows instead of before it changes no bit, but for what is between the two.
@Suite struct RectifiedPoolingTests {
  private func convolutional(_ normalization: Normalization) -> any NetworkSpecification {
    // Channels in whole vectors, and others.
    CNNSpecification(
      height: 9, width: 8, channels: [5, 35], hiddenSize: 11, classes: 4, normalization: normalization)
  }

  private func unpadded(_ normalization: Normalization) -> any NetworkSpecification {
    ShapedModel(
      ConvNet(kernels: [3, 2], channels: [18, 7], hiddenSizes: [9], normalization: normalization),
      input: InputShape(channels: 3, height: 9, width: 8), classes: 4)
  }

  @Test(arguments: Normalization.allCases) func trainingIsTheSameToTheLastBit(normalization: Normalization) {
    for specification in [convolutional(normalization), unpadded(normalization)] {
      let batch = Batch<Float>(rows: 6, inputs: 3 * 9 * 8, classes: 4, seed: 2)
      let results = [Retention.nothing, .outputs, .outputsAndGradients].map { retention in
        let network = specification.makeNetwork(of: Float.self)
        network.reserve(batchSize: 6, retaining: retention)
        network.initialize(seed: 1)
        let optimizer = SGD(network, learningRate: 0.1)
        var pooled: [Float] = []
        for step in 0..<3 {
          network.forward(batch, in: StepContext(mode: .training, seed: 3, step: UInt64(step)))
          pooled += network.layers.indices.filter { network.layers[$0] is MaxPooling<Float> }
            .flatMap { network.output(of: $0).buffer.map { $0 } }
          network.backward()
          optimizer.step()
        }
        return (parameters: Array(network.values.buffer), pooled: pooled)
      }
      #expect(results[0].pooled.contains(0) && results[0].pooled.allSatisfy { $0 >= 0 })
      for other in results.dropFirst() {
        #expect(results[0].pooled == other.pooled)
        #expect(results[0].parameters == other.parameters)
      }
    }
  }
}
