import ContentStore
import Foundation
import Specifications
import Transfers

/// The results that a kept figure rests on, each with the digests of its files: enough to repeat its runs and to say
/// whether the same came out, not enough to draw it.
///
/// A blob of its own for each figure, so that an index of many kept figures stays short. Of the files themselves only
/// those are kept beside it that a repetition in another environment is compared with (``PublishedIndex/Entry/packed``).
public struct KeptRuns: Codable, Sendable {
  /// The version of this form. Readers refuse newer ones.
  public static let formatVersion = 1

  public var format = Self.formatVersion
  /// What the figure was drawn from.
  public var results: [PublishedIndex.Result]
  /// The same with everything that it was made from, in the order of their keys.
  public var entries: [PublishedIndex.Entry]

  public init(results: [PublishedIndex.Result], entries: [PublishedIndex.Entry]) {
    self.results = results
    self.entries = entries
  }

  /// The files that are kept beside it.
  public var files: [PublishedFile] {
    entries.flatMap { entry in entry.packed.keys.compactMap(entry.file) }
  }

  /// Writes it as a blob.
  ///
  /// - Parameter scratch: a folder for what is on its way.
  /// - Throws: what writing throws.
  public func write(to shelf: BlobShelf, scratch: String) throws -> PublishedFile {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let data = try encoder.encode(self)
    let digest = Digest(of: data)
    let path = "\(scratch)/\(digest.hex).json"
    try FileSystem.write(data, atomicallyTo: path)
    defer { unlink(path) }
    let lengths = try shelf.pack([(path, Manifest.File(digest: digest, bytes: data.count))])
    return PublishedFile(digest: digest, bytes: data.count, packed: lengths[digest])
  }

  /// Reads a blob that is what an index says; what it says itself is checked when it is added to an index.
  ///
  /// - Parameters:
  ///   - place: for messages.
  ///   - scratch: a folder for what is on its way.
  /// - Throws: ``PublishingError``.
  public init(_ file: PublishedFile, at place: PublishedPlace, scratch: String, patience: Retrieval.Patience)
    throws
  {
    let data = try place.contents(of: file, scratch: scratch, patience: patience)
    let words = place.place(of: file.place)
    struct Header: Decodable {
      let format: Int
    }
    do {
      let header = try JSONDecoder().decode(Header.self, from: data)
      guard header.format <= Self.formatVersion else {
        throw PublishingError.newerFormat(place: words, found: header.format)
      }
      self = try JSONDecoder().decode(KeptRuns.self, from: data)
    } catch let error as DecodingError {
      throw PublishingError.malformed(place: words, reason: PublishedIndex.reason(error))
    }
  }
}

extension PublishedIndex {
  /// The same with the runs of some kept figures, as if these had been published: they can be repeated, and drawn only as
  /// far as their files are there.
  ///
  /// - Parameters:
  ///   - runs: artifact → its runs.
  ///   - place: for messages.
  /// - Throws: ``PublishingError/malformed(place:reason:)``.
  public func adding(_ runs: [(artifact: Artifact, runs: KeptRuns)], place: String) throws -> PublishedIndex {
    var index = self
    var known = Set(entries.map(\.manifest.key))
    for (artifact, runs) in runs {
      guard
        let number = index.artifacts.firstIndex(where: {
          $0.id == artifact.id && $0.profile == artifact.profile
        })
      else { continue }
      index.artifacts[number].results = runs.results
      index.entries += runs.entries.filter { known.insert($0.manifest.key).inserted }
    }
    index.entries.sort { $0.manifest.key < $1.manifest.key }
    do { try index.validate() } catch {
      throw PublishingError.malformed(place: place, reason: "\(error)")
    }
    return index
  }
}
