import Foundation
import LinearAlgebra

@testable import ImageBatches
@testable import ImageSources
@testable import PreparedImages

/// CIFAR-10 in its official format with a handful of random records a file.
struct TinyCIFAR {
  struct Record: Equatable {
    var label: UInt8
    var pixels: [UInt8]
  }

  static let folderName = DataSetDescription.cifar10.folder
  static let archiveName = DataSetDescription.cifar10.archive?.fileName ?? ""
  static let trainingFiles = (1...5).map { "data_batch_\($0).bin" }
  static let recordBytes = 3_073
  static let classNames = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]

  /// Records by file name; every file has another number of them.
  var files: [String: [Record]] = [:]

  init(seed: UInt64 = 1) {
    var stream = RandomStream(seed: seed, purpose: "tiny-cifar")
    for (number, name) in (Self.trainingFiles + ["test_batch.bin"]).enumerated() {
      files[name] = (0..<(number + 2)).map { _ in
        Record(
          label: UInt8(stream.integer(below: 10)),
          pixels: (0..<3_072).map { _ in UInt8(truncatingIfNeeded: stream.nextWord()) })
      }
    }
  }

  var training: [Record] { Self.trainingFiles.flatMap { files[$0, default: []] } }
  var validation: [Record] { files["test_batch.bin", default: []] }

  /// Writes the official folder into `parent` and returns its path.
  @discardableResult
  func write(into parent: String) throws -> String {
    let folder = try makeFolder(join(parent, Self.folderName))
    for (name, records) in files {
      try put(records.flatMap { [$0.label] + $0.pixels }, join(folder, name))
    }
    // The official file ends with an empty line.
    try put(Array((Self.classNames.joined(separator: "\n") + "\n\n").utf8), join(folder, "batches.meta.txt"))
    return folder
  }

  /// Packs the folder in `parent` as the official archive and returns its path.
  static func pack(in parent: String, members: [String] = [folderName]) throws -> String {
    try tar(["-czf", archiveName] + members, in: parent)
    return join(parent, archiveName)
  }
}

/// Prepares into a new folder in `parent` and returns its path.
@discardableResult
func prepare(
  _ origin: DataSetSource.Origin, of description: DataSetDescription = .cifar10,
  selection: ImageSelection = ImageSelection(), in parent: String
) throws -> String {
  let folder = try makeFolder(join(parent, "prepared-\(UUID().uuidString)"))
  try DataSetSource(description: description, origin: origin).prepare(into: folder, selection: selection)
  return folder
}

extension ImageSplit {
  /// The bytes of an image.
  func bytes(of image: Int) -> [UInt8] {
    Array(UnsafeBufferPointer(start: pixels(of: image), count: shape.count))
  }
}
