import Foundation

/// The header of a safetensors file, checked against the file's size when read.
struct SnapshotHeader {
  /// What the header says of a tensor, after checking.
  struct Entry {
    let name: String
    let isDouble: Bool
    let shape: [Int]
    /// The first byte, counted from the start of the data.
    let start: Int
    /// The number of elements.
    let count: Int

    func elements(in bytes: [UInt8], from dataStart: Int) -> Snapshot.Tensor.Elements {
      bytes.withUnsafeBytes { buffer in
        isDouble
          ? .double(Self.copy(count, from: buffer, at: dataStart + start, zero: 0))
          : .single(Self.copy(count, from: buffer, at: dataStart + start, zero: 0))
      }
    }

    private static func copy<Element: BitwiseCopyable>(
      _ count: Int, from buffer: UnsafeRawBufferPointer, at start: Int, zero: Element
    ) -> [Element] {
      var values = [Element](repeating: zero, count: count)
      values.withUnsafeMutableBytes {
        $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<start + $0.count]))
      }
      return values
    }
  }

  let metadata: [String: String]
  let entries: [Entry]
  /// The first byte of the data in the file.
  let dataStart: Int

  private struct Description: Codable {
    let dtype: String
    let shape: [Int]
    let offsets: [Int]

    enum CodingKeys: String, CodingKey {
      case dtype, shape
      case offsets = "data_offsets"
    }
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  private struct Header: Codable {
    static let metadataKey = Key(stringValue: "__metadata__")
    var metadata: [String: String] = [:]
    var tensors: [String: Description] = [:]

    init(metadata: [String: String], tensors: [String: Description]) {
      self.metadata = metadata
      self.tensors = tensors
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      for key in container.allKeys {
        if key.stringValue == Self.metadataKey.stringValue {
          metadata = try container.decode([String: String].self, forKey: key)
        } else {
          tensors[key.stringValue] = try container.decode(Description.self, forKey: key)
        }
      }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      if !metadata.isEmpty { try container.encode(metadata, forKey: Self.metadataKey) }
      for (name, description) in tensors {
        try container.encode(description, forKey: Key(stringValue: name))
      }
    }
  }

  /// Reads and checks the header of a file's `bytes`.
  init(_ bytes: [UInt8], path: String) throws {
    guard bytes.count >= 8 else {
      throw SnapshotError.wrongSize(path: path, expected: 8, actual: bytes.count)
    }
    let length = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[$1]) << (8 * UInt64($1)) }
    guard length <= 100_000_000 else {
      throw SnapshotError.malformedHeader(path: path, reason: "a header of \(length) bytes")
    }
    dataStart = 8 + Int(length)
    guard dataStart <= bytes.count else {
      throw SnapshotError.wrongSize(path: path, expected: dataStart, actual: bytes.count)
    }
    let header: Header
    do {
      header = try JSONDecoder().decode(Header.self, from: Data(bytes[8..<dataStart]))
    } catch {
      throw SnapshotError.malformedHeader(path: path, reason: "its header is no table of tensors in JSON")
    }
    metadata = header.metadata
    entries = try header.tensors.map { try Self.check($0.key, $0.value, path: path) }
      .sorted { ($0.start, $0.name) < ($1.start, $1.name) }
    var end = 0
    for entry in entries {
      guard entry.start == end else {
        throw SnapshotError.malformedHeader(path: path, reason: "a gap or overlap before \(entry.name)")
      }
      end += entry.count * (entry.isDouble ? 8 : 4)
    }
    guard bytes.count == dataStart + end else {
      throw SnapshotError.wrongSize(path: path, expected: dataStart + end, actual: bytes.count)
    }
  }

  private static func check(_ name: String, _ tensor: Description, path: String) throws -> Entry {
    guard tensor.dtype == "F32" || tensor.dtype == "F64" else {
      throw SnapshotError.unsupportedType(path: path, tensor: name, type: tensor.dtype)
    }
    let width = tensor.dtype == "F64" ? 8 : 4
    var bytes = width
    for extent in tensor.shape {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow, product < 1 << 48 else {
        throw SnapshotError.malformedHeader(path: path, reason: "the shape of \(name)")
      }
      bytes = product
    }
    guard tensor.offsets.count == 2, tensor.offsets[0] >= 0, tensor.offsets[0] < 1 << 48,
      tensor.offsets[1] == tensor.offsets[0] + bytes
    else { throw SnapshotError.malformedHeader(path: path, reason: "the offsets of \(name)") }
    return Entry(
      name: name, isDouble: width == 8, shape: tensor.shape, start: tensor.offsets[0], count: bytes / width)
  }

  /// The length and header of a file of `tensors`, padded with spaces so that the data is aligned.
  static func encode(
    _ tensors: [Snapshot.Tensor], metadata: [String: String], path: String
  ) throws -> [UInt8] {
    var table: [String: Description] = [:]
    var offset = 0
    for tensor in tensors {
      let isDouble = if case .double = tensor.elements { true } else { false }
      guard tensor.shape.allSatisfy({ $0 >= 0 }), tensor.shape.reduce(1, *) == tensor.elements.count else {
        throw SnapshotError.invalidTensor(
          path: path, tensor: tensor.name,
          reason: "its \(tensor.elements.count) elements have not the shape \(tensor.shape)")
      }
      guard table[tensor.name] == nil, tensor.name != Header.metadataKey.stringValue else {
        throw SnapshotError.invalidTensor(path: path, tensor: tensor.name, reason: "the name is taken")
      }
      let end = offset + tensor.elements.count * (isDouble ? 8 : 4)
      table[tensor.name] = Description(
        dtype: isDouble ? "F64" : "F32", shape: tensor.shape, offsets: [offset, end])
      offset = end
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let json: Data
    do {
      json = try encoder.encode(Header(metadata: metadata, tensors: table))
    } catch {
      throw SnapshotError.malformedHeader(path: path, reason: "its header cannot be encoded: \(error)")
    }
    var bytes = Array(json)
    while bytes.count % 8 != 0 { bytes.append(UInt8(ascii: " ")) }
    let length = UInt64(bytes.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) } + bytes
  }
}
