import DataSets
import LinearAlgebra
import NeuralNetwork

/// Loss and accuracy on images as they are, in evaluation mode.
final class Evaluation {
  private let assembler: BatchAssembler<Float>
  private let indices: [Int32]
  private let inputs: Matrix<Float>
  private let arena: Arena<Float>
  private let labels: UnsafeMutableBufferPointer<Int32>

  /// An evaluation on the first `count` images of `split`, `batchSize` at a time.
  init(split: ImageSplit, count: Int, batchSize: Int) {
    assembler = BatchAssembler(split: split)
    indices = (0..<Int32(count)).map { $0 }
    arena = Arena(capacity: Arena<Float>.footprint(rows: batchSize, columns: split.shape.count))
    inputs = arena.take(rows: batchSize, columns: split.shape.count)
    labels = .allocate(capacity: batchSize)
    labels.initialize(repeating: 0)
  }

  deinit { labels.deallocate() }

  /// Mean loss and the share of images classified rightly.
  func run(_ network: Network<Float>) -> (loss: Double, accuracy: Double) {
    var lossSum = 0.0
    var correct = 0
    indices.withUnsafeBufferPointer { indices in
      for first in stride(from: 0, to: indices.count, by: inputs.rows) {
        let size = min(inputs.rows, indices.count - first)
        let batch = inputs.prefix(rows: size)
        let batchLabels = UnsafeMutableBufferPointer(rebasing: labels[..<size])
        assembler.assemble(
          UnsafeBufferPointer(rebasing: indices[first..<first + size]), epoch: 0, position: first,
          into: batch, labels: batchLabels)
        let logits = network.forward(batch, in: StepContext(mode: .evaluation))
        let result = CrossEntropy.evaluate(
          logits: logits, labels: UnsafeBufferPointer(batchLabels), gradient: nil)
        lossSum += result.loss * Double(size)
        correct += result.correct
      }
    }
    return (lossSum / Double(indices.count), Double(correct) / Double(indices.count))
  }
}
