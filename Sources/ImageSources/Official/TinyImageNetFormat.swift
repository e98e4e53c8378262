import Foundation
import PreparedImages

/// The format of Tiny ImageNet (Stanford's course CS231n): JPEG files, in a folder for each class.
///
///     wnids.txt                                  a class a line, by WordNet's number
///     words.txt                                  class, tabulator, name; for more classes than are used
///     train/<class>/images/<class>_<n>.JPEG
///     val/images/val_<n>.JPEG
///     val/val_annotations.txt                    file, tabulator, class, and a box that is not used
///
/// Classes are numbered in the ascending order of their WordNet numbers. Training images come class by class and
/// within a class in the ascending order of their names (`_0`, `_1`, `_10`, …), which is how torchvision's
/// `ImageFolder` lists them; validation images come in the order of their list, where classes are mixed. The
/// official set has 500 training images a class and 10,000 validation images; any positive numbers are accepted
/// as long as all classes have as many, so that small data in the real format works everywhere. Test images have
/// no public labels and are not read.
struct TinyImageNetFormat: DataSetFormat {
  static let root = "tiny-imagenet-200"
  static let classesFile = "wnids.txt"
  static let namesFile = "words.txt"
  static let listFile = "val/val_annotations.txt"
  private static let texts = [classesFile, namesFile, listFile]

  func memberNames(inFolder folder: String) throws -> [String] {
    try Self.texts + FileTree.files(below: folder).filter { TinyImageNetImage(path: $0) != nil }
  }

  func seemsWhole(_ folder: String, shape: ImageShape) -> Bool {
    func lines(_ name: String) -> [Substring] {
      ((try? String(contentsOfFile: join(folder, name), encoding: .utf8)) ?? "").split(
        whereSeparator: \.isNewline)
    }
    let classes = lines(Self.classesFile)
    let counts = Set(classes.map { FileTree.count(in: join(folder, "train/\($0)/images")) })
    return counts.count == 1 && counts.first != 0 && !lines(Self.namesFile).isEmpty
      && FileTree.count(in: join(folder, "val/images")) == lines(Self.listFile).count
  }

  func convert(
    _ members: any MemberCollection, shape: ImageShape, classCount: Int, selection: ImageSelection,
    makeWriter: (_ trainingCount: Int, _ validationCount: Int) throws -> PreparedDataSetWriter,
    progress: (Double) throws -> Void
  ) throws -> (writer: PreparedDataSetWriter, classNames: [String]) {
    // An archive may hold the files in any order, so their places are known only after a first pass.
    let index = try TinyImageNetIndex(members, classCount: classCount, selection: selection)
    let writer = try makeWriter(index.trainingCount, index.validationCount)
    let reader = try ImageReader(shape: shape)
    var done = 0
    let isListed = { (path: String) in index.places[path] != nil }
    try members.visit(below: Self.root, where: isListed) { member in
      guard let place = index.places[member.name] else { return }
      writer.setLabel(place.label, of: place.number)
      try writer.write(images: reader.read(member), at: place.number)
      done += 1
      if done % 100 == 0 { try progress(Double(done) / Double(index.places.count)) }
    }
    return (writer, index.classNames)
  }

  /// Reads and decodes one image after the other into the same memory.
  private final class ImageReader {
    /// Several times what an image without any compression has; more is something else.
    private let greatestByteCount: Int
    private let decoder: JPEGDecoder
    private let file: UnsafeMutableRawBufferPointer
    private let image: UnsafeMutableRawBufferPointer

    init(shape: ImageShape) throws {
      decoder = try JPEGDecoder(shape: shape)
      greatestByteCount = shape.count * 8 + 65_536
      file = .allocate(byteCount: greatestByteCount, alignment: 64)
      image = .allocate(byteCount: shape.count, alignment: 64)
    }

    deinit {
      file.deallocate()
      image.deallocate()
    }

    /// The pixels of a member, valid until the next call.
    func read(_ member: Member) throws -> UnsafeRawBufferPointer {
      guard member.byteCount <= greatestByteCount else {
        throw DataSetError.damagedImage(
          file: member.location, reason: "\(member.byteCount) bytes are too many for such an image")
      }
      let bytes = UnsafeMutableRawBufferPointer(rebasing: file[..<member.byteCount])
      try member.fill(bytes, at: 0)
      try decoder.decode(UnsafeRawBufferPointer(bytes), of: member.location, into: image)
      return UnsafeRawBufferPointer(image)
    }
  }
}

/// What the path of an image says.
enum TinyImageNetImage {
  case training(className: String)
  case validation

  /// Nil for a path that is no image of either split.
  init?(path: String) {
    guard path.hasSuffix(".JPEG") else { return nil }
    // Cut at bytes, not at characters: there are a hundred thousand paths.
    let parts = path.utf8.split(separator: UInt8(ascii: "/")).map { Substring($0) }
    guard parts.last?.hasPrefix(".") == false else { return nil }
    if parts.count == 4, parts[0] == "train", parts[2] == "images" {
      self = .training(className: String(parts[1]))
    } else if parts.count == 3, parts[0] == "val", parts[1] == "images" {
      self = .validation
    } else {
      return nil
    }
  }
}
