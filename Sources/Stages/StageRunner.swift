import Console
import ContentStore
import Foundation
import LinearAlgebra
import Specifications

/// What the executables of the pipeline have in common: a job file in, a store entry out.
public struct StageRunner {
  /// A job under way.
  public struct Context {
    public let job: Job
    public let store: Store
    public let workspace: Workspace
    public let arguments: ParsedArguments
    /// To be told whenever the stage tells how far it is.
    public let clock: WorkClock

    /// The folder in which the result is made.
    public var folder: String { workspace.folder }

    /// The entry that the job reads under a name.
    ///
    /// - Throws: ``StageError/missingInput(name:title:)``, or what reading the store throws.
    public func input(_ name: String) throws -> Entry {
      guard let input = try optionalInput(name) else {
        throw StageError.missingInput(name: name, title: job.title)
      }
      return input
    }

    /// The entry, or nil if the job has no input of that name.
    public func optionalInput(_ name: String) throws -> Entry? {
      guard let input = job.inputs.first(where: { $0.name == name }) else { return nil }
      return try entry(of: input)
    }

    /// The entry that an input refers to.
    public func entry(of input: JobInput) throws -> Entry {
      let end = ContinuousClock.now + .seconds(Arrival.seconds)
      while true {
        if let entry = try store.arrivingEntry(stage: input.stage, key: input.key) { return entry }
        guard ContinuousClock.now < end else {
          throw StageError.missingInput(name: input.name, title: job.title)
        }
        try Interruption.check()
        usleep(200_000)
      }
    }

    /// Progress on the terminal, as a part of the make's where there is one, and in the log beside the entry.
    public func progress(total: Double) -> ProgressReporter {
      ProgressReporter(
        title: job.title, total: total, log: workspace.logPath, session: ProgressSession.current)
    }
  }

  private var options: CommandLineOptions
  private let tool: String
  private let store: CommandLineOptions.Option<String>
  private let jobFile: CommandLineOptions.Option<String?>

  /// A runner for the executable `tool`, whose further options `declare` adds.
  public init(
    tool: String, summary: String, declare: (inout CommandLineOptions) -> Void = { _ in }
  ) {
    self.tool = tool
    options = CommandLineOptions(tool: tool, summary: summary)
    jobFile = options.optional(
      "job", String.self, value: "FILE", help: "the job, as 'weave tangle' wrote it")
    store = options.option(
      "store", String.self, value: "FOLDER", default: ".store", help: "where results are kept")
    declare(&options)
  }

  /// Runs the executable and ends the process.
  ///
  /// - Parameters:
  ///   - withoutJob: what to do if no job is given; an error if nil.
  ///   - body: makes the result in the context's folder and returns its files.
  public func run(
    withoutJob: ((ParsedArguments) throws -> Void)? = nil,
    body: (Context) throws -> [String]
  ) -> Never {
    Subnormals.flush()
    Console.run(tool: tool) {
      let arguments = try options.parse()
      guard let file = arguments[jobFile] else {
        guard let withoutJob else { throw StageError.noJob }
        return try withoutJob(arguments)
      }
      let job = try Job.read(file)
      guard job.stage == tool else { throw StageError.otherStage(job.stage, tool: tool, file: file) }
      try Build.current.check(job, file: file)
      let kernel = job.environment["blasKernel"]
      BLASKernel.select(kernel)
      guard kernel == nil || kernel == BLASKernel.name else {
        throw StageError.otherEnvironment(
          name: "blasKernel", asked: kernel ?? "", found: BLASKernel.name, file: file)
      }
      guard BLASKernel.threadCount == 1 else { throw StageError.manyThreads(BLASKernel.threadCount) }
      Interruption.install()
      let store = try Store(root: arguments[store])
      let session = ProgressSession.current
      session?.begin(job.key, title: job.title)
      var isDone = false
      defer { session?.end(isDone: isDone) }
      try ThreadBudget.apply(session: session)
      do {
        do { try perform(job, store: store, arguments: arguments, body: body) } catch {
          // Where two do the same without seeing one another, the first may have dropped what the second still reads.
          guard !(error is Interruption.Interrupted),
            (try? store.arrivingEntry(stage: job.stage, key: job.key)) != nil
          else { throw error }
        }
        isDone = true
      } catch let problem as SpecificationProblem {
        throw JobProblem(file: file, problem)
      } catch let error as DecodingError {
        throw JobProblem(file: file, error)
      } catch StoreError.damaged(let entry, let damagedFile) {
        let place = try store.setAside(folder: entry)
        throw DamagedInput(entry: entry, file: damagedFile, setAside: place)
      } catch StoreError.released(let entry) {
        try store.setAside(folder: entry)
        throw ReleasedInput(entry: entry)
      } catch let error where !(error is any ExitCodeProviding) {
        throw JobFailure(title: job.title, error: error)
      }
    }
  }

