import ImageBatches
import LinearAlgebra
import NeuralNetwork
import PreparedImages

/// Loss and accuracy on images as they are, in evaluation mode.
final class Evaluation {
  private let assembler: BatchAssembler<Float>
  private let inputs: Matrix<Float>
  private let arena: Arena<Float>
  private let labels: UnsafeMutableBufferPointer<Int32>
  private let loss: Loss

  /// An evaluation on images of `split`, `batchSize` at a time.
  init(split: ImageSplit, batchSize: Int, loss: Loss) {
    self.loss = loss
    assembler = BatchAssembler(split: split)
    arena = Arena(capacity: Arena<Float>.footprint(rows: batchSize, columns: split.shape.count))
    inputs = arena.take(rows: batchSize, columns: split.shape.count)
    labels = .allocate(capacity: batchSize)
    labels.initialize(repeating: 0)
  }

  deinit { labels.deallocate() }

  /// Mean loss and the share of images classified rightly, both over the active classes, on the lesson's validation
  /// images.
  func run(_ network: Network<Float>, on lesson: Curriculum.Lesson) -> (loss: Double, accuracy: Double) {
    var lossSum = 0.0
    var correct = 0
    lesson.validation.withUnsafeBufferPointer { indices in
      for first in stride(from: 0, to: indices.count, by: inputs.rows) {
        let size = min(inputs.rows, indices.count - first)
        let batch = inputs.prefix(rows: size)
        let batchLabels = UnsafeMutableBufferPointer(rebasing: labels[..<size])
        assembler.assemble(
          UnsafeBufferPointer(rebasing: indices[first..<first + size]), epoch: 0, position: first,
          into: batch, labels: batchLabels)
        let logits = network.forward(batch, in: StepContext(mode: .evaluation))
        let result = lesson.evaluate(
          logits: logits, labels: UnsafeBufferPointer(batchLabels), loss: loss, gradient: nil)
        lossSum += result.loss * Double(size)
        correct += result.correct
      }
    }
    let images = Double(lesson.validation.count)
    return (lossSum / images, Double(correct) / images)
  }
}

extension Curriculum.Lesson {
  /// The loss of logits over the active classes, hits among them, hits among all classes, and the gradient.
  func evaluate(
    logits: Matrix<Float>, labels: UnsafeBufferPointer<Int32>, loss: Loss, gradient: Matrix<Float>?
  ) -> (loss: Double, correct: Int, correctOfAll: Int) {
    loss.evaluate(outputs: logits, labels: labels, among: classes, gradient: gradient)
  }
}
