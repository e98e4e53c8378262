import PreparedImages

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
  public let release: OfficialRelease
  let format: any DataSetFormat

  /// The archive that anybody may fetch, if there is one.
  public var archive: OfficialArchive? {
    if case .archive(let archive) = release { archive } else { nil }
  }

  /// The registry: every data set, a line each.
  public static let all: [DataSetDescription] = [
    .cifar10, .cifar100, .tinyImageNet, .imageNet32,
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
    release: .archive(
      OfficialArchive(
        fileName: "cifar-10-binary.tar.gz", baseAddress: "https://www.cs.toronto.edu/~kriz",
        md5: "c32a1d4ab5d03f1284b67883e8d87530", byteCount: 170_052_171)),
    format: CIFARBinaryFormat(
      trainingFiles: (1...5).map { "data_batch_\($0).bin" }, validationFiles: ["test_batch.bin"],
      classNamesFile: "batches.meta.txt", labels: [CIFARLabel("label", classCount: 10)]))
}

extension DataSetDescription {
  /// CIFAR-100 (Krizhevsky 2009) with its hundred fine classes, normalised as by Dohare et al. (Nature 632, 2024).
  public static let cifar100 = DataSetDescription(
    name: "cifar-100", title: "CIFAR-100", shape: ImageShape(channels: 3, height: 32, width: 32),
    classCount: 100, trainingCount: 50_000, validationCount: 10_000,
    mean: [0.5071, 0.4865, 0.4409], standardDeviation: [0.2673, 0.2564, 0.2762],
    folder: "cifar-100-binary",
    release: .archive(
      OfficialArchive(
        fileName: "cifar-100-binary.tar.gz", baseAddress: "https://www.cs.toronto.edu/~kriz",
        md5: "03b5dce01913d631647c71ecec9e9cb8", byteCount: 168_513_733)),
    format: CIFARBinaryFormat(
      trainingFiles: ["train.bin"], validationFiles: ["test.bin"], classNamesFile: "fine_label_names.txt",
      labels: [CIFARLabel("coarse label", classCount: 20), CIFARLabel("fine label", classCount: 100)]))
}

extension DataSetDescription {
  /// Tiny ImageNet (Stanford's course CS231n), normalised as in the paper's continual learning.
  public static let tinyImageNet = DataSetDescription(
    name: "tiny-imagenet-200", title: "Tiny ImageNet", shape: ImageShape(channels: 3, height: 64, width: 64),
    classCount: 200, trainingCount: 100_000, validationCount: 10_000,
    mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225],
    folder: TinyImageNetFormat.root,
    release: .archive(
      OfficialArchive(
        fileName: "tiny-imagenet-200.zip", baseAddress: "http://cs231n.stanford.edu",
        md5: "90528d7ca1a48142e341f4ef8d21d0de", byteCount: 248_100_043)),
    format: TinyImageNetFormat())
}

extension DataSetDescription {
  /// ImageNet at 32 × 32 pixels (Chrabaszcz, Loshchilov and Hutter 2017), normalised as ``tinyImageNet``.
  public static let imageNet32 = DataSetDescription(
    name: "imagenet-32", title: "ImageNet-32", shape: ImageShape(channels: 3, height: 32, width: 32),
    classCount: 1_000, trainingCount: 1_281_167, validationCount: 50_000,
    mean: tinyImageNet.mean, standardDeviation: tinyImageNet.standardDeviation,
    folder: "imagenet-32",
    release: .registered(
      site: "image-net.org", files: "train_data_batch_1.npz … train_data_batch_10.npz and val_data.npz"),
    format: ImageNet32Format())
}
