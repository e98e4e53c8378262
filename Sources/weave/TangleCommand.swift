import Console
import ContentStore
import Foundation
import Manuscript
import Report

/// `weave tangle`: chapters to makefile.
enum TangleCommand {
  static func run(_ arguments: [String]) throws {
    var options = PlanOptions("tangle", "Writes the makefile of everything that the chapters ask for.")
    let isDryRun = options.flag(
      "dry-run", help: "where images are not prepared yet, plan with those that earlier sources made")
    let graphFolder = options.required("graph", value: "FOLDER", help: "where the makefile goes")
    let progress = options.text(
      "progress", value: "FOLDER", default: "", help: "where the progress of this make is kept; none if empty"
    )
    let goalNames = options.text(
      "goals", value: "NAMES", default: "figures", help: "what this make is to make")
    let elsewhere = options.flag("elsewhere", help: "jobs run on other machines")
    let untimed = options.flag(
      "untimed", help: "time no steps of networks that nothing is known of; estimate by others")
    let verbose = options.flag("verbose", help: "name the images even if nothing is to be done")
    let parsed = try options.parse(arguments)
    let folder = parsed.arguments[graphFolder]
    // Opening the store finds one that is no folder or of a newer format before anything runs.
    let store = try parsed.store()
    let goals = parsed.arguments[goalNames].split(separator: " ").map(String.init)
    let list = try graph(parsed, in: folder, goals: goals, isDryRun: parsed.arguments[isDryRun])
    let figures = list.figures(for: ["figures"]).map(\.id)
    let unchanged = Publication.unchanged(among: figures, in: folder).joined(separator: " ")
    try FileSystem.update("\(folder)/unchanged", to: Data((unchanged + "\n").utf8))
    guard !parsed.arguments[isDryRun] else { return }
    guard !parsed.arguments[progress].isEmpty else { return say(images: list) }
    // What was made elsewhere is not made here.
    let isTimed = try !parsed.arguments[untimed] && parsed.foreign() == nil
    let make = MakeProgress(
      folder: parsed.arguments[progress], goals: goals,
      runsElsewhere: parsed.arguments[elsewhere])
    let timings = StepTimings(list: list, figures: list.figures(for: goals), store: store) { _, key in
      try Job.read("\(folder)/jobs/\(Stage.train.rawValue)-\(key).json")
    }
    let rates = try timings.rates(timingFrom: isTimed ? StepTimings.longRuns : nil)
    if let line = try make.begin(list, store: store, rates: rates) {
      FileHandle.standardError.write(Data("\(line)\n".utf8))
    } else if parsed.arguments[verbose] {
      say(images: list)
    }
  }

  /// Which images the plan rests on, for who would wait half an hour for others.
  private static func say(images list: WorkList) {
    guard !list.images.isEmpty else { return }
    FileHandle.standardError.write(Data("images: \(list.images)\n".utf8))
  }

  /// Writes the graph, unless nothing has changed since it was written.
  private static func graph(
    _ parsed: PlanOptions.Parsed, in folder: String, goals: [String], isDryRun: Bool
  ) throws -> WorkList {
    let source = try parsed.foreign(isFresh: true)
    // What would be planned for other sources, or with images that may change, is not remembered, nor what others may
    // publish anew.
    let isRemembered = !isDryRun && parsed.isForBuiltSources && source == nil
    let stamp = try isRemembered ? PlanStamp(folder: folder, parsed: parsed) : nil
    let wanted = WantedKeys(try parsed.store())
    if let stamp, stamp.isCurrent, let list = WorkFile.read(in: folder),
      wanted.touch(settings: parsed.settings)
    {
      return list
    }
    stamp?.remove()
    let tables = try parsed.tableTargets()
    let plan =
      try source.map {
        try PullCommand.pulledPlan($0, parsed: parsed, goals: goals, tables: tables, isDryRun: isDryRun)
      } ?? parsed.plan(assumingEarlierImages: isDryRun)
    try FileSystem.createFolder(folder + "/jobs")
    // The report alone shows these, and it comes last.
    for block in try parsed.chapters().flatMap(\.proseTables) {
      _ = try ProseTable.lines(of: block, profile: parsed.profile)
    }
    let graph = MakeGraph(plan, tables: tables, folder: folder)
    for job in plan.jobs where !job.isForeign { try job.job.write(graph.jobFile(job)) }
    for artifact in plan.artifacts {
      try FileSystem.update(graph.planFile(artifact), to: JSONEncoder.stable.encode(ArtifactRecord(artifact)))
    }
    if !isDryRun { try wanted.save(plan, settings: parsed.settings) }
    var list = graph.workList
    if parsed.dataChoice != .synthetic, source == nil {
      list.images = list.images.replacing(
        "synthetic stand-in", with: "synthetic stand-in, for there are none in \(parsed.dataFolder)")
    }
    try WorkFile.write(list, in: folder)
    // Last, and only if it differs: make starts over when this file is newer than before.
    try FileSystem.update(folder + "/graph.mk", to: Data(graph.text.utf8))
    removeStaleJobs(in: folder + "/jobs", keeping: plan.jobs.map(graph.jobFile))
    try stamp?.save()
    return list
  }

  /// Job files of earlier plans that no make can still need: older than a week.
  private static func removeStaleJobs(in folder: String, keeping kept: [String]) {
    let kept = Set(kept)
    let manager = FileManager.default
    for name in (try? manager.contentsOfDirectory(atPath: folder)) ?? [] {
      let path = folder + "/" + name
      guard !kept.contains(path), let attributes = try? manager.attributesOfItem(atPath: path),
        let date = attributes[.modificationDate] as? Date, date.timeIntervalSinceNow < -7 * 86_400
      else { continue }
      try? manager.removeItem(atPath: path)
    }
  }
}

extension JSONEncoder {
  /// For files that people read and that must not change without reason.
  static var stable: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return encoder
  }
}

/// `weave artifact`: what make runs for an artifact that the graph does not know.
enum ArtifactCommand {
  static func run(_ arguments: [String]) throws {
    var options = PlanOptions("artifact", "Says that an artifact is unknown, and which there are.")
    let name = options.positional("ARTIFACT", help: "such as fig-2.1")
    let parsed = try options.parse(arguments)
    let (id, chapters) = (parsed.arguments[name], try parsed.chapters())
    let known = chapters.flatMap { $0.blocks + $0.tables }.map(\.id)
    guard known.contains(id) else { throw UnknownArtifact(id: id, known: known) }
  }
}
