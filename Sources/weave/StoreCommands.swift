import Console
import ContentStore
import Figures
import Foundation
import Manuscript
import Training

/// `weave verify`: every file of the store against its digest.
enum VerifyCommand {
  static func run(_ arguments: [String]) throws {
    var options = CommandLineOptions(
      tool: "weave verify", summary: "Digests every entry of the store again and sets damaged ones aside.")
    let root = options.option(
      "store", String.self, value: "FOLDER", default: ".store", help: "where results are kept")
    let store = try Store(root: try options.parse(arguments)[root])
    Interruption.install()
    var last: VerificationProgress?
    let progress = ProgressReporter(title: "verify", total: 1)
    let damage = try store.verify { state in
      last = state
      progress.update(
        done: Double(state.entries) / Double(max(state.total, 1)),
        note: "\(state.entries)/\(state.total) entries  \(Format.bytes(state.bytes))")
      try Interruption.check()
    }
    progress.finish()
    for entry in damage { print(entry) }
    guard damage.isEmpty else { throw DamageFound(count: damage.count) }
    print("\(last?.total ?? 0) entries, \(Format.bytes(last?.bytes ?? 0)): every digest is right")
  }
}

/// Some entries were not what they had been; they are set aside.
struct DamageFound: Error, Equatable, CustomStringConvertible, ExitCodeProviding {
  let count: Int
  var exitCode: Int32 { 3 }
  var description: String {
    "\(count) damaged \(count == 1 ? "entry is" : "entries are") set aside; 'make' makes what is needed again"
  }
}

/// `weave prune`: what no artifact refers to goes.
enum PruneCommand {
  static func run(_ arguments: [String]) throws {
    var options = PlanOptions("prune", "Drops the entries that no artifact refers to.")
    let dryRun = options.flag("dry-run", help: "only say what would go")
    let keepSnapshots = options.flag("keep-snapshots", help: "leave the snapshots of measured runs")
    let parsed = try options.parse(arguments)
    let store = try parsed.store()
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: store.root, isDirectory: &isFolder), isFolder.boolValue
    else { throw StoreError.absent(store.root) }
    // Every profile's results count as referred to, on real and on synthetic data: a night's work is not
    // dropped because today's make is a quick one.
    var keys = PublishedRecords(store).keys()
    let wanted = WantedKeys(store).load()
    keys.formUnion(wanted.keys)
    var readers = SnapshotReaders()
    for profile in Profile.allCases {
      for data in [parsed.dataChoice, .synthetic] {
        let plan = try parsed.plan(profile: profile, data: data)
        keys.formUnion(plan.jobs.map(\.key))
        readers.add(plan)
      }
    }
    let report = try store.prune(keeping: keys, dryRun: parsed.arguments[dryRun])
    let verb = parsed.arguments[dryRun] ? "would drop" : "dropped"
    for entry in report.removed { print("\(verb) \(entry)") }
    print("\(verb) \(report.removed.count) entries, \(Format.bytes(report.bytes))")
    for settings in wanted.settings { print("kept what \(settings) needs") }
    // What a make that was stopped between measuring and dropping has left.
    guard !parsed.arguments[dryRun], !parsed.arguments[keepSnapshots] else { return }
    let freed = try readers.done(in: store).map { try ReleaseCommand.release($0, in: store) }.reduce(0, +)
    if freed > 0 { print("dropped snapshots of measured runs, \(Format.bytes(freed))") }
  }
}

/// `weave release`: the snapshots of a run that has been measured go, all but the last.
enum ReleaseCommand {
  static func run(_ arguments: [String]) throws {
    var options = CommandLineOptions(
      tool: "weave release", summary: "Drops the snapshots of a measured run, all but the last.")
    let root = options.option(
      "store", String.self, value: "FOLDER", default: ".store", help: "where results are kept")
    let key = options.positional("KEY", String.self, help: "of the run")
    let readers = options.positionals(
      "STAGE/KEY", String.self, help: "results that must be there before, or nothing is dropped")
    let parsed = try options.parse(arguments)
    let store = try Store(root: parsed[root])
    let isDone = parsed[readers].allSatisfy { reader in
      let parts = reader.split(separator: "/", maxSplits: 1).map(String.init)
      return parts.count == 2 && store.contains(stage: parts[0], key: parts[1])
    }
    if isDone { try release(parsed[key], in: store) }
  }

  /// - Returns: the bytes that were freed.
  @discardableResult
  static func release(_ key: String, in store: Store) throws -> Int {
    guard let run = try store.entry(stage: Stage.train.rawValue, key: key) else { return 0 }
    // A phase that starts from the run needs the last one.
    let snapshots = SnapshotName.all(among: run.manifest.files.keys).dropLast().map {
      "snapshots/" + $0.fileName
    }
    let doomed = Set(snapshots)
    return try store.release(stage: Stage.train.rawValue, key: key) { doomed.contains($0) }
  }
}
