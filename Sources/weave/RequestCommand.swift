import Console
import ContentStore
import Foundation
import Manuscript

/// `weave request`: what a scheduler should be asked for a job. For `Scripts/slurm`.
enum RequestCommand {
  static func run(_ arguments: [String]) throws {
    var options = CommandLineOptions(
      tool: "weave request", summary: "Says what a scheduler should be asked for a job: a line each.")
    let root = options.option(
      "store", String.self, value: "FOLDER", default: ".store", help: "where results are kept")
    let file = options.required(
      "job", String.self, value: "FILE", help: "the job, as 'weave tangle' wrote it")
    let longer = options.option(
      "longer", Int.self, value: "N", default: 0, in: .atLeast(0), help: "the time, doubled so many times")
    let larger = options.option(
      "larger", Int.self, value: "N", default: 0, in: .atLeast(0), help: "the memory, doubled so many times")
    let parsed = try options.parse(arguments)
    let job = try Job.read(parsed[file])
    let store = try Store(root: parsed[root])
    let graph = ((parsed[file] as NSString).deletingLastPathComponent as NSString).deletingLastPathComponent
    let seconds = WorkFile.read(in: graph.isEmpty ? "." : graph)
      .flatMap { StageRates.seconds(ofKey: job.key, in: $0, store: store) }
    let request = JobRequest(job, seconds: seconds)
    print(request.name)
    print(request.minutes(doubled: parsed[longer]))
    print(request.megabytes(doubled: parsed[larger]))
    print(store.manifestPath(stage: job.stage, key: job.key))
  }
}

/// What a scheduler is asked for.
struct JobRequest {
  /// A job's name at the scheduler: what it is, for people, and the beginning of its key, since no two jobs of the same
  /// name run at the same time.
  let name: String
  private let seconds: Double
  private let bytes: Double

  /// The least that is asked for: starting takes time, and other nodes may be slower.
  private static let leastMinutes = 15.0
  /// So much longer than it should take.
  private static let patience = 3.0
  /// Of the program itself, and of what is mapped: images.
  private static let baseMemory = 600e6
  /// A year, and a petabyte: as far as doubling goes.
  private static let most = 1e15

  /// - Parameter seconds: how long it should take; nil if that is not known.
  init(_ job: Job, seconds: Double?) {
    // A comma or an equals sign would mean something to some schedulers.
    let words = job.title.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-._ ".contains($0)) ? $0 : "-" }
    name = "\(String(words.prefix(100))) \(job.key.prefix(8))"
    self.seconds = seconds ?? job.cost / 1e10
    bytes = Self.baseMemory + 1.3 * (job.memory ?? 0)
  }

  func minutes(doubled times: Int) -> Int {
    let least = max(Self.leastMinutes, (Self.patience * seconds / 60).rounded(.up))
    return Int(min(least * pow(2, Double(times)), 527_040))
  }

  func megabytes(doubled times: Int) -> Int {
    Int(min((bytes * pow(2, Double(times)) / 1e6).rounded(.up), Self.most / 1e6))
  }
}
