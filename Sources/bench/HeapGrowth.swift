import LinearAlgebra
import Manuscript
import NeuralNetwork
import PreparedImages

/// What fifty warm steps of each kind of network leave on the heap, in bytes, if nothing else runs in the process.
func heapGrowth() throws -> Int {
  let models: [AnyModel] = [
    AnyModel(MLP(hiddenSizes: [24, 24], normalization: .batch)),
    AnyModel(CNN(channels: [8, 8, 8], hiddenSizes: [24], normalization: .batch)),
    AnyModel(ResNet(channels: [8])),
    AnyModel(
      VisionTransformer(
        embeddingSize: 24, headWidth: 8, heads: 3, feedForwardSize: 48, depth: 2, patchSize: 4)),
  ]
  let benchmarks = try models.map { model in
    let kind = RunKind(
      model: model, image: ImageShape(channels: 3, height: 8, width: 8), classes: 10, batchSize: 16,
      optimizer: OptimizerSpecification(AdamRule(learningRate: 1e-3)))
    return try TrainingBenchmark(kind, samples: kind.randomBatch)
  }
  for benchmark in benchmarks { _ = benchmark.train(steps: 3) }
  let before = Heap.bytesInUse
  for benchmark in benchmarks { _ = benchmark.train(steps: 50) }
  // What is done with is freed early otherwise.
  return withExtendedLifetime(benchmarks) { Heap.bytesInUse - before }
}
