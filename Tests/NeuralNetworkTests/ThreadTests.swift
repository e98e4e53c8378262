import LinearAlgebra
import NeuralNetwork
import Testing

/// Networks so large that all of their loops are shared among threads.
@Suite(.serialized)
struct ThreadTests {
  static let models: [AnyModel] = [
    AnyModel(MLP(hiddenSizes: [700, 600], normalization: .batch, dropout: 0.1)),
    AnyModel(MLP(hiddenSizes: [700], normalization: .layer, activation: .gelu)),
    AnyModel(CNN(channels: [32, 48], hiddenSizes: [100], normalization: .none)),
    AnyModel(CNN(channels: [24, 40], hiddenSizes: [100], normalization: .batch)),
    AnyModel(ConvNet(channels: [32, 48, 64], hiddenSizes: [128], normalization: .layer, dropout: 0.1)),
    AnyModel(ResNet(channels: [32], blocks: [1, 1, 1], normalization: .batch)),
    AnyModel(ResNet(channels: [16], blocks: [1, 1], normalization: .layer)),
    AnyModel(ResNet(channels: [32], blocks: [1, 1, 1], normalization: .none)),
    AnyModel(
      VisionTransformer(
        embeddingSize: 96, headWidth: 32, heads: 3, feedForwardSize: 192, depth: 2, patchSize: 4, dropout: 0.1
      )),
  ]
  static let optimizers: [OptimizerSpecification] = [
    OptimizerSpecification(AdamRule(learningRate: 1e-3)),
    OptimizerSpecification(
      SGDRule(learningRate: 1e-2, momentum: 0.9), remedies: [GradientNoiseRemedy(scale: 0.01, decay: 0.99)]),
  ]

  @Test(arguments: models, optimizers)
  func anyNumberOfThreadsGivesTheSameBits(model: AnyModel, optimizer: OptimizerSpecification) throws {
    let one = try trained(model, optimizer, threads: 1)
    let areFinite = one.allSatisfy { $0.isFinite }
    #expect(areFinite)
    for threads in [2, 3, 8] { #expect(try trained(model, optimizer, threads: threads) == one) }
  }

  /// A process that has fewer cores after a while goes on to the same bits.
  @Test func threadsMayComeAndGo() throws {
    let (model, optimizer) = (Self.models[5], Self.optimizers[0])
    let one = try trained(model, optimizer, threads: 1)
    let changing = try trained(model, optimizer, threads: 4) { step in ThreadTeam.limit(to: 1 + step % 4) }
    #expect(changing == one)
  }

  /// Parameters and running statistics after some steps on a batch, the last of which are on a part of it.
  private func trained(
    _ model: AnyModel, _ specification: OptimizerSpecification, threads: Int, before: (Int) -> Void = { _ in }
  ) throws -> [Float] {
    ThreadTeam.use(threads)
    defer { ThreadTeam.use(1) }
    let input = InputShape(channels: 3, height: 16, width: 16)
    let shape = model.network(for: input, classes: 10)
    let network = shape.makeNetwork(of: Float.self)
    network.initialize(seed: 3)
    let optimizer = try specification.makeOptimizer(for: network, of: shape, seed: 3)
    network.reserve(batchSize: 72, retainingGradients: false)
    let batch = Batch<Float>(rows: 72, inputs: input.count, classes: 10, seed: 4)
    for step in 0..<3 {
      before(step)
      if step == 2 { batch.count = 53 }
      network.forward(batch, in: StepContext(mode: .training, seed: 5, step: UInt64(step)))
      network.backward()
      optimizer.step()
    }
    return Array(network.values.buffer) + network.buffers.flatMap { Array($0.parameter.value.buffer) }
  }
}
