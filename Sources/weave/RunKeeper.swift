import Claims
import ContentStore
import Foundation
import Manuscript
import Publishing
import Stages

/// Gathers what is kept of the results that a figure was drawn from, so that its runs can be repeated by its record.
struct RunKeeper {
  let store: Store
  /// Where files go that repetitions are compared with.
  let shelf: BlobShelf

  /// The most bytes of a table that was computed without training: what is larger is soon made anew.
  private static let greatestTable = 64 << 10

  /// The runs of a figure; nil if one of its results is not in the store.
  ///
  /// - Throws: `StoreError`, ``PublishingError``, `FileSystemError`.
  func runs(of record: FigureRecord) throws -> KeptRuns? {
    let keys = record.runs.flatMap { [$0.trainKey, $0.measureKey] } + record.tables.map(\.key)
    guard !keys.isEmpty, let found = try closure(of: keys + record.dataSets.map(\.key)) else { return nil }
    let files = try found.values.flatMap { entry in
      try Self.keptFiles(of: entry.manifest).compactMap { name in
        try entry.manifest.files[name].map { (path: try entry.path(of: name), facts: $0) }
      }
    }
    let lengths = try shelf.pack(files)
    var seen: Set<String> = []
    return KeptRuns(
      results: keys.filter { seen.insert($0).inserted }.compactMap { key in
        found[key].map {
          PublishedIndex.Result(slot: $0.manifest.job.title, recipe: $0.manifest.job.recipe, key: key)
        }
      },
      entries: try found.sorted { $0.key < $1.key }.map(\.value).map { entry in
        let manifest = entry.manifest
        let packed = Self.keptFiles(of: manifest).compactMap { name in
          manifest.files[name].flatMap { lengths[$0.digest] }.map { (name, $0) }
        }
        return PublishedIndex.Entry(
          manifest: manifest, packed: Dictionary(packed, uniquingKeysWith: { first, _ in first }),
          dataSet: manifest.job.stage == Stage.prepare.rawValue
            ? try PreparedContents.facts(in: entry.folder) : nil)
      })
  }

  /// Curves of training, and small tables. Metrics of networks would take fifty times the room: in the environment of then
  /// their digests are compared, in another one the curves of the training that they were read off.
  private static func keptFiles(of manifest: Manifest) -> [String] {
    manifest.files.filter { name, facts in
      switch Stage(rawValue: manifest.job.stage) {
      case .train: name == "history.csv"
      case .compute: name.hasSuffix(".csv") && facts.bytes <= greatestTable
      default: false
      }
    }.map(\.key).sorted()
  }

  /// The entries of some keys and of everything that they were made from, by key; nil if one is missing.
  private func closure(of keys: [String]) throws -> [String: Entry]? {
    var found: [String: Entry] = [:]
    var waiting = keys.map { (key: $0, isNeeded: true) }
    while let (key, isNeeded) = waiting.popLast() {
      guard found[key] == nil else { continue }
      guard let entry = try entry(key) else {
        guard isNeeded else { continue }
        return nil
      }
      found[key] = entry
      // Images count by content: the figure's own may have been prepared again since a run was made.
      waiting += entry.manifest.job.inputs.map { ($0.key, $0.stage != Stage.prepare.rawValue) }
    }
    return found
  }

  /// A key does not tell its stage; no two stages have the same key.
  private func entry(_ key: String) throws -> Entry? {
    for stage in Stage.allCases {
      if let entry = try store.entry(stage: stage.rawValue, key: key) { return entry }
    }
    return nil
  }
}
