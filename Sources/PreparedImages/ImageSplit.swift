/// The training or the validation images of a prepared data set.
public struct ImageSplit: Sendable {
  public let count: Int
  public let shape: ImageShape
  public let classCount: Int
  /// The class of every image.
  public let labels: [Int32]
  /// Mean of each channel, pixels in 0...1.
  public let mean: [Double]
  /// Standard deviation of each channel, pixels in 0...1.
  public let standardDeviation: [Double]
  private let file: MappedFile
  private let firstByte: Int

  init(pixels: MappedFile, manifest: PreparedDataSetManifest, labels: [Int32], _ range: Range<Int>) {
    file = pixels
    firstByte = range.lowerBound * manifest.shape.count
    count = range.count
    shape = manifest.shape
    classCount = manifest.classNames.count
    self.labels = Array(labels[range])
    mean = manifest.mean
    standardDeviation = manifest.standardDeviation
  }

  /// The pixels of an image, `channels` × `height` × `width` bytes, valid as long as the split or its data set
  /// lives. Precondition: `image` is in `0 ..< count`.
  public func pixels(of image: Int) -> UnsafePointer<UInt8> {
    precondition(image >= 0 && image < count, "no such image")
    guard let base = file.bytes?.baseAddress else { preconditionFailure("a split with images has memory") }
    return (base + firstByte + image * shape.count).assumingMemoryBound(to: UInt8.self)
  }

  /// Gives up the memory that images read so far take in this process, which otherwise grows to that of the whole
  /// set. They can be read again.
  public func letGo() { file.letGo() }

  /// The images of the given classes, in their order in the split.
  public func images(ofClasses classes: Set<Int32>) -> [Int32] {
    // A table, because a set would digest every label.
    let isWanted = (0..<Int32(classCount)).map(classes.contains)
    return labels.indices.lazy.filter { isWanted[Int(labels[$0])] }.map(Int32.init)
  }
}
