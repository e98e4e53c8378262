import CArchive
import Foundation
import LinearAlgebra

@testable import ImageBatches
@testable import ImageSources
@testable import PreparedImages

/// Tiny ImageNet in its official layout with three classes of four images of 8 × 8 pixels, and five validation
/// images.
struct MiniatureImageNet {
  static let shape = ImageShape(channels: 3, height: 8, width: 8)
  static let classes = ["n00000030", "n00000004", "n00000200"]
  static let names = ["n00000030": "newt, eft", "n00000004": "abacus", "n00000200": "zebra"]

  static let description: DataSetDescription = {
    let official = DataSetDescription.tinyImageNet
    return DataSetDescription(
      name: official.name, title: official.title, shape: shape, classCount: 3, trainingCount: 12,
      validationCount: 5, mean: official.mean, standardDeviation: official.standardDeviation,
      folder: official.folder, release: official.release,
      format: official.format)
  }()

  /// Everything by its path in the official folder.
  var files: [String: [UInt8]] = [:]
  private var stream = RandomStream(seed: 1, purpose: "miniature")

  init() throws {
    files["wnids.txt"] = Array((Self.classes.joined(separator: "\n") + "\n").utf8)
    let words = Self.names.map { "\($0)\t\($1)" } + ["n99999999\tunused"]
    files["words.txt"] = Array((words.sorted().joined(separator: "\n") + "\n").utf8)
    for name in Self.classes {
      files["train/\(name)/\(name)_boxes.txt"] = Array("\(name)_0.JPEG\t0\t0\t7\t7\n".utf8)
      for number in [0, 2, 10, 1] {
        files["train/\(name)/images/\(name)_\(number).JPEG"] = try image(number == 2 ? .grey : .rgb)
      }
    }
    let list = [(3, 2), (0, 0), (1, 1), (12, 0), (2, 2)]
    let lines = list.map { "val_\($0).JPEG\t\(Self.classes[$1])\t0\t32\t44\t62\n" }
    files["val/val_annotations.txt"] = Array(lines.joined().utf8)
    for (number, _) in list {
      files["val/images/val_\(number).JPEG"] = try image(number == 12 ? .ycck : .rgb)
    }
    files["test/images/test_0.JPEG"] = [1, 2, 3]
  }

  /// A file with a smooth random image.
  mutating func image(_ colours: MiniatureJPEG.Colours, side: Int = 8) throws -> [UInt8] {
    let corner = (0..<8).map { _ in Int(stream.integer(below: 120)) }
    let pixels = (0..<(side * side)).flatMap { pixel in
      (0..<colours.channels).map { UInt8(corner[$0] + corner[$0 + 4] * (pixel % side + pixel / side) / 16) }
    }
    return try MiniatureJPEG.encode(pixels, height: side, width: side, as: colours)
  }

  /// Training images in the order and with the labels that the format promises.
  static let training: [(path: String, label: Int32)] = {
    let sorted = ["n00000004", "n00000030", "n00000200"]
    return sorted.enumerated().flatMap { label, name in
      [0, 1, 10, 2].map { ("train/\(name)/images/\(name)_\($0).JPEG", Int32(label)) }
    }
  }()
  static let validation: [(path: String, label: Int32)] = [(3, 2), (0, 1), (1, 0), (12, 1), (2, 2)].map {
    ("val/images/val_\($0).JPEG", Int32($1))
  }

  /// Replaces the text of a list.
  mutating func edit(_ file: String, _ change: (String) -> String) {
    files[file] = Array(change(String(decoding: files[file] ?? [], as: UTF8.self)).utf8)
  }

  /// Writes the official folder into `parent` and returns its path.
  @discardableResult
  func write(into parent: String) throws -> String {
    let folder = try makeFolder(join(parent, "tiny-imagenet-200"))
    for (name, bytes) in files {
      let path = join(folder, name)
      try makeFolder((path as NSString).deletingLastPathComponent)
      try put(bytes, path)
    }
    return folder
  }

  /// Writes the official archive into `parent` and returns its path.
  ///
  /// - Parameters:
  ///   - order: the members' paths; all in ascending order if nil.
  ///   - prefix: stands before every path.
  func zip(
    into parent: String, order: [String]? = nil, prefix: String = "tiny-imagenet-200/"
  ) throws -> String {
    let path = join(parent, "tiny-imagenet-200.zip")
    let members = (order ?? files.keys.sorted()).map { (prefix + $0, files[$0] ?? []) }
    try writeZip(members, to: path)
    return path
  }

  func prepare(_ origin: DataSetSource.Origin, in parent: String) throws -> PreparedDataSet {
    let folder = try makeFolder(join(parent, "prepared-\(UUID().uuidString)"))
    try DataSetSource(description: Self.description, origin: origin).prepare(into: folder)
    return try PreparedDataSet(folder: folder)
  }

  /// What is wrong with the files as a folder.
  func problem() throws -> (error: DataSetError?, folder: String) {
    try withTemporaryFolder { parent in
      let folder = try write(into: parent)
      return (try caught(DataSetError.self) { _ = try prepare(.folder(folder), in: parent) }, folder)
    }
  }
}

/// Writes a zip archive whose members come in the given order.
func writeZip(_ members: [(path: String, bytes: [UInt8])], to path: String) throws {
  struct Failed: Error {}
  guard let archive = archive_write_new() else { throw Failed() }
  defer { archive_write_free(archive) }
  archive_write_set_format_zip(archive)
  guard archive_write_open_filename(archive, path) == ARCHIVE_OK else { throw Failed() }
  for (name, bytes) in members {
    let entry = archive_entry_new()
    defer { archive_entry_free(entry) }
    archive_entry_set_pathname(entry, name)
    archive_entry_set_size(entry, la_int64_t(bytes.count))
    archive_entry_set_mode(entry, S_IFREG | 0o644)
    guard archive_write_header(archive, entry) == ARCHIVE_OK,
      archive_write_data(archive, bytes, bytes.count) == bytes.count
    else { throw Failed() }
  }
  guard archive_write_close(archive) == ARCHIVE_OK else { throw Failed() }
}
