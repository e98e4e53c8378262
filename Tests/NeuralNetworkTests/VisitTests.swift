import LinearAlgebra
import NeuralNetwork
import Testing

/// Outputs and gradients that a visitor sees as they come, against those that are retained.
@Suite struct VisitTests {
  enum Architecture: String, CaseIterable {
    case mlp, cnn, resnet, vit
  }

  private func specification(
    _ architecture: Architecture, _ normalization: Normalization
  ) -> any NetworkSpecification {
    switch architecture {
    case .mlp:
      MLPSpecification(
        inputSize: 192, hiddenSizes: [17, 12], classes: 4, normalization: normalization, dropout: 0.3)
    case .cnn:
      CNNSpecification(
        height: 8, width: 8, channels: [5, 16], hiddenSize: 11, classes: 4, normalization: normalization,
        dropout: 0.3)
    case .resnet:
      ResNetSpecification(
        height: 8, width: 8, baseChannels: 16, blocks: [2, 1], classes: 4, normalization: normalization,
        dropout: 0.3)
    case .vit:
      VisionTransformerSpecification(
        height: 8, width: 8, classes: 4, patch: 4, size: 24, depth: 2, heads: 3, headWidth: 8, hidden: 48,
        normalization: normalization, dropout: 0.3)
    }
  }

  /// Training asks for no gradients of images, and its parameters' gradients are the same without.
  @Test(arguments: Architecture.allCases)
  func whatNobodyLooksAtIsLeftOut(architecture: Architecture) {
    let batch = Batch<Float>(rows: 5, inputs: 192, classes: 4, seed: 2)
    let context = StepContext(mode: .training, seed: 3, step: 2)
    let gradients = [true, false].map { isWatched in
      let network = specification(architecture, .batch).makeNetwork(of: Float.self)
      network.reserve(batchSize: 5, retainingGradients: false)
      network.initialize(seed: 1)
      network.forward(batch, in: context)
      var layers = 0
      if isWatched { network.backward { _, _ in layers += 1 } } else { network.backward() }
      #expect(layers == (isWatched ? network.layers.count : 0))
      return Array(network.gradients.buffer)
    }
    #expect(gradients[0] == gradients[1] && gradients[0].contains { $0 != 0 })
  }

  @Test(arguments: Architecture.allCases, Normalization.allCases)
  func everyLayerIsSeenAsIfItWereRetained(architecture: Architecture, normalization: Normalization) {
    let specification = specification(architecture, normalization)
    let batch = Batch<Double>(rows: 5, inputs: 192, classes: 4, seed: 2)
    for mode in [StepContext.Mode.evaluation, .probing] {
      let context = StepContext(mode: mode, seed: 3, step: 2)
      let whole = specification.makeNetwork(of: Double.self)
      whole.reserve(batchSize: 5)
      whole.initialize(seed: 1)
      batch.gradients(of: whole, in: context)

      let shared = specification.makeNetwork(of: Double.self)
      #expect(
        shared.memoryNeeded(batchSize: 5, retaining: .outputs)
          < shared.memoryNeeded(batchSize: 5, retaining: .outputsAndGradients))
      shared.reserve(batchSize: 5, retaining: .outputs)
      shared.initialize(seed: 1)
      var visited: [Int] = []
      batch.gradients(of: shared, in: context) { layer, gradient in
        visited.append(layer)
        let name = "\(mode) \(whole.layers[layer].name)"
        #expect(relativeError(gradient, whole.outputGradient(of: layer)) < 1e-12, "\(name)")
        #expect(relativeError(shared.output(of: layer), whole.output(of: layer)) < 1e-12, "\(name)")
      }
      #expect(visited == Array(whole.layers.indices.reversed()))
      #expect(relativeError(shared.gradients, whole.gradients) < 1e-12)

      // Without the parameters' gradients nothing between the layers changes.
      var partial = context
      partial.needsParameterGradients = false
      batch.gradients(of: shared, in: partial) { layer, gradient in
        let name = "\(mode) \(whole.layers[layer].name)"
        #expect(relativeError(gradient, whole.outputGradient(of: layer)) < 1e-12, "\(name)")
      }
    }
  }

  @Test func memoryNeededIsWhatIsReserved() {
    let network = specification(.resnet, .batch).makeNetwork(of: Float.self)
    for retention in [Retention.nothing, .outputs, .outputsAndGradients] {
      let needed = network.memoryNeeded(batchSize: 3, retaining: retention)
      let larger = network.memoryNeeded(batchSize: 6, retaining: retention)
      #expect(needed > 0 && needed < larger && larger <= 2 * needed)
    }
    #expect(network.batchCapacity == 0)
  }
}
