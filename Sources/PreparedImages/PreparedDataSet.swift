import Foundation

/// A data set in the one binary form that training and measuring read, mapped into memory.
public final class PreparedDataSet: Sendable {
  package static let imagesFile = "images.bin"
  package static let labelsFile = "labels.bin"
  package static let manifestFile = "dataset.json"

  public let manifest: PreparedDataSetManifest
  public let training: ImageSplit
  public let validation: ImageSplit
  private let folder: String

  public var shape: ImageShape { manifest.shape }
  public var channels: Int { shape.channels }
  public var height: Int { shape.height }
  public var width: Int { shape.width }
  public var classCount: Int { manifest.classNames.count }

  /// Opens a folder that ``DataSetSource/prepare(into:progress:)`` has written.
  ///
  /// Sizes and labels are checked against `dataset.json`; digests are not (see ``verify()``).
  ///
  /// - Throws: ``DataSetError`` naming file and field.
  public init(folder: String) throws {
    self.folder = folder
    let manifest = try PreparedDataSetManifest.read(join(folder, Self.manifestFile))
    self.manifest = manifest
    let count = manifest.trainingCount + manifest.validationCount
    let images = try Self.open(folder, Self.imagesFile, byteCount: count * manifest.shape.count)
    let labels = try Self.labels(folder, manifest)
    let pixels = MappedFile(try images.map())
    training = ImageSplit(pixels: pixels, manifest: manifest, labels: labels, 0..<manifest.trainingCount)
    validation = ImageSplit(
      pixels: pixels, manifest: manifest, labels: labels, manifest.trainingCount..<count)
  }

  /// Reads everything and compares with the digest in `dataset.json`.
  ///
  /// - Throws: ``ImageFileError/wrongDigest(folder:expected:found:)``.
  public func verify() throws {
    let found = try Self.contentDigest(folder: folder)
    guard found == manifest.contentDigest else {
      throw ImageFileError.wrongDigest(folder: folder, expected: manifest.contentDigest, found: found)
    }
  }

  package static func contentDigest(folder: String) throws -> String {
    let digest = try MessageDigest(.sha256)
    try digest.update(fileAt: join(folder, imagesFile))
    try digest.update(fileAt: join(folder, labelsFile))
    return digest.finish()
  }

  private static func open(_ folder: String, _ name: String, byteCount: Int) throws -> InputFile {
    let file = try InputFile(join(folder, name))
    guard file.byteCount == byteCount else {
      throw ImageFileError.truncated(file: file.path, expected: byteCount, found: file.byteCount)
    }
    return file
  }

  private static func labels(_ folder: String, _ manifest: PreparedDataSetManifest) throws -> [Int32] {
    let count = manifest.trainingCount + manifest.validationCount
    let width = manifest.labelBytes
    let file = try open(folder, labelsFile, byteCount: count * width)
    let bytes = try file.readAll()
    let classCount = manifest.classNames.count
    return try (0..<count).map { image in
      let label = width == 1 ? Int(bytes[image]) : Int(bytes[2 * image]) | Int(bytes[2 * image + 1]) << 8
      guard label < classCount else {
        throw ImageFileError.labelOutOfRange(
          file: file.path, record: image, label: label, classCount: classCount)
      }
      return Int32(label)
    }
  }
}

/// Read-only memory of a file, unmapped with the object.
final class MappedFile: @unchecked Sendable {  // the memory is never written
  let bytes: UnsafeRawBufferPointer?

  init(_ bytes: UnsafeRawBufferPointer?) {
    self.bytes = bytes
  }

  /// Gives up the memory that pages read so far take in this process; the next access maps them again.
  func letGo() {
    guard let bytes, let base = bytes.baseAddress else { return }
    madvise(UnsafeMutableRawPointer(mutating: base), bytes.count, MADV_DONTNEED)
  }

  deinit {
    if let bytes, let base = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: base), bytes.count)
    }
  }
}
