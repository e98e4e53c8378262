import LinearAlgebra

@testable import ImageSources
@testable import PreparedImages

/// Bytes of a `.npy` file: any header, and elements after it.
func npy(_ literal: String, _ elements: [UInt8], version: UInt8 = 1, minor: UInt8 = 0) -> [UInt8] {
  let text = Array(literal.utf8)
  let length = (0..<(version == 1 ? 2 : 4)).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
  return [0x93] + Array("NUMPY".utf8) + [version, minor] + length + text + elements
}

/// ImageNet-32 in its official format with images of 2 × 2 pixels in eleven small batches, and three classes.
struct MiniatureImageNet32 {
  static let shape = ImageShape(channels: 3, height: 2, width: 2)

  static let description: DataSetDescription = {
    let official = DataSetDescription.imageNet32
    return DataSetDescription(
      name: official.name, title: official.title, shape: shape, classCount: 3, trainingCount: 12,
      validationCount: 5, mean: official.mean, standardDeviation: official.standardDeviation,
      folder: official.folder, release: official.release, format: official.format)
  }()

  struct Batch {
    var images: [[UInt8]]
    /// From 1 on.
    var labels: [UInt8]

    /// As NumPy writes it, with 64-bit labels.
    var members: [(path: String, bytes: [UInt8])] {
      let labels = labels.flatMap { [$0] + [UInt8](repeating: 0, count: 7) }
      return [
        (
          "data.npy",
          npy(
            "{'descr': '|u1', 'fortran_order': False, 'shape': (\(images.count), 12), }   \n",
            images.flatMap { $0 })
        ),
        (
          "labels.npy",
          npy("{'descr': '<i8', 'fortran_order': False, 'shape': (\(images.count),), }   \n", labels)
        ),
        (
          "mean.npy",
          npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }\n", [UInt8](repeating: 0, count: 8))
        ),
      ]
    }
  }

  /// By file name; every file has another number of images, the first more than are read at a time.
  var batches: [String: Batch] = [:]
  /// What stands in a file in place of its batch.
  var replaced: [String: [(path: String, bytes: [UInt8])]] = [:]

  init() {
    var stream = RandomStream(seed: 1, purpose: "miniature-imagenet-32")
    for (number, name) in (ImageNet32Format.trainingFiles + [ImageNet32Format.validationFile]).enumerated() {
      let count = number == 0 ? 600 : number + 2
      batches[name] = Batch(
        images: (0..<count).map { _ in (0..<12).map { _ in UInt8(truncatingIfNeeded: stream.nextWord()) } },
        labels: (0..<count).map { _ in UInt8(1 + stream.integer(below: 3)) })
    }
  }

  /// Images and labels from 0 on, in order.
  var training: [(pixels: [UInt8], label: Int32)] {
    ImageNet32Format.trainingFiles.flatMap { batches[$0].map(records) ?? [] }
  }
  var validation: [(pixels: [UInt8], label: Int32)] {
    batches[ImageNet32Format.validationFile].map(records) ?? []
  }

  private func records(_ batch: Batch) -> [(pixels: [UInt8], label: Int32)] {
    zip(batch.images, batch.labels).map { ($0, Int32($1) - 1) }
  }

  /// Writes the official folder into `parent` and returns its path.
  @discardableResult
  func write(into parent: String) throws -> String {
    let folder = try makeFolder(join(parent, "imagenet-32"))
    for (name, batch) in batches { try writeZip(replaced[name] ?? batch.members, to: join(folder, name)) }
    return folder
  }

  func prepare(_ selection: ImageSelection = ImageSelection(), in parent: String) throws -> PreparedDataSet {
    try PreparedDataSet(
      folder: ImagesTests.prepare(
        .folder(write(into: parent)), of: Self.description, selection: selection, in: parent))
  }
}
