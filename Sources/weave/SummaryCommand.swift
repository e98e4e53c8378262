import Claims
import Console
import ContentStore
import Foundation
import Manuscript
import Report

/// `weave summary`: what a make has made, told once at its end.
enum SummaryCommand {
  static func run(_ arguments: [String]) throws {
    var options = CommandLineOptions(
      tool: "weave summary", summary: "Says what a make has made, once its last goal is reached.")
    let graph = options.required("graph", String.self, value: "FOLDER", help: "where the makefile is")
    let progress = options.required(
      "progress", String.self, value: "FOLDER", help: "where the progress of this make is kept")
    let figures = options.option(
      "figures", String.self, value: "FOLDER", default: "figures", help: "where figures are published")
    let report = options.option(
      "report", String.self, value: "FOLDER", default: "paper/build", help: "where the report goes")
    let records = options.option(
      "records", String.self, value: "FOLDER", default: "paper/records",
      help: "results kept with the chapters, of which those of larger profiles are told")
    let goals = options.required("goals", String.self, value: "NAMES", help: "what this make is to make")
    let verbose = options.flag("verbose", help: "the claims of each figure were printed before")
    let goal = options.positional("GOAL", String.self, help: "the goal that was reached")
    let parsed = try options.parse(arguments)
    let all = parsed[goals].split(separator: " ").map(String.init)
    try FileSystem.createFolder(parsed[progress])
    let session = ProgressSession(folder: parsed[progress])
    guard session.reach(parsed[goal], of: all) else { return }
    let (plan, hasRun) = (session.plan, session.hasRun)
    try FileSystem.remove(parsed[progress])
    guard let list = WorkFile.read(in: parsed[graph]) else { throw MissingGraph(folder: parsed[graph]) }

    let ids = list.figures(for: all).map(\.id)
    try updateGallery(in: parsed[figures], figures: ids, graph: parsed[graph])
    let shelf = RecordShelf(folder: parsed[records])
    let end = MakeSummary(
      goals: all,
      records: try ids.map { id in
        let record = try FigureRecord(published: id, in: parsed[figures])
        return (record, try shelf.larger(than: record))
      },
      tables: all.contains { ["tables", "paper", "artifact"].contains($0) }
        ? list.artifacts.filter(\.last.isEmpty).count : all.count { $0.hasPrefix("table-") },
      figures: parsed[figures], report: parsed[report],
      seconds: hasRun ? plan.map { ProgressSession.now - $0.began } : nil)
    let text = end.text(style: TextStyle(), isVerbose: parsed[verbose])
    if isatty(STDERR_FILENO) == 1, hasRun {
      FileHandle.standardError.write(Data(ProgressSession.emptyLine.utf8))
    }
    if !text.isEmpty { print(text) }
  }

  /// Figures that are published at the same time may miss each other in the gallery; now all of them are there.
  private static func updateGallery(in folder: String, figures: [String], graph: String) throws {
    let unchanged = FileManager.default.contents(atPath: graph + "/unchanged")
      .map { Set(String(decoding: $0, as: UTF8.self).split(whereSeparator: \.isWhitespace).map(String.init)) }
    let isComplete = unchanged.map { $0.isSuperset(of: figures) } ?? false
    if isComplete, FileManager.default.fileExists(atPath: GalleryFile.path(in: folder)) { return }
    try GalleryFile.write(in: folder)
  }
}

/// The graph that a make went by is not there.
struct MissingGraph: Error, Equatable, CustomStringConvertible {
  let folder: String
  var description: String { "\(folder) holds no graph; run 'make' again" }
}

/// What a make has made.
struct MakeSummary {
  /// Those on the command line.
  let goals: [String]
  /// Each with the kept records of larger profiles.
  let records: [(made: FigureRecord, larger: LargerRecords)]
  /// How many tables were written.
  let tables: Int
  /// The folders of figures and report.
  let figures: String
  let report: String
  /// How long it took; nil if everything was there.
  let seconds: Double?

  /// A single figure's claims; of more, how many came out how, and where to look.
  func text(style: TextStyle, isVerbose: Bool) -> String {
    if goals.count == 1, goals[0].hasPrefix("table-") { return "" }
    if goals.count == 1, goals[0].hasPrefix("fig-"), let (record, larger) = records.first {
      guard !isVerbose else { return "" }
      return ClaimsText.brief(record, larger: larger, folder: figures, style: style) + "; measured values: "
        + "\(figures)/\(ClaimsText.fileName(of: record.artifact))" + (time.map { "\n  \($0)" } ?? "")
    }
    var lines = [
      style.apply(.bold, to: Self.count(records.count, "figure"))
        + (tables > 0 ? " and \(Self.count(tables, "table"))" : "") + " in \(figures)/" + images
    ]
    let results = records.flatMap(\.made.claims)
    if !results.isEmpty {
      let counts = Verdict.allCases.map { verdict in
        let count = results.count { $0.verdict == verdict }
        return ClaimsText.verdict(verdict, text: "\(count) \(verdict.rawValue)", style: style)
      }
      lines.append("\(Self.count(results.count, "claim")): \(counts.joined(separator: ", "))")
    }
    if !contradicted.isEmpty {
      lines.append(
        "otherwise at a larger profile, as kept: \(contradicted.prefix(6).joined(separator: ", "))"
          + (contradicted.count > 6 ? " and \(contradicted.count - 6) more" : "")
          + "; \(figures)/fig-*.claims.txt say how")
    }
    lines.append("open first: \(places.joined(separator: ", "))")
    if let time { lines.append(time) }
    return lines.joined(separator: "\n")
  }

  /// Claims that came out the other way in a kept record of a larger profile.
  private var contradicted: [String] {
    records.flatMap { made, larger in
      made.claims.filter { larger.contradicts($0) }.map { "\(made.artifact) \($0.id)" }
    }
  }

  private var time: String? { seconds.map { "made in \(Format.duration($0.rounded()))" } }

  private var places: [String] {
    let page =
      goals.contains("paper") || goals.contains("artifact") ? ["\(report)/index.html (the report)"] : []
    let claims =
      records.contains { !$0.made.claims.isEmpty } ? ["\(figures)/fig-*.claims.txt (every claim)"] : []
    return page + ["\(figures)/README.md (a gallery)"] + claims
  }

  /// Real or synthetic, which nobody should overlook.
  private var images: String {
    let sets = records.flatMap(\.made.dataSets)
    func titles(_ isSynthetic: Bool) -> [String] {
      Set(sets.filter { $0.synthetic == isSynthetic }.map(\.set)).sorted()
    }
    let parts = [("real", titles(false)), ("synthetic stand-in", titles(true))].filter { !$0.1.isEmpty }
    guard !parts.isEmpty else { return "" }
    return "; images: " + parts.map { "\($0.1.joined(separator: ", ")) (\($0.0))" }.joined(separator: ", ")
  }

  private static func count(_ number: Int, _ word: String) -> String {
    "\(number) \(number == 1 ? word : word + "s")"
  }
}
