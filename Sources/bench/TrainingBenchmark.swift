import Foundation
import LinearAlgebra
import NeuralNetwork

/// Our side: a network trained with Adam on one fixed batch.
final class TrainingBenchmark {
  let network: Network<Float>
  private let optimizer: Adam<Float>
  private let labels: [Int32]
  private let memory: Arena<Float>
  private let images: Matrix<Float>
  private let gradient: Matrix<Float>

  /// - Parameter batch: the values of the images, then a byte of label for each.
  init(_ network: Network<Float>, classes: Int, batch: Data, batchSize: Int, learningRate: Float) {
    self.network = network
    network.reserve(batchSize: batchSize, retainingGradients: false)
    network.initialize(seed: 0)
    optimizer = Adam(network, learningRate: learningRate)
    let inputSize = (batch.count / batchSize - 1) / 4
    memory = Arena(
      capacity: Arena<Float>.footprint(rows: batchSize, columns: inputSize)
        + Arena<Float>.footprint(rows: batchSize, columns: classes))
    images = memory.take(rows: batchSize, columns: inputSize)
    gradient = memory.take(rows: batchSize, columns: classes)
    _ = batch.copyBytes(to: images.buffer)
    labels = batch.suffix(batchSize).map { Int32($0) }
  }

  /// A batch of normal numbers and labels.
  static func randomBatch(size: Int, inputSize: Int, classes: Int) -> Data {
    let memory = Arena<Float>(capacity: Arena<Float>.footprint(rows: size, columns: inputSize))
    let images = memory.take(rows: size, columns: inputSize)
    var stream = RandomStream(seed: 0, purpose: "benchmark")
    stream.fillNormal(images.buffer)
    let labels = (0..<size).map { _ in UInt8(stream.integer(below: UInt32(min(classes, 256)))) }
    return Data(UnsafeRawBufferPointer(images.buffer)) + Data(labels)
  }

  /// The seconds that `steps` steps took, and the last loss.
  func train(steps: Int) -> (seconds: Double, loss: Double) {
    var loss = 0.0
    let seconds = stopwatch {
      labels.withUnsafeBufferPointer { labels in
        for _ in 0..<steps {
          let logits = network.forward(images, in: StepContext(mode: .training, step: optimizer.stepsTaken))
          loss = CrossEntropy.evaluate(logits: logits, labels: labels, gradient: gradient).loss
          network.backward(gradient)
          optimizer.step()
        }
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
    a.fill(with: 1)
    b.fill(with: 0.5)
    let seconds = stopwatch { for _ in 0..<4 { c.setProduct(of: a, and: b) } }
    return 4 * 2 * Double(size) * Double(size) * Double(size) / seconds
  }
}
