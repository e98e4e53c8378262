import LinearAlgebra
import NeuralNetwork
import Testing

/// That any number of threads gives the same bits is shown at full speed, of networks in which every loop is shared, by an
/// end-to-end test; here of small ones, with all checks of a debug build.
@Suite(.serialized)
struct ThreadTests {
  static let models: [AnyModel] = [
    AnyModel(CNN(channels: [16, 16], hiddenSizes: [32], normalization: .none)),
    AnyModel(ResNet(channels: [16], blocks: [1, 1], normalization: .batch)),
    AnyModel(ResNet(channels: [16], blocks: [1], normalization: .layer)),
    AnyModel(
      VisionTransformer(
        embeddingSize: 32, headWidth: 16, heads: 2, feedForwardSize: 64, depth: 1, patchSize: 4, dropout: 0.1)
    ),
  ]

  @Test(arguments: models)
  func anyNumberOfThreadsGivesTheSameBits(model: AnyModel) throws {
    let one = try trained(model, threads: 1)
    let areFinite = one.allSatisfy { $0.isFinite }
    #expect(areFinite)
    #expect(try trained(model, threads: 3) == one)
  }

  /// A process that has fewer cores after a while goes on to the same bits.
  @Test func threadsMayComeAndGo() throws {
    let one = try trained(Self.models[1], threads: 1)
    let changing = try trained(Self.models[1], threads: 4) { step in ThreadTeam.limit(to: 1 + step % 4) }
    #expect(changing == one)
  }

  /// Parameters and running statistics after some steps on a batch, the last of which is on a part of it.
  private func trained(
    _ model: AnyModel, threads: Int, before: (Int) -> Void = { _ in }
  ) throws -> [Float] {
    ThreadTeam.use(threads)
    defer { ThreadTeam.use(1) }
    let input = InputShape(channels: 3, height: 8, width: 8)
    let shape = model.network(for: input, classes: 10)
    let network = shape.makeNetwork(of: Float.self)
    network.initialize(seed: 3)
    let optimizer = try OptimizerSpecification(AdamRule(learningRate: 1e-3))
      .makeOptimizer(for: network, of: shape, seed: 3)
    network.reserve(batchSize: 40, retainingGradients: false)
    let batch = Batch<Float>(rows: 40, inputs: input.count, classes: 10, seed: 4)
    for step in 0..<3 {
      before(step)
      if step == 2 { batch.count = 33 }
      network.forward(batch, in: StepContext(mode: .training, seed: 5, step: UInt64(step)))
      network.backward()
      optimizer.step()
    }
    return Array(network.values.buffer) + network.buffers.flatMap { Array($0.parameter.value.buffer) }
  }
}
