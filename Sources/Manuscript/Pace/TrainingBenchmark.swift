import Foundation
import LinearAlgebra
import NeuralNetwork

/// A network trained on one fixed batch, as `train` does but for the choice of images.
public final class TrainingBenchmark {
  public let network: Network<Float>
  private let optimizer: any Optimizer<Float>
  private let loss: Loss
  private let batch: Batch<Float>

  /// - Parameter samples: the values of the images, then a byte of label for each.
  public init(_ kind: RunKind, samples: Data) throws {
    network = kind.network.makeNetwork(of: Float.self)
    network.initialize(seed: 0)
    optimizer = try kind.optimizer.makeOptimizer(for: network, of: kind.network, seed: 0)
    network.reserve(batchSize: kind.batchSize, retainingGradients: false)
    loss = kind.loss
    batch = Batch(capacity: kind.batchSize, inputSize: kind.image.count, classes: kind.classes)
    if kind.activeClasses < kind.classes {
      batch.activeClasses = (0..<Int32(kind.activeClasses)).map { $0 }
    }
    samples.dropLast(kind.batchSize).withUnsafeBytes { batch.inputs.copy(from: $0) }
    for (row, label) in samples.suffix(kind.batchSize).enumerated() {
      batch.setLabel(Int32(label), ofSample: row)
    }
  }

  /// The seconds that `steps` steps took, and the last loss.
  public func train(steps: Int) -> (seconds: Double, loss: Double) {
    var last = 0.0
    let time = ContinuousClock().measure {
      for _ in 0..<steps {
        last = pass()
        update()
      }
    }
    return (time / .seconds(1), last)
  }

  /// The first part of a step, forward and backward.
  ///
  /// - Returns: the loss.
  @discardableResult
  func pass() -> Double {
    network.forward(batch, in: StepContext(mode: .training, step: optimizer.stepsTaken))
    return network.backward(from: loss).loss
  }

  /// The second part, the optimiser's.
  func update() { optimizer.step() }

  /// Normal numbers for so many images, and labels below `classes`, as bytes.
  public static func randomSamples(count: Int, inputSize: Int, classes: Int) -> Data {
    var images = [Float](repeating: 0, count: count * inputSize)
    var stream = RandomStream(seed: 0, purpose: "benchmark")
    images.withUnsafeMutableBufferPointer { stream.fillNormal($0) }
    let labels = (0..<count).map { _ in UInt8(stream.integer(below: UInt32(min(classes, 256)))) }
    return images.withUnsafeBytes { Data($0) } + Data(labels)
  }
}

extension RunKind {
  /// A batch for it, as bytes: see ``TrainingBenchmark/randomSamples(count:inputSize:classes:)``.
  public var randomBatch: Data {
    TrainingBenchmark.randomSamples(count: batchSize, inputSize: image.count, classes: activeClasses)
  }
}
