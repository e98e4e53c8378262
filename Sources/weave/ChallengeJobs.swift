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
  /// Published networks and checkpoints that runs begin with, by the key of the job that they stand for here.
  private(set) var starts: [String: Puller.Item] = [:]
  /// Where the published histories of runs lie that are repeated in part, by the runs' keys.
  private(set) var histories: [String: Job] = [:]
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
    if let part = run.part { try add(part, of: run) }
    for entry in (run.part == nil ? [run.entry] : []) + run.readers {
      _ = try add(entry, isSegment: run.isSegment, depth: 0)
    }
  }

  /// The part of a run stands for the run.
  private mutating func add(_ part: RunPart, of run: ChallengeRun) throws {
    let key = run.key
    guard known[key] == nil else { return }
    var job = run.entry.manifest.job
    job.environment = environment
    job.title += ", \(part.words)"
    guard case .object(var parameters) = job.parameters else { throw MissingPublished(key: key) }
    parameters["segment"] = try JSONValue(encoding: part.segment)
    job.parameters = .object(parameters)
    var files: [String: PublishedFile] = [:]
    files["history.csv"] = run.entry.file("history.csv")
    if let checkpoint = part.checkpoint { files[checkpoint.file] = checkpoint.published }
    let published = try standIn(for: run.entry, files: files)
    if part.checkpoint != nil {
      // It holds what the run went on from.
      job.inputs.removeAll { $0.name == "start" }
      job.inputs.append(
        JobInput(
          name: ChallengeRun.checkpointInput, stage: published.stage, key: published.key,
          recipe: published.recipe))
    }
    histories[key] = published
    try addInputs(to: &job, isSegment: run.isSegment, depth: 0)
    add(job, repeating: run.entry, seconds: run.entry.manifest.coreSeconds * part.share)
  }

  /// The job that stands for what was published of a run, as far as a repetition begins with it or is compared with it. It
  /// is made of nothing here but these files, which its recipe covers: others may be published under the same key.
  private mutating func standIn(for entry: PublishedIndex.Entry, files: [String: PublishedFile]) throws -> Job
  {
    var job = entry.manifest.job
    guard case .object(var parameters) = job.parameters else {
      throw MissingPublished(key: entry.manifest.key)
    }
    parameters["published"] = .object(files.mapValues { .string($0.digest.hex) })
    job.parameters = .object(parameters)
    job.environment = environment
    job.title += ", as published"
    starts[job.key] = Puller.Item(job: job, files: files)
    return job
  }

  /// The job here that repeats a published one.
  func job(repeating key: String) -> Job? { known[key] }

  private mutating func add(_ entry: PublishedIndex.Entry, isSegment: Bool, depth: Int) throws -> Job {
    let key = entry.manifest.key
    if let job = known[key] { return job }
    guard depth < PublishedResults.greatestDepth else {
      throw EndlessChain(title: entry.manifest.job.title)
    }
    var job = entry.manifest.job
    job.environment = environment
    if job.stage == Stage.prepare.rawValue {
      let specification: PreparationSpecification = try job.parameters.decoded()
      guard case .object(var parameters) = job.parameters else { throw MissingPublished(key: key) }
      // The same images may be read from another file.
      parameters["digest"] = .string(try dataDigest(specification.set, specification.synthetic))
      job.parameters = .object(parameters)
    }
    try addInputs(to: &job, isSegment: isSegment, depth: depth + 1)
    add(job, repeating: entry, seconds: entry.manifest.coreSeconds)
    return job
  }

  /// Adds what a job reads, and tells it the keys that this has here.
  private mutating func addInputs(to job: inout Job, isSegment: Bool, depth: Int) throws {
    for (place, input) in job.inputs.enumerated() where input.name != ChallengeRun.checkpointInput {
      guard let before = results.entry(for: input) else { throw MissingPublished(key: input.key) }
      if input.name == "start", isSegment, let point = StartingPoint(before) {
        let start = try standIn(for: before, files: [point.file: point.published])
        job.inputs[place].key = start.key
        job.inputs[place].recipe = start.recipe
      } else {
        let here = try add(before, isSegment: isSegment, depth: depth)
        job.inputs[place].key = here.key
        // Images count by content; what is read off a part, or off what began with a published network, is not what is read
        // off the run.
        if input.stage != Stage.prepare.rawValue { job.inputs[place].recipe = here.recipe }
      }
    }
  }

  private mutating func add(_ job: Job, repeating entry: PublishedIndex.Entry, seconds: Double) {
    known[entry.manifest.key] = job
    let inputs = job.inputs.map(\.key).filter { starts[$0] == nil }
    steps.append(
      Step(job: job, key: job.key, inputs: inputs, seconds: seconds, published: entry.manifest.key))
  }
}

/// An index names a result that it does not hold.
struct MissingPublished: Error, Equatable, CustomStringConvertible {
  let key: String
  var description: String {
    "the result \(key.prefix(12))… is not among those that are published, but others rest on it"
  }
}

/// A result goes on from more results, one from the other, than any that is made.
struct EndlessChain: Error, Equatable, CustomStringConvertible {
  let title: String
  var description: String {
    "\(title) is made from a chain of more than \(PublishedResults.greatestDepth) results; it cannot be repeated"
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
    var running: [(step: ChallengeJobs.Step, process: Process, start: Date)] = []
    defer { for (_, process, _) in running where process.isRunning { process.terminate() } }
    let cores = ProcessInfo.processInfo.activeProcessorCount
    while !waiting.isEmpty || !running.isEmpty {
      try Interruption.check()
      for (place, (step, process, _)) in running.enumerated().reversed() where !process.isRunning {
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
        running.append((step, try start(step), Date()))
      }
      // A stage that is at work is as far as the time says that it took before, but never done.
      let underWay = running.map { min(Date().timeIntervalSince($0.start), 0.97 * $0.step.seconds) }
      reporter.update(
        done: steps.filter { there.contains($0.key) }.map(\.seconds).reduce(0, +)
          + underWay.reduce(0, +),
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
