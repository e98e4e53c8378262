import Console
import ContentStore
import Foundation
import ImageSources
import Manuscript
import PreparedImages
import Publishing

/// The jobs that repeat published ones here: the same recipes, with this machine's tools.
struct ChallengeJobs {
  /// A job that is to be done, and the keys of those that come before it.
  struct Step: Sendable {
    let job: Job
    let key: String
    let inputs: [String]
    /// How long it took where it was made, in seconds.
    let seconds: Double
    /// The published result that it repeats.
    let published: String
  }

  private let results: PublishedResults
  private let environment: [String: String]
  /// The digest of the official files of a set as they lie here.
  private let dataDigest: (_ set: String, _ isSynthetic: Bool) throws -> String
  private(set) var steps: [Step] = []
  /// Published networks that runs begin with, by the key of the job that they stand for here.
  private(set) var starts: [String: (point: StartingPoint, job: Job)] = [:]
  private var known: [String: Job] = [:]

  init(
    _ results: PublishedResults, environment: [String: String],
    dataDigest: @escaping (_ set: String, _ isSynthetic: Bool) throws -> String
  ) {
    self.results = results
    self.environment = environment
    self.dataDigest = dataDigest
  }

  /// Adds what repeats a run.
  mutating func add(_ run: ChallengeRun) throws {
    for entry in [run.entry] + run.readers { _ = try add(entry, isSegment: run.isSegment) }
  }

  /// The job here that repeats a published one.
  func job(repeating key: String) -> Job? { known[key] }

  private mutating func add(_ entry: PublishedIndex.Entry, isSegment: Bool) throws -> Job {
    let key = entry.manifest.key
    if let job = known[key] { return job }
    var job = entry.manifest.job
    job.environment = environment
    if job.stage == Stage.prepare.rawValue {
      let specification: PreparationSpecification = try job.parameters.decoded()
      guard case .object(var parameters) = job.parameters else { throw MissingPublished(key: key) }
      // The same images may be read from another file.
      parameters["digest"] = .string(try dataDigest(specification.set, specification.synthetic))
      job.parameters = .object(parameters)
    }
    for (place, input) in job.inputs.enumerated() {
      guard let before = results.entry(for: input) else { throw MissingPublished(key: input.key) }
      if input.name == "start", isSegment, let point = StartingPoint(before) {
        var start = before.manifest.job
        start.environment = environment
        // As far as this run is concerned, it is made of nothing.
        start.title += ", as published"
        job.inputs[place].key = start.key
        starts[start.key] = (point, start)
      } else {
        job.inputs[place].key = try add(before, isSegment: isSegment).key
      }
    }
    known[key] = job
    let inputs = job.inputs.map(\.key).filter { starts[$0] == nil }
    steps.append(
      Step(job: job, key: job.key, inputs: inputs, seconds: entry.manifest.wallSeconds, published: key))
    return job
  }
}

/// An index names a result that it does not hold.
struct MissingPublished: Error, Equatable, CustomStringConvertible {
  let key: String
  var description: String {
    "the result \(key.prefix(12))… is not among those that are published, but others rest on it"
  }
}

/// Runs stages one after the other, each when what it reads is there, as many at once as there are cores.
struct StageScheduler {
  let store: Store
  /// Where job files and what stages say go.
  let folder: String
  let dataFolder: String
  /// The folder with the program of a job.
  let programs: @Sendable (Job) -> String

  /// - Throws: ``FailedStage``; `Interruption.Interrupted`.
  func run(_ steps: [ChallengeJobs.Step]) throws {
    try FileSystem.createFolder(folder)
    let total = steps.map(\.seconds).reduce(0, +)
    let reporter = ProgressReporter(title: "challenge", total: max(total, 1e-3))
    var waiting = steps.filter { !store.contains(stage: $0.job.stage, key: $0.key) }
    var there = Set(steps.map(\.key)).subtracting(waiting.map(\.key))
    reporter.resume(at: total - waiting.map(\.seconds).reduce(0, +))
    var running: [(step: ChallengeJobs.Step, process: Process)] = []
    defer { for (_, process) in running where process.isRunning { process.terminate() } }
    let cores = ProcessInfo.processInfo.activeProcessorCount
    while !waiting.isEmpty || !running.isEmpty {
      try Interruption.check()
      for (place, (step, process)) in running.enumerated().reversed() where !process.isRunning {
        running.remove(at: place)
        guard process.terminationStatus == 0, process.terminationReason == .exit else {
          try Interruption.check()
          throw FailedStage(title: step.job.title, reason: lastWords(of: step))
        }
        there.insert(step.key)
      }
      while running.count < cores, let place = waiting.firstIndex(where: { there.isSuperset(of: $0.inputs) })
      {
        let step = waiting.remove(at: place)
        running.append((step, try start(step)))
      }
      reporter.update(
        done: steps.filter { there.contains($0.key) }.map(\.seconds).reduce(0, +),
        note: "\(there.count)/\(steps.count) jobs  " + running.map(\.step.job.title).joined(separator: ", "))
      Thread.sleep(forTimeInterval: 0.05)
    }
    reporter.finish()
  }

  private func start(_ step: ChallengeJobs.Step) throws -> Process {
    let file = "\(folder)/\(step.job.stage)-\(step.key).json"
    try step.job.write(file)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "\(programs(step.job))/\(step.job.stage)")
    process.arguments =
      ["--store", store.root, "--job", file]
      + (step.job.stage == Stage.prepare.rawValue ? ["--data-dir", dataFolder] : [])
    process.environment = ProcessInfo.processInfo.environment
      .filter { $0.key != "BARRIERS_PROGRESS" }
      .merging(["OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"]) { $1 }
    let words = wordsFile(of: step)
    try FileSystem.write(Data(), atomicallyTo: words)
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: words))
    process.standardOutput = handle
    process.standardError = handle
    do { try process.run() } catch {
      throw FailedStage(
        title: step.job.title, reason: "its program cannot be run: \(error.localizedDescription)")
    }
    return process
  }

  private func wordsFile(of step: ChallengeJobs.Step) -> String { "\(folder)/\(step.key).said" }

  private func lastWords(of step: ChallengeJobs.Step) -> String {
    let data = FileManager.default.contents(atPath: wordsFile(of: step)) ?? Data()
    return String(decoding: data, as: UTF8.self).split(separator: "\n").last.map(String.init)
      ?? "it said nothing"
  }
}

/// A stage of a challenge failed.
struct FailedStage: Error, Equatable, CustomStringConvertible {
  let title: String
  let reason: String
  var description: String { "\(title): \(reason)" }
}
