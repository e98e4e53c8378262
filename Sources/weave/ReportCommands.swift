import Console
import ContentStore
import Foundation
import Manuscript
import Report
import Tables

/// `weave table`: a table beside the figures, in three languages.
enum TableCommand {
  static func run(_ arguments: [String]) throws {
    var options = ReportOptions("table", "Writes a table of what the figures' records and the plan say.")
    let name = options.plan.positional("TABLE", help: "such as table-claims")
    let quiet = options.plan.flag("quiet", help: "print nothing")
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
    guard !parsed.arguments[quiet] else { return }
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
    let material = ReportMaterial(edition, tables: tables, templates: parsed.arguments[templates])
    let page = try Page(material).html(pandoc)
    let appendix = try Appendix(material).files(pandoc)
    try FileSystem.createFolder(folder)
    try FileSystem.update(folder + "/index.html", to: Data(page.utf8))
    for (name, data) in appendix.sorted(by: { $0.key < $1.key }) {
      try FileSystem.update(folder + "/" + name, to: data)
    }
    print("\(folder)/index.html  the report, \(Format.bytes(page.utf8.count))")
    print("\(folder)/appendix.tex  the artifact appendix, with numbers.tex, tables and figures")
  }
}
