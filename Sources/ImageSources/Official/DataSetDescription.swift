import PreparedImages

/// An archive as its authors publish it.
public struct OfficialArchive: Hashable, Sendable {
  public let fileName: String
  /// The address of the folder that holds the archive, without the file name.
  public let baseAddress: String
  /// The published checksum, lowercase hexadecimal.
  public let md5: String
  /// The size where it is known.
  public let byteCount: Int?

  public init(fileName: String, baseAddress: String, md5: String, byteCount: Int?) {
    self.fileName = fileName
    self.baseAddress = baseAddress
    self.md5 = md5
    self.byteCount = byteCount
  }
}

/// What is fixed about a data set: where its official files are, how they are read and how the images are
/// normalised and augmented.
public struct DataSetDescription: Sendable {
  /// The name in specifications: `cifar-10`.
  public let name: String
  /// The name in figures: `CIFAR-10`.
  public let title: String
  public let shape: ImageShape
  public let classCount: Int
  /// Images of the official splits, which the synthetic stand-in repeats.
  public let trainingCount: Int
  public let validationCount: Int
  /// Mean of each channel, pixels in 0...1.
  public let mean: [Double]
  /// Standard deviation of each channel, pixels in 0...1.
  public let standardDeviation: [Double]
  /// The official folder's name.
  public let folder: String
  public let archive: OfficialArchive
  let format: any DataSetFormat

  /// The registry: every data set, a line each.
  public static let all: [DataSetDescription] = [
    .cifar10, .tinyImageNet,
  ]

  /// The registered data set of this name. Throws ``DataSetError/unknownDataSet(name:known:)``.
  public static func named(_ name: String) throws -> DataSetDescription {
    guard let description = all.first(where: { $0.name == name }) else {
      throw DataSetError.unknownDataSet(name: name, known: all.map(\.name))
    }
    return description
  }
}

extension DataSetDescription {
  /// CIFAR-10 (Krizhevsky 2009), normalised as in the paper's cloning experiments.
  public static let cifar10 = DataSetDescription(
    name: "cifar-10", title: "CIFAR-10", shape: ImageShape(channels: 3, height: 32, width: 32),
    classCount: 10, trainingCount: 50_000, validationCount: 10_000,
    mean: [0.4914, 0.4822, 0.4465], standardDeviation: [0.2023, 0.1994, 0.2010],
    folder: "cifar-10-batches-bin",
    archive: OfficialArchive(
      fileName: "cifar-10-binary.tar.gz", baseAddress: "https://www.cs.toronto.edu/~kriz",
      md5: "c32a1d4ab5d03f1284b67883e8d87530", byteCount: 170_052_171),
    format: CIFARBinaryFormat(
      trainingFiles: (1...5).map { "data_batch_\($0).bin" }, validationFiles: ["test_batch.bin"],
      classNamesFile: "batches.meta.txt", labelBytes: 1))
}

extension DataSetDescription {
  /// Tiny ImageNet (Stanford's course CS231n), normalised as in the paper's continual learning.
  public static let tinyImageNet = DataSetDescription(
    name: "tiny-imagenet-200", title: "Tiny ImageNet", shape: ImageShape(channels: 3, height: 64, width: 64),
    classCount: 200, trainingCount: 100_000, validationCount: 10_000,
    mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225],
    folder: TinyImageNetFormat.root,
    archive: OfficialArchive(
      fileName: "tiny-imagenet-200.zip", baseAddress: "http://cs231n.stanford.edu",
      md5: "90528d7ca1a48142e341f4ef8d21d0de", byteCount: 248_100_043),
    format: TinyImageNetFormat())
}
