import ImageBatches
import LinearAlgebra
import NeuralNetwork
import Plasticity
import PreparedImages

/// Proves a clone before it is trained: on a few images, in double precision, the paper's conditions MC1 to MC3
/// have to hold for every layer (`CloningCertificate`), or the run would say nothing about clones. Of a model that is
/// not cloned exactly (`attentionCloning: "released"`) only that copies are equal and receive equal errors and
/// gradients, not that they compute what the base computes.
struct CloneCertification {
  /// Images of the batch.
  private static let images = 8
  /// In double precision what holds exactly holds to far less than this.
  private static let tolerance = 1e-7

  let model: AnyModel
  var loss = Loss.crossEntropy
  let factor: Int
  let dataSet: PreparedDataSet

  /// - Parameter start: holds the base's parameters, of the model narrowed by the factor.
  /// - Throws: ``TrainingError/notAClone(reason:)`` naming the layer, `CloningError` for shapes that do not fit, what
  ///   loading throws.
  func check(_ start: Snapshot) throws {
    // Copies draw masks of their own, so with dropout at work no network is a clone.
    var still = model
    still.dropout = 0
    guard let narrow = still.narrowed(by: factor) else { return }
    let base = narrow.makeNetwork(of: Double.self, shape: dataSet.shape, classes: dataSet.classCount)
    try base.load(start)
    let clone = try cloned(
      base, specification: narrow.network(for: dataSet.shape, classes: dataSet.classCount), factor: factor)
    pass([base, clone])
    let certificate = try CloningCertificate(of: clone, clonedFrom: base, score: Self.agreement)
    // What a model does not promise is not asked for: its clone's copies stay copies, if of another network.
    let promised = certificate.failures(tolerance: Self.tolerance).filter {
      model.model.isClonedExactly || ![.activationsOfBase, .errorsOfBase].contains($0.condition)
    }
    if let failure = promised.first {
      throw TrainingError.notAClone(reason: failure.description)
    }
  }

  /// Forward and backward on the first images, with batch statistics that leave the running ones alone. The networks
  /// keep the batch.
  private func pass(_ networks: [Network<Double>]) {
    let count = min(Self.images, dataSet.training.count)
    let batch = Batch<Double>(
      capacity: count, inputSize: dataSet.shape.count, classes: dataSet.classCount)
    BatchAssembler(split: dataSet.training)
      .assemble((0..<Int32(count)).map { $0 }[...], epoch: 0, position: 0, into: batch)
    for network in networks {
      network.reserve(batchSize: count)
      network.forward(batch, in: StepContext(mode: .probing))
      network.backward(from: loss)
    }
  }

  /// One minus the largest difference between copies, over the largest value.
  private static func agreement(_ values: Matrix<Double>, _ factor: Int) -> Double {
    var largest = 0.0
    var difference = 0.0
    for row in 0..<values.rows {
      for column in 0..<values.columns {
        largest = max(largest, abs(values[row, column]))
        difference = max(difference, abs(values[row, column] - values[row, column / factor * factor]))
      }
    }
    return largest > 0 ? 1 - difference / largest : 1
  }
}
