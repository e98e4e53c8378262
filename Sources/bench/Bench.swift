import Console
import ContentStore
import Figures
import Foundation
import LinearAlgebra
import Manuscript

/// Says how fast this project's code is, beside PyTorch where there is one: the runs of a profile by kind, the paper's
/// networks, measuring, the bit-flipping learner.
@main
enum Bench {
  /// What can be timed alone.
  private enum Part: String, CaseIterable, OptionValue {
    case networks, runs, measuring, precision
    case bitFlipping = "bit-flipping"
    case threads
    case mlp, cnn, resnet, vit

    /// The paper's networks that it is about.
    var models: [PaperModel] { PaperModel(rawValue: rawValue).map { [$0] } ?? PaperModel.allCases }
    var isOfNetworks: Bool { self == .networks || PaperModel(rawValue: rawValue) != nil }
  }

  static func main() {
    Console.run(tool: "bench") { try run(Options(CommandLine.arguments.dropFirst())) }
  }

  private struct Options {
    let part: Part?
    let profile: Profile
    let chapters: String
    let kinds: String
    let isList: Bool
    let rounds: Int
    let python: String
    let scripts: String
    let measuresHeap: Bool
    let checksThreads: Bool
    let threads: Int
    let served: (work: ServedWork, kind: String, batch: String)?

    init(_ arguments: ArraySlice<String>) throws {
      var options = CommandLineOptions(
        tool: "bench", summary: "Times this project's code, beside PyTorch where there is one.")
      let part = options.optional("only", Part.self, value: "PART", help: "a part alone")
      let profile = options.option(
        "profile", Profile.self, value: "NAME", default: .quick, help: "whose runs are timed")
      let chapters = options.option(
        "chapters", String.self, value: "FOLDER", default: "paper", help: "the chapters")
      let kinds = options.option(
        "kinds", String.self, value: "WORDS", default: "",
        help: "kinds of runs whose description has all these words, separated by commas")
      let isList = options.flag("list", help: "names the kinds of runs, and times nothing")
      let rounds = options.option(
        "rounds", Int.self, value: "N", default: 5, in: .from(1...1_000), help: "times that each side works")
      let python = options.option(
        "python", String.self, value: "PROGRAM", default: "python3", help: "a Python that has PyTorch")
      let scripts = options.option(
        "scripts", String.self, value: "FOLDER", default: "Benchmarks", help: "PyTorch's sides")
      let heap = options.flag("heap", help: "prints what training steps leave on the heap, for a test")
      let check = options.flag(
        "check-threads", help: "trains on 2, 3 and 8 threads, prints which parameters differ, for a test")
      let threads = options.option(
        "threads", Int.self, value: "N", default: 1, in: .from(1...ThreadTeam.mostThreads),
        help: "threads of what is told to work, or that 'threads' compares with one")
      let served = options.optional(
        "serve", ServedWork.self, value: "WORK", help: "works as told on standard input, for bench itself")
      let kind = options.option("kind", String.self, value: "FILE", default: "", help: "with --serve: what")
      let batch = options.option(
        "batch", String.self, value: "FILE", default: "", help: "with --serve: images and labels")
      let values = try options.parse(Array(arguments))
      self.part = values[part]
      self.profile = values[profile]
      self.chapters = values[chapters]
      self.kinds = values[kinds]
      self.isList = values[isList]
      self.rounds = values[rounds]
      self.python = values[python]
      self.scripts = values[scripts]
      measuresHeap = values[heap]
      checksThreads = values[check]
      self.threads = values[threads]
      self.served = values[served].map { (work: $0, kind: values[kind], batch: values[batch]) }
    }
  }

  private static func run(_ options: Options) throws {
    BLASKernel.selectPreferred()
    // As every stage does.
    Subnormals.flush()
    ThreadTeam.use(options.threads)
    if options.checksThreads {
      for line in try threadDifferences(threads: [2, 3, 8]) { print(line) }
    } else if options.measuresHeap {
      print(try heapGrowth())
    } else if let served = options.served {
      try serve(served.work, kind: served.kind, batch: served.batch)
    } else if options.isList {
      try list(options)
    } else {
      try report(options)
    }
  }

  private static func serve(_ work: ServedWork, kind path: String, batch: String) throws {
    let kind = try FileSystem.contents(of: path)
    switch work {
    case .training:
      let benchmark = try TrainingBenchmark(
        JSONDecoder().decode(RunKind.self, from: kind), samples: try FileSystem.contents(of: batch))
      bench.serve { times in
        let done = benchmark.train(steps: times)
        return (done.seconds, done.loss)
      }
    case .measuring:
      let benchmark = try MeasuringBenchmark(JSONDecoder().decode(MeasuringKind.self, from: kind))
      defer { benchmark.end() }
      try bench.serve { try benchmark.measure(times: $0) }
    }
  }

  private static func planned(_ options: Options) throws -> PlannedRuns {
    try PlannedRuns(chapters: options.chapters, profile: options.profile).filtered(by: options.kinds)
  }

  private static func list(_ options: Options) throws {
    let planned = try planned(options)
    for runs in planned.training { print("train \(runs.kind.inWords): \(runs.runs) runs") }
    for measuring in planned.measuring {
      print("measure \(measuring.kind.inWords): \(cell(measuring.snapshots)) snapshots")
    }
  }

  private static func report(_ options: Options) throws {
    let commands = Commands(python: options.python, scripts: options.scripts)
    let duel = Duel(rounds: options.rounds, seconds: 0.5)
    let profile = options.profile.rawValue
    // Who names kinds wants to see these.
    let isAll = options.part == nil && options.kinds.isEmpty
    var tally = GoalTally()
    if options.part?.isOfNetworks ?? isAll {
      try NetworksReport(commands: commands, duel: duel)
        .print(options.part?.models ?? PaperModel.allCases, tally: &tally)
    }
    if options.part == .threads || isAll {
      try ThreadsReport(commands: commands, duel: duel).print(
        threads: options.threads > 1 ? options.threads : ProcessInfo.processInfo.activeProcessorCount)
    }
    let planned = try planned(options)
    if options.part ?? .runs == .runs, !planned.training.isEmpty {
      try RunsReport(commands: commands, duel: duel)
        .print(planned.training, profile: profile, tally: &tally)
    }
    if options.part ?? .measuring == .measuring, !planned.measuring.isEmpty {
      try MeasuringReport(commands: commands, duel: duel).print(planned.measuring, profile: profile)
    }
    if options.part == .bitFlipping || isAll {
      BitFlippingReport(commands: commands, rounds: options.rounds).print()
    }
    if options.part == .precision || isAll {
      try PrecisionReport(commands: commands, duel: duel).print()
    }
    for line in tally.lines { print(line) }
  }
}

extension Profile: OptionValue {}
