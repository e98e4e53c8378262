import Foundation
import LinearAlgebra
import Manuscript
import NeuralNetwork
import PreparedImages

/// What training gives on some numbers of threads, of networks in which every loop is shared: the number of parameters
/// whose bits are others than on one thread, a line for each network.
func threadDifferences(threads: [Int]) throws -> [String] {
  let adam = OptimizerSpecification(AdamRule(learningRate: 1e-3))
  let noisy = OptimizerSpecification(
    SGDRule(learningRate: 1e-2, momentum: 0.9), remedies: [GradientNoiseRemedy(scale: 0.01, decay: 0.99)])
  let models: [(AnyModel, OptimizerSpecification)] = [
    (AnyModel(MLP(hiddenSizes: [1_200, 1_100], normalization: .batch, dropout: 0.1)), noisy),
    (AnyModel(MLP(hiddenSizes: [700], normalization: .layer)), adam),
    (AnyModel(CNN(channels: [32, 48, 64], hiddenSizes: [200])), adam),
    (AnyModel(CNN(channels: [24, 40], hiddenSizes: [100], normalization: .batch)), noisy),
    (
      AnyModel(ConvNet(channels: [32, 48, 64], hiddenSizes: [128], normalization: .layer, dropout: 0.1)), adam
    ),
    (AnyModel(ResNet(channels: [32], normalization: .batch)), noisy),
    (AnyModel(ResNet(channels: [16], blocks: [1, 1], normalization: .layer)), adam),
    (AnyModel(ResNet(channels: [32], blocks: [1, 1, 1], normalization: .none)), adam),
    (
      AnyModel(
        VisionTransformer(
          embeddingSize: 192, headWidth: 32, heads: 6, feedForwardSize: 384, depth: 2, patchSize: 4,
          dropout: 0.1)),
      noisy
    ),
  ]
  return try models.map { model, optimizer in
    let kind = RunKind(
      model: model, image: ImageShape(channels: 3, height: 32, width: 32), classes: 10, batchSize: 68,
      optimizer: optimizer)
    let one = try trained(kind, threads: 1)
    let differences = try threads.map { count in
      "\(zip(one, try trained(kind, threads: count)).count { $0.bitPattern != $1.bitPattern }) on \(count)"
    }
    return "\(kind.networkInWords): \(one.count) parameters, different \(differences.joined(separator: ", "))"
  }
}

/// The parameters after some steps on a number of threads.
private func trained(_ kind: RunKind, threads: Int) throws -> [Float] {
  ThreadTeam.use(threads)
  let benchmark = try TrainingBenchmark(kind, samples: kind.randomBatch)
  _ = benchmark.train(steps: 3)
  return Array(benchmark.network.values.buffer)
}
