import Console
import ContentStore
import Foundation
import Manuscript

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
    let parsed = try options.parse(arguments)
    let store = try parsed.store()
    // Every profile's results count as referred to, on real and on synthetic data: a night's work is not
    // dropped because today's make is a quick one.
    var keys = PublishedRecords(store).keys()
    for profile in Profile.allCases {
      for data in [parsed.dataChoice, .synthetic] {
        keys.formUnion(try parsed.plan(profile: profile, data: data).jobs.map(\.key))
      }
    }
    let report = try store.prune(keeping: keys, dryRun: parsed.arguments[dryRun])
    let verb = parsed.arguments[dryRun] ? "would drop" : "dropped"
    for entry in report.removed { print("\(verb) \(entry)") }
    print("\(verb) \(report.removed.count) entries, \(Format.bytes(report.bytes))")
  }
}
