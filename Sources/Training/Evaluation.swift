import ImageBatches
import LinearAlgebra
import NeuralNetwork
import PreparedImages

/// Loss and accuracy on images of a split as they are, in evaluation mode.
final class Evaluation {
  private let assembler: BatchAssembler<Float>
  private let batch: Batch<Float>
  private let loss: Loss

  /// An evaluation on images of `split`, `batchSize` at a time.
  init(split: ImageSplit, batchSize: Int, loss: Loss) {
    self.loss = loss
    assembler = BatchAssembler(split: split)
    batch = Batch(capacity: batchSize, inputSize: split.shape.count, classes: split.classCount)
  }

  /// Mean loss and the share of images classified rightly, both over the active classes.
  ///
  /// - Parameter images: indices into the split.
  func run(
    _ network: Network<Float>, on images: [Int32], classes: [Int32]?
  ) -> (loss: Double, accuracy: Double) {
    var lossSum = 0.0
    var correct = 0
    batch.activeClasses = classes
    for first in stride(from: 0, to: images.count, by: batch.capacity) {
      let size = min(batch.capacity, images.count - first)
      assembler.assemble(images[first..<first + size], epoch: 0, position: first, into: batch)
      network.forward(batch, in: StepContext(mode: .evaluation))
      let score = network.score(loss)
      lossSum += score.loss * Double(size)
      correct += score.correct
    }
    let count = Double(images.count)
    return (lossSum / count, Double(correct) / count)
  }
}
