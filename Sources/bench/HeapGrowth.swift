import LinearAlgebra
import NeuralNetwork

/// What fifty warm steps of each kind of network leave on the heap, in bytes, if nothing else runs in the process.
func heapGrowth() -> Int {
  let networks: [Network<Float>] = [
    MLPSpecification(inputSize: 48, hiddenSizes: [24, 24], classes: 10, normalization: .batch)
      .makeNetwork(of: Float.self),
    CNNSpecification(
      height: 8, width: 8, channels: [8, 8, 8], hiddenSize: 24, classes: 10, normalization: .batch
    )
    .makeNetwork(of: Float.self),
    ResNetSpecification(height: 8, width: 8, baseChannels: 8, classes: 10).makeNetwork(of: Float.self),
    VisionTransformerSpecification(
      height: 8, width: 8, classes: 10, patch: 4, size: 24, depth: 2, heads: 3, headWidth: 8, hidden: 48
    ).makeNetwork(of: Float.self),
  ]
  let benchmarks = networks.enumerated().map { index, network in
    TrainingBenchmark(
      network, classes: 10,
      samples: TrainingBenchmark.randomBatch(size: 16, inputSize: index == 0 ? 48 : 192, classes: 10),
      batchSize: 16, learningRate: 1e-3)
  }
  for benchmark in benchmarks { _ = benchmark.train(steps: 3) }
  let before = Heap.bytesInUse
  for benchmark in benchmarks { _ = benchmark.train(steps: 50) }
  // What is done with is freed early otherwise.
  return withExtendedLifetime(benchmarks) { Heap.bytesInUse - before }
}
