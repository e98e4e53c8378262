import ContentStore
import Foundation
import Manuscript

/// What plans with any settings have asked for lately, kept in the store: what pruning with other settings, without
/// the data folder or for another profile, must leave alone.
struct WantedKeys {
  /// After so many days without a make by the same settings, its results are wanted no more.
  static let days = 60.0

  private struct Plan: Codable {
    var settings: String
    var keys: [String]
  }

  private let folder: String

  init(_ store: Store) { folder = store.root + "/wanted" }

  /// Remembers a plan in place of the last one with the same settings.
  func save(_ plan: Manuscript.Plan, settings: String) throws {
    let wanted = Plan(settings: settings, keys: plan.jobs.map(\.key).sorted())
    let path = path(of: settings)
    try FileSystem.whereWritable {
      try FileSystem.createFolder(folder)
      // Written anew although it may be the same: its date says that it is in use.
      try FileSystem.write(JSONEncoder.stable.encode(wanted), atomicallyTo: path)
    }
  }

  /// Says that the last plan with these settings is in use.
  ///
  /// - Returns: whether there is one.
  func touch(settings: String) -> Bool { utimensat(AT_FDCWD, path(of: settings), nil, 0) == 0 }

  private func path(of settings: String) -> String {
    "\(folder)/\(Digest(of: settings).hex.prefix(16)).json"
  }

  /// The keys of all plans in use, and the settings of these.
  func load() -> (keys: Set<String>, settings: [String]) {
    let manager = FileManager.default
    var keys: Set<String> = []
    var settings: [String] = []
    for name in ((try? manager.contentsOfDirectory(atPath: folder)) ?? []).sorted() {
      let path = folder + "/" + name
      guard let date = try? manager.attributesOfItem(atPath: path)[.modificationDate] as? Date,
        let data = manager.contents(atPath: path),
        let plan = try? JSONDecoder().decode(Plan.self, from: data)
      else { continue }
      guard date.timeIntervalSinceNow > -Self.days * 86_400 else {
        try? manager.removeItem(atPath: path)
        continue
      }
      keys.formUnion(plan.keys)
      settings.append(plan.settings)
    }
    return (keys, settings)
  }
}