  private func perform(
    _ job: Job, store: Store, arguments: ParsedArguments, body: (Context) throws -> [String]
  ) throws {
    let acquisition = try store.workspace(for: job) { wait in
      if wait.isFirst { Console.tell("\(job.title): \(wait)") }
      try Interruption.check()
    }
    guard case .workspace(let workspace) = acquisition else { return }
    let clock = WorkClock(folder: workspace.folder)
    let context = Context(
      job: job, store: store, workspace: workspace, arguments: arguments, clock: clock)
    let files: [String]
    do {
      files = try body(context)
    } catch let interruption as Interruption.Interrupted {
      clock.keep()
      throw interruption
    } catch  where workspace.isLost {
      throw LostWorkspace(title: job.title)
    } catch {
      // What a failed stage leaves is of no use to the next attempt, but for a checkpoint.
      if !FileManager.default.fileExists(atPath: workspace.path(of: "checkpoint")) {
        try? workspace.discard()
      }
      throw error
    }
    let spent = clock.spent
    try store.keepSources(of: try Build.current.fingerprint(of: job.module))
    var machine = ["cores": "\(ProcessInfo.processInfo.activeProcessorCount)"]
    machine["processor"] = Processor.name
    machine[Manifest.processorSeconds] = String(format: "%.3f", spent.processor)
    do {
      _ = try workspace.commit(files: files, wallSeconds: spent.wall, machine: machine)
    } catch let error as FileSystemError {
      if workspace.isLost { throw LostWorkspace(title: job.title) }
      throw error
    }
  }
}

/// A job asks for what cannot be made.
public struct JobProblem: Error, Equatable, CustomStringConvertible {
  let file: String
  /// The key of the parameters and what is wrong with it.
  let message: String

  init(file: String, _ problem: SpecificationProblem) {
    self.file = file
    message = problem.description.inOneLine()
  }

  init(file: String, _ error: DecodingError) {
    self.file = file
    message = Console.text(error).inOneLine()
  }

  public var description: String { "\(file): \(message)" }
}

/// Why a stage cannot begin.
public enum StageError: Error, Equatable, CustomStringConvertible {
  case noJob
  case otherStage(String, tool: String, file: String)
  case missingInput(name: String, title: String)
  /// The program was built without a record of its sources.
  case notBuiltByMake
  /// The job wants a result of other sources than those that the program was built from.
  case otherSources(module: String, file: String)
  /// The job wants a result that was computed with something else.
  case otherEnvironment(name: String, asked: String, found: String, file: String)
  /// OpenBLAS does not keep to one thread: other threads would add up in another order.
  case manyThreads(Int)
  /// The processor lacks what the program was built for.
  case otherProcessor(instructionSet: String, missing: String)

  public var description: String {
    switch self {
    case .notBuiltByMake:
      "built without a record of its sources, so that its results would have no name; build with 'make build'"
    case .otherSources(let module, let file):
      "\(file) is a job for other sources of \(module) than this program was built from; run 'make' again"
    case .otherEnvironment(let name, let asked, let found, let file):
      "\(file) is a job for \(name) '\(asked)', and here it is '\(found)'; run 'make' again"
    case .otherProcessor(let instructionSet, let missing):
      "built for \(instructionSet), and this processor lacks \(missing); build for all of them, as with "
        + "'make build ISA=x86-64-v3'"
    case .manyThreads(let count):
      "OpenBLAS computes with \(count) threads although it was told not to; install Debian's libopenblas0-pthread, "
        + "or set OPENBLAS_NUM_THREADS=1 and OMP_NUM_THREADS=1"
    case .noJob: "no --job; 'make' runs the stages with their jobs, --help lists the options"
    case .otherStage(let stage, let tool, let file): "\(file) is a job for '\(stage)', not for '\(tool)'"
    case .missingInput(let name, let title):
      "\(title): the input '\(name)' is not in the store; run 'make', which makes it first"
    }
  }
}

/// A job failed. Of many at once, the line says which.
public struct JobFailure: Error, CustomStringConvertible {
  let title: String
  let error: any Error
  public var description: String { "\(title): \(error)" }
}

/// An input's files are not what they were when they were committed; it has been set aside.
public struct DamagedInput: Error, Equatable, CustomStringConvertible, ExitCodeProviding {
  let entry: String
  let file: String
  let setAside: String?
  public var exitCode: Int32 { 3 }
  public var description: String {
    "\(entry): \(file) is damaged; the entry "
      + (setAside.map { "is set aside as \($0) and" } ?? "was set aside and") + " will be made again"
  }
}

/// This process stood still for so long that another one took its work over.
public struct LostWorkspace: Error, Equatable, CustomStringConvertible, ExitCodeProviding {
  let title: String
  public var exitCode: Int32 { 3 }
  public var description: String {
    "\(title): another process went on with this one's work, as nothing had been heard of it; its result will do"
  }
}

/// An input was dropped in part when it had served its purpose; the rest has been set aside.
public struct ReleasedInput: Error, Equatable, CustomStringConvertible, ExitCodeProviding {
  let entry: String
  public var exitCode: Int32 { 3 }
  public var description: String {
    "\(entry): the snapshots were dropped after they had been measured (KEEP_SNAPSHOTS=1 keeps them); the run will "
      + "be made again"
  }
}
