import ImageBatches
import LinearAlgebra
import NeuralNetwork
import PreparedImages

/// Loss and accuracy on images as they are, in evaluation mode.
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

  /// Mean loss and the share of images classified rightly, both over the active classes, on the lesson's validation
  /// images.
  func run(_ network: Network<Float>, on lesson: Curriculum.Lesson) -> (loss: Double, accuracy: Double) {
    var lossSum = 0.0
    var correct = 0
    batch.activeClasses = lesson.classes
    for first in stride(from: 0, to: lesson.validation.count, by: batch.capacity) {
      let size = min(batch.capacity, lesson.validation.count - first)
      assembler.assemble(lesson.validation[first..<first + size], epoch: 0, position: first, into: batch)
      network.forward(batch, in: StepContext(mode: .evaluation))
      let score = network.score(loss)
      lossSum += score.loss * Double(size)
      correct += score.correct
    }
    let images = Double(lesson.validation.count)
    return (lossSum / images, Double(correct) / images)
  }
}
