import Foundation
import LinearAlgebra
import NeuralNetwork

/// Our side: the paper's MLP with batch normalisation, trained with Adam on one fixed random batch.
struct TrainingBenchmark {
  static let batchSize = 128
  let specification: MLPSpecification
  let network: Network<Float>
  let optimizer: Adam<Float>
  let labels: [Int32]
  private let memory: Arena<Float>
  private let images: Matrix<Float>
  private let gradient: Matrix<Float>

  init(inputSize: Int = 3072, width: Int = 128) {
    let batch = Self.batchSize
    specification = MLPSpecification(
      inputSize: inputSize, hiddenSizes: Array(repeating: width, count: 5), classes: 10, normalization: .batch
    )
    network = specification.makeNetwork(of: Float.self)
    network.reserve(batchSize: batch)
    network.initialize(seed: 0)
    optimizer = Adam(network)
    memory = Arena(
      capacity: Arena<Float>.footprint(rows: batch, columns: specification.inputSize)
        + Arena<Float>.footprint(rows: batch, columns: specification.classes))
    images = memory.take(rows: batch, columns: specification.inputSize)
    gradient = memory.take(rows: batch, columns: specification.classes)
    var stream = RandomStream(seed: 0, purpose: "benchmark")
    stream.fillNormal(images.buffer)
    labels = (0..<batch).map { _ in Int32(stream.integer(below: 10)) }
  }

  /// The batch as the Python side reads it: floats, then labels.
  var batchFile: Data { Data(UnsafeRawBufferPointer(images.buffer)) + Data(labels.map { UInt8($0) }) }

  /// Floating-point operations of the products of one step.
  var operations: Double {
    let widths = [specification.inputSize] + specification.hiddenSizes + [specification.classes]
    let products = zip(widths, widths.dropFirst()).map { Double($0 * $1) }
    return 2 * Double(Self.batchSize) * (3 * products.reduce(0, +) - products[0])
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

  /// The time to draw one normal number, as gradient noise does for a million parameters.
  static func secondsPerNormalNumber() -> Double {
    let count = 1_050_000
    let memory = Arena<Float>(capacity: count)
    let numbers = memory.take(rows: 1, columns: count)
    var stream = RandomStream(seed: 0, purpose: "benchmark")
    stream.fillNormal(numbers.buffer)
    return stopwatch { for _ in 0..<5 { stream.fillNormal(numbers.buffer) } } / Double(5 * count)
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

/// The seconds that `work` takes.
func stopwatch(_ work: () -> Void) -> Double {
  let clock = ContinuousClock()
  return clock.measure(work) / .seconds(1)
}
