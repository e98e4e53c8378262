import Console
import ContentStore
import Foundation
import Publishing
import Specifications
import Transfers

/// Attestations that others have put beside a published folder, in its `attestations/`: fetched with its index, and
/// remembered with it. They come from strangers.
struct OthersAttestations {
  /// Beside a published folder, and beside its index as it is remembered.
  static let folderName = "attestations"
  /// Behind an address nobody can look what there is: `make publish` writes it down.
  static let listName = "index.json"

  private static let most = 10_000
  private static let greatestFile = 1 << 20

  private let folder: String

  /// - Parameter remembered: the folder in which an index is remembered.
  init(_ remembered: String) { folder = "\(remembered)/\(Self.folderName)" }

  /// Those that were fetched.
  var all: [Attestations.Attestation] {
    get throws {
      try FileSystem.names(in: folder).sorted().compactMap { name in
        FileManager.default.contents(atPath: "\(folder)/\(name)").flatMap { try? Self.read($0) }
      }
    }
  }

  /// Fetches those that lie at a place now, in place of the ones before; what is no attestation or cannot be had is named
  /// on the terminal and left out. Where a server fails, it is not asked for the rest.
  ///
  /// - Throws: `TransferError` for what is wrong here, `FileSystemError`.
  func fetch(from place: PublishedPlace, scratch: String, patience: Retrieval.Patience) throws {
    try FileSystem.remove(folder)
    let names: [String]
    do { names = try Self.names(at: place, scratch: scratch, patience: patience) } catch let error
      as TransferError
    {
      guard error.isOfPlace else { throw error }
      return Console.tell("left out: \(error)")
    }
    guard !names.isEmpty else { return }
    try FileSystem.createFolder(folder)
    for (number, name) in names.enumerated() {
      let file = "\(Self.folderName)/\(name)"
      do {
        guard
          let data = try place.contents(
            of: file, limit: Self.greatestFile, isOptional: true, scratch: scratch, patience: patience)
        else { continue }
        _ = try Self.read(data)
        try FileSystem.update("\(folder)/\(number).json", to: data)
      } catch let error as SpecificationProblem {
        Console.tell("left out: \(place.place(of: file)) is no attestation: \(error)")
      } catch let error as PublishingError {
        Console.tell("left out: \(error)")
      } catch let error as TransferError {
        guard error.isOfPlace else { throw error }
        Console.tell("left out: \(error)")
        guard error.isOfFile else { return }
      }
    }
  }

  private static func names(
    at place: PublishedPlace, scratch: String, patience: Retrieval.Patience
  ) throws -> [String] {
    switch place {
    case .folder(let folder): return try Array(names(below: folder).prefix(most))
    case .address:
      let file = "\(folderName)/\(listName)"
      guard
        let data = try place.contents(
          of: file, limit: greatestFile, isOptional: true, scratch: scratch, patience: patience),
        let names = try? JSONDecoder().decode([String].self, from: data)
      else { return [] }
      return names.prefix(most).filter { name in
        isPlainPath(name) && name.utf8.count <= 300
          && name.utf8.allSatisfy { byte in
            let character = Character(Unicode.Scalar(byte))
            return byte < 128 && (character.isLetter || character.isNumber || "._-/".contains(character))
          }
      }
    }
  }

  /// The files in the folder beside an index, in folders of their own or not.
  private static func names(below folder: String) throws -> [String] {
    guard try FileSystem.status("\(folder)/\(folderName)")?.isFolder == true else { return [] }
    return try FileSystem.files(below: "\(folder)/\(folderName)")
      .filter { $0.hasSuffix(".json") && $0 != listName && !$0.hasPrefix(".") }.sorted()
  }

  /// Writes down which attestations lie beside a published folder, for those who reach it by an address.
  ///
  /// - Throws: `FileSystemError`.
  static func list(in folder: String) throws {
    let names = try names(below: folder)
    guard !names.isEmpty else { return }
    try FileSystem.update(
      "\(folder)/\(folderName)/\(listName)", to: JSONEncoder.stable.encode(names) + Data("\n".utf8))
  }

  private static func read(_ data: Data) throws -> Attestations.Attestation {
    let attestation: Attestations.Attestation
    do { attestation = try JSONDecoder().decode(Attestations.Attestation.self, from: data) } catch {
      throw SpecificationProblem("the file", "does not have the fields of one")
    }
    try attestation.validate()
    return attestation
  }
}

extension TransferError {
  /// Whether others are to blame, not this machine.
  fileprivate var isOfPlace: Bool {
    switch self {
    case .unreachable, .refused, .tooLong: true
    case .cannotWrite, .unavailable: false
    }
  }

  /// Whether the server is well, and the file alone is not.
  fileprivate var isOfFile: Bool { if case .tooLong = self { true } else { false } }
}

extension Attestations.Attestation {
  /// The machine, in words.
  var machine: String {
    processor.isEmpty ? "\(host.prefix(60))" : "\(host.prefix(60)) (\(processor.prefix(60)))"
  }

  /// Whether it speaks of the same epochs of a run as another one of the same machine, compared in the same way.
  func repeatsSame(as other: Self) -> Bool {
    machine == other.machine && epochs == other.epochs && part == other.part && isExact == other.isExact
  }

  /// Whether it speaks of a published run, and all that it compared are the files that are published now.
  func isAbout(_ published: PublishedResults) -> Bool {
    results[key] != nil
      && results.allSatisfy { published.byKey[$0.key].map(Attestations.digest) == $0.value }
  }

  /// Rejects what no challenge writes, naming the key: what others say is shown in figures and pages.
  func validate() throws(SpecificationProblem) {
    for (name, value) in [("key", key), ("recipe", recipe)] where !Self.isDigest(value) {
      throw SpecificationProblem(name, "must be 64 hexadecimal digits")
    }
    for (name, value) in [("title", title), ("compared", compared)] {
      try requireLine(value, upTo: 500, name)
    }
    for (name, value) in [("host", host), ("processor", processor), ("date", date)] {
      try requireLine(value, upTo: 300, name)
    }
    guard !host.isEmpty else { throw SpecificationProblem("host", "is empty") }
    try requireNotNegative(distance, "distance")
    try requireCount(differences.count, in: 0...10_000, "differences")
    for line in differences { try requireLine(line, upTo: 1_000, "differences") }
    try requireCount(results.count, in: 1...100_000, "results")
    guard results.allSatisfy({ Self.isDigest($0.key) && Self.isDigest($0.value) }) else {
      throw SpecificationProblem("results", "must be 64 hexadecimal digits each, of 64")
    }
    if let epochs { try requireLine(epochs, upTo: 300, "epochs") }
    if let part, !(part > 0 && part <= 1) { throw SpecificationProblem("part", "must be a share of 1") }
  }

  private static func isDigest(_ text: String) -> Bool {
    text.utf8.count == 64 && text.allSatisfy { $0.isASCII && $0.isHexDigit }
  }
}
