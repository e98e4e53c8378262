import ContentStore
import Foundation
import Manuscript
import Publishing

/// What prepared images look like to whoever trains on them, read off the store.
///
/// Keys hold this instead of how the images were made: another JPEG reader that gives the same pixels costs no
/// training.
final class PreparedContents: Sendable {
  private let store: Store
  /// The parameters of earlier preparations → their entries' folders; nil where they do not count.
  private let earlier: [JSONValue: String]?

  init(_ store: Store, assumingEarlier: Bool) {
    self.store = store
    guard assumingEarlier else {
      earlier = nil
      return
    }
    let entries = (try? store.entries(stage: Stage.prepare.rawValue)) ?? []
    earlier = Dictionary(
      entries.map { ($0.manifest.job.parameters, $0.folder) }, uniquingKeysWith: { first, _ in first })
  }

  /// A digest of everything about the images of a `prepare` job but where they come from; nil before they are made.
  @Sendable func digest(of job: Job) throws -> String? {
    if let entry = try store.arrivingEntry(stage: job.stage, key: job.key) {
      return try Self.digest(in: entry.folder)
    }
    return try earlier?[job.parameters].map(Self.digest)
  }

  private static func digest(in folder: String) throws -> String {
    try PublishedIndex.contents(ofDataSet: facts(in: folder))
  }

  /// What the prepared images in a folder are.
  static func facts(in folder: String) throws -> JSONValue {
    try JSONDecoder().decode(JSONValue.self, from: FileSystem.contents(of: folder + "/dataset.json"))
  }
}
