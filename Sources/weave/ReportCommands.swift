import Console
import ContentStore
import Foundation
import Manuscript
import Report
import Tables

/// What the commands that write parts of the report share.
struct ReportOptions {
  var plan: PlanOptions
  private let records: CommandLineOptions.Option<String>
  private let commit: CommandLineOptions.Option<String>

  init(_ command: String, _ summary: String) {
    plan = PlanOptions(command, summary)
    records = plan.text(
      "records", value: "FOLDER", default: "paper/records", help: "results kept with the chapters")
    commit = plan.text("commit", value: "NAME", default: "", help: "the commit that the sources are of")
  }

  /// What the report is made from.
  ///
  /// - Parameter figures: those that are needed; all if nil.
  func edition(_ parsed: PlanOptions.Parsed, figures: Set<String>? = nil) throws -> Edition {
    try Edition(
      chapters: parsed.chapters(), figures: figures, in: parsed.figuresFolder,
      records: parsed.arguments[records],
      profile: parsed.profile, commit: parsed.arguments[commit])
  }

  /// Makes tables from an edition.
  func builder(_ edition: Edition, _ parsed: PlanOptions.Parsed) throws -> TableBuilder {
    let store = try parsed.store()
    var plans: [Profile: Plan] = [:]
    func plan(_ profile: Profile) throws -> Plan {
      if let plan = plans[profile] { return plan }
      let plan = try parsed.plan(profile: profile)
      plans[profile] = plan
      return plan
    }
    let current = try plan(parsed.profile)
    let rates = StageRates(current.jobs, store: store)
    return TableBuilder(
      edition, plan: plan, estimate: { rates.seconds(for: $0.jobs) }, source: parsed.source)
  }
}

/// `weave table`: a table beside the figures, in three languages.
enum TableCommand {
  static func run(_ arguments: [String]) throws {
    var options = ReportOptions("table", "Writes a table of what the figures' records and the plan say.")
    let name = options.plan.positional("TABLE", help: "such as table-claims")
    let parsed = try options.plan.parse(arguments)
    let id = parsed.arguments[name]
    let chapters = try parsed.chapters()
    let declared = try chapters.flatMap(\.tables).map {
      try TableSpecification.Declared($0, profile: parsed.profile)
    }
    guard let table = declared.first(where: { $0.block.id == id }) else {
      throw UnknownArtifact(id: id, known: declared.map(\.block.id))
    }
    let all = chapters.flatMap(\.blocks).map(\.id)
    let edition = try options.edition(parsed, figures: Set(table.figures(among: all)))
    let made = try options.builder(edition, parsed).table(table)
    let path = "\(parsed.figuresFolder)/\(id)"
    try FileSystem.createFolder(parsed.figuresFolder)
    try made.csv.write(path + ".csv")
    try FileSystem.write(Data(made.markdown.utf8), atomicallyTo: path + ".md")
    try FileSystem.write(Data(made.latex.utf8), atomicallyTo: path + ".tex")
    try GalleryFile.write(in: parsed.figuresFolder)
    print("\(id)  \(made.title)\n\(path).{csv,md,tex}  \(made.csv.rows.count) rows")
  }
}

/// `weave paper`: the page and the appendix.
enum PaperCommand {
  static func run(_ arguments: [String]) throws {
    var options = ReportOptions("paper", "Weaves the chapters with their results into the report.")
    let output = options.plan.required("output", value: "FOLDER", help: "where the report goes")
    let templates = options.plan.text(
      "templates", value: "FOLDER", default: "paper/templates", help: "the page's and the appendix's frames")
    let parsed = try options.plan.parse(arguments)
    let edition = try options.edition(parsed)
    let builder = try options.builder(edition, parsed)
    let tables = try edition.tables.map { try builder.table($0) }
    let pandoc = try Pandoc()
    let folder = parsed.arguments[output]
    let page = try Page(edition, tables: tables, templates: parsed.arguments[templates]).html(pandoc)
    let appendix = try Appendix(edition, tables: tables, templates: parsed.arguments[templates]).files(pandoc)
    try FileSystem.createFolder(folder)
    try FileSystem.write(Data(page.utf8), atomicallyTo: folder + "/index.html")
    for (name, data) in appendix.sorted(by: { $0.key < $1.key }) {
      try FileSystem.write(data, atomicallyTo: folder + "/" + name)
    }
    print("\(folder)/index.html  the report, \(Format.bytes(page.utf8.count))")
    print("\(folder)/appendix.tex  the artifact appendix, with numbers.tex, tables and figures")
  }
}

/// `weave record`: a result that the prose may speak of for good.
enum RecordCommand {
  static func run(_ arguments: [String]) throws {
    var options = CommandLineOptions(
      tool: "weave record", summary: "Keeps a figure's record and numbers with the chapters.")
    let figures = options.option(
      "figures", String.self, value: "FOLDER", default: "figures", help: "where figures are published")
    let records = options.option(
      "records", String.self, value: "FOLDER", default: "paper/records",
      help: "results kept with the chapters")
    let name = options.positional("ARTIFACT", String.self, help: "such as fig-2.1")
    let parsed = try options.parse(arguments)
    let files = try RecordShelf(folder: parsed[records]).keep(
      PublishedFigure(parsed[name], in: parsed[figures]))
    print(files.joined(separator: "\n"))
  }
}

/// `weave manifests`: what the store says of every result that the published figures rest on.
enum ManifestsCommand {
  static func run(_ arguments: [String]) throws {
    var options = CommandLineOptions(
      tool: "weave manifests", summary: "Copies the manifests of all results that figures rest on.")
    let root = options.option(
      "store", String.self, value: "FOLDER", default: ".store", help: "where results are kept")
    let figures = options.option(
      "figures", String.self, value: "FOLDER", default: "figures", help: "where figures are published")
    let output = options.required("output", String.self, value: "FOLDER", help: "where the manifests go")
    let parsed = try options.parse(arguments)
    let store = try Store(root: parsed[root])
    for key in try keys(in: parsed[figures]) {
      // A key does not tell its stage; no two stages have the same key.
      for stage in Stage.allCases {
        guard let entry = try store.entry(stage: stage.rawValue, key: key) else { continue }
        let folder = "\(parsed[output])/\(stage.rawValue)"
        try FileSystem.createFolder(folder)
        try FileSystem.write(
          FileSystem.contents(of: entry.folder + "/" + Manifest.fileName),
          atomicallyTo: "\(folder)/\(key).json")
      }
    }
  }

  /// The keys that the published records name.
  private static func keys(in folder: String) throws -> [String] {
    let records = try FileSystem.names(in: folder)
      .filter { $0.hasPrefix("fig-") && $0.hasSuffix(".json") }
      .map { try PublishedFigure(String($0.dropLast(5)), in: folder).record }
    let keys = records.flatMap { record in
      record.runs.flatMap { [$0.trainKey, $0.measureKey] } + record.tables.map(\.key)
        + record.dataSets.map(\.key)
    }
    return Set(keys).sorted()
  }
}

/// The gallery among the published figures.
enum GalleryFile {
  static func write(in folder: String) throws {
    let text = Data(try Gallery.markdown(of: folder).utf8)
    let path = folder + "/README.md"
    guard FileManager.default.contents(atPath: path) != text else { return }
    try FileSystem.write(text, atomicallyTo: path)
  }
}
