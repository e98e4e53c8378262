import LinearAlgebra
import NeuralNetwork

@testable import ImageBatches
@testable import ImageSources
@testable import PreparedImages

/// A prepared data set of given images, all of them for training.
func handmade(
  shape: ImageShape, images: [[UInt8]], labels: [Int], classCount: Int = 10, in folder: String
) throws -> PreparedDataSet {
  let folder = try makeFolder(join(folder, "handmade"))
  let writer = try PreparedDataSetWriter(
    folder: folder, shape: shape, classCount: classCount, trainingCount: images.count, validationCount: 0)
  for (number, image) in images.enumerated() {
    writer.setLabel(labels[number], of: number)
    try image.withUnsafeBytes { try writer.write(images: $0, at: number) }
  }
  try writer.finish(
    name: "cifar-10", title: "CIFAR-10", mean: DataSetDescription.cifar10.mean,
    standardDeviation: DataSetDescription.cifar10.standardDeviation, synthetic: false,
    classNames: (0..<classCount).map { "class \($0)" },
    sourceDigest: "none")
  return try PreparedDataSet(folder: folder)
}

/// Images of random bytes.
func randomImages(_ count: Int, shape: ImageShape, in folder: String) throws -> PreparedDataSet {
  var stream = RandomStream(seed: 5, purpose: "random images")
  let images = (0..<count).map { _ in
    (0..<shape.count).map { _ in UInt8(truncatingIfNeeded: stream.nextWord()) }
  }
  return try handmade(shape: shape, images: images, labels: (0..<count).map { $0 % 10 }, in: folder)
}

/// What an assembler fills, as arrays.
struct AssembledBatch<Scalar: Real>: Equatable {
  var rows: [[Scalar]]
  var labels: [Int32]

  init(_ batch: Batch<Scalar>) {
    rows = (0..<batch.count).map { batch.inputs.withRow($0) { Array($0) } }
    labels = Array(batch.labels)
  }
}

extension BatchAssembler {
  /// One batch of the given images.
  func batch(_ images: [Int32], epoch: Int = 0, position: Int = 0) -> AssembledBatch<Scalar> {
    let batch = Batch<Scalar>(capacity: images.count, inputSize: split.shape.count, classes: split.classCount)
    assemble(images[...], epoch: epoch, position: position, into: batch)
    return AssembledBatch(batch)
  }
}

/// The value that a chi-square statistic exceeds once in a thousand times (Wilson and Hilferty 1931).
func chiSquareLimit(freedom: Int) -> Double {
  let share = 2 / (9 * Double(freedom))
  let root = 1 - share + 3.09 * share.squareRoot()
  return Double(freedom) * root * root * root
}

/// Pearson's statistic of counts that are all expected to be equal.
func chiSquare(_ counts: [Int]) -> Double {
  let expected = Double(counts.reduce(0, +)) / Double(counts.count)
  return counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
}
