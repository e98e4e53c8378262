import Foundation
import LinearAlgebra
import NeuralNetwork

/// Our side: a network trained with Adam on one fixed batch.
final class TrainingBenchmark {
  let network: Network<Float>
  private let optimizer: Adam<Float>
  private let batch: Batch<Float>

  /// - Parameter samples: the values of the images, then a byte of label for each.
  init(_ network: Network<Float>, classes: Int, samples: Data, batchSize: Int, learningRate: Float) {
    self.network = network
    network.reserve(batchSize: batchSize, retainingGradients: false)
    network.initialize(seed: 0)
    optimizer = Adam(network, learningRate: learningRate)
    batch = Batch(
      capacity: batchSize, inputSize: (samples.count / batchSize - 1) / 4, classes: classes)
    samples.dropLast(batchSize).withUnsafeBytes { batch.inputs.copy(from: $0) }
    for (row, label) in samples.suffix(batchSize).enumerated() {
      batch.setLabel(Int32(label), ofSample: row)
    }
  }

  /// A batch of normal numbers and labels.
  static func randomBatch(size: Int, inputSize: Int, classes: Int) -> Data {
    var images = [Float](repeating: 0, count: size * inputSize)
    var stream = RandomStream(seed: 0, purpose: "benchmark")
    images.withUnsafeMutableBufferPointer { stream.fillNormal($0) }
    let labels = (0..<size).map { _ in UInt8(stream.integer(below: UInt32(min(classes, 256)))) }
    return images.withUnsafeBytes { Data($0) } + Data(labels)
  }

  /// The seconds that `steps` steps took, and the last loss.
  func train(steps: Int) -> (seconds: Double, loss: Double) {
    var loss = 0.0
    let seconds = stopwatch {
      for _ in 0..<steps {
        network.forward(batch, in: StepContext(mode: .training, step: optimizer.stepsTaken))
        loss = network.backward().loss
        optimizer.step()
      }
    }
    return (seconds, loss)
  }

  /// Answers on standard output what ``TrainingProcess`` asks on standard input.
  func serve() {
    let count = network.parameters.map(\.parameter.count).reduce(0, +)
    print("ready \(BLASKernel.version) channels-last \(count)")
    fflush(nil)
    while let line = readLine() {
      if line == "memory" {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        print("\(usage.ru_maxrss * 1_024) 0")
      } else {
        let answer = train(steps: Int(line) ?? 0)
        print("\(answer.seconds) \(answer.loss)")
      }
      fflush(nil)
    }
  }

  /// The rate of a large single-precision product, in operations a second.
  static func productRate() -> Double {
    let size = 1024
    let memory = Arena<Float>(capacity: 3 * size * size)
    let (a, b, c) = (
      memory.take(rows: size, columns: size), memory.take(rows: size, columns: size),
      memory.take(rows: size, columns: size)
    )
    let seconds = withExtendedLifetime(memory) {
      a.fill(with: 1)
      b.fill(with: 0.5)
      return stopwatch { for _ in 0..<4 { c.setProduct(of: a, and: b) } }
    }
    return 4 * 2 * Double(size) * Double(size) * Double(size) / seconds
  }
}
