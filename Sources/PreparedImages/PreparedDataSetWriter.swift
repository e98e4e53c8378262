/// Writes the prepared form of a data set: images in any order, then labels and `dataset.json`.
package final class PreparedDataSetWriter {
  package let folder: String
  /// Of the images as they come; what is written is downsampled.
  package let shape: ImageShape
  package let writtenShape: ImageShape
  package let trainingCount: Int
  package let validationCount: Int
  private let classCount: Int
  private let downsampling: Downsampling
  private let images: OutputFile
  private var labels: [UInt16]

  /// - Throws: ``DataSetError`` if the images cannot be downsampled so, or the file cannot be made.
  package init(
    folder: String, shape: ImageShape, classCount: Int, trainingCount: Int, validationCount: Int,
    downsampling: Downsampling = Downsampling(factor: 1)
  ) throws {
    guard let writtenShape = downsampling.result(of: shape) else {
      throw ImageFileError.cannotDownsample(
        height: shape.height, width: shape.width, factor: downsampling.factor)
    }
    self.folder = folder
    self.shape = shape
    self.writtenShape = writtenShape
    self.downsampling = downsampling
    self.classCount = classCount
    self.trainingCount = trainingCount
    self.validationCount = validationCount
    images = try OutputFile(join(folder, PreparedDataSet.imagesFile))
    labels = [UInt16](repeating: 0, count: trainingCount + validationCount)
  }

  /// Sets the label of an image; validation images follow the training images.
  package func setLabel(_ label: Int, of image: Int) {
    precondition(label < classCount)
    labels[image] = UInt16(label)
  }

  /// Writes whole images, channel by channel, starting with image number `first`.
  package func write(images bytes: UnsafeRawBufferPointer, at first: Int) throws {
    precondition(bytes.count % shape.count == 0 && first + bytes.count / shape.count <= labels.count)
    guard downsampling.factor > 1 else { return try images.write(bytes, at: first * shape.count) }
    let reduced = UnsafeMutableRawBufferPointer.allocate(
      byteCount: bytes.count / shape.count * writtenShape.count, alignment: 64)
    defer { reduced.deallocate() }
    downsampling.reduce(bytes, of: shape, into: reduced)
    try images.write(UnsafeRawBufferPointer(reduced), at: first * writtenShape.count)
  }

  /// Writes labels and `dataset.json`, which makes the folder a prepared data set.
  ///
  /// - Parameters:
  ///   - title: of the official set; the written one says what became of it.
  ///   - mean: of each channel, pixels in 0...1.
  ///   - standardDeviation: likewise.
  package func finish(
    name: String, title officialTitle: String, mean: [Double], standardDeviation: [Double], synthetic: Bool,
    classNames: [String], sourceDigest: String
  ) throws {
    precondition(classNames.count == classCount, "a name for every class")
    var labelBytes: [UInt8] = []
    labelBytes.reserveCapacity(labels.count * 2)
    for label in labels {
      labelBytes.append(UInt8(truncatingIfNeeded: label))
      if PreparedDataSetManifest.labelBytes(classCount: classCount) == 2 {
        labelBytes.append(UInt8(label >> 8))
      }
    }
    let labelsPath = join(folder, PreparedDataSet.labelsFile)
    let file = try OutputFile(labelsPath)
    try labelBytes.withUnsafeBytes { try file.write($0, at: 0) }
    let digest = try PreparedDataSet.contentDigest(folder: folder)
    let title = PreparedDataSetManifest.title(
      official: officialTitle, synthetic: synthetic, shape: writtenShape, downsampling: downsampling)
    try PreparedDataSetManifest(
      name: name, title: title, synthetic: synthetic, trainingCount: trainingCount,
      validationCount: validationCount, shape: writtenShape, classNames: classNames, mean: mean,
      standardDeviation: standardDeviation, sourceDigest: sourceDigest, contentDigest: digest
    ).write(join(folder, PreparedDataSet.manifestFile))
  }
}
