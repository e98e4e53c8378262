import Foundation
import Manuscript

/// The artifact appendix: LaTeX that goes behind a paper, or stands alone.
public struct Appendix {
  private let material: ReportMaterial
  private var edition: Edition { material.edition }
  private var tables: [ReportTable] { material.tables }

  public init(_ material: ReportMaterial) { self.material = material }

  /// The files of the appendix by name: the document, its numbers and tables, the figures that it shows, and the words
  /// that go with an archive of all this.
  ///
  /// - Throws: ``ReportError`` or `ManuscriptError` for what cannot be woven.
  public func files(_ pandoc: Pandoc) throws -> [String: Data] {
    let template = try material.template("appendix.tex")
    let language = AppendixLanguage(edition: edition, tables: Set(tables.map(\.id)))
    let weaver = ChapterWeaver(edition: edition, language: language)
    let text = try ["appendix.md", "checklist.md"].map {
      try weaver.weave(Chapter(contentsOf: material.template($0)))
    }
    let document = try pandoc.convert(
      text.joined(separator: "\n\n"), to: "latex", options: ["--standalone", "--template=\(template)"])
    let plain = ChapterWeaver(edition: edition, language: PlainLanguage())
    var files = [
      "appendix.tex": Data(document.utf8), "numbers.tex": Data(try NumberMacros.latex(edition).utf8),
    ]
    for (name, source) in [("README.md", "artifact.md"), ("CHECKLIST.md", "checklist.md")] {
      files[name] = Data(try plain.weave(Chapter(contentsOf: material.template(source))).utf8)
    }
    for table in tables { files["\(table.id).tex"] = Data(table.latex.utf8) }
    for figure in edition.figures {
      guard let drawing = figure.file("pdf") else {
        throw ReportError("\(figure.folder)/\(figure.id).pdf is missing; run 'make \(figure.id)'")
      }
      files["\(figure.id).pdf"] = drawing
    }
    return files
  }
}

/// LaTeX: a number is set as it is, a name leads to the artifact.
struct AppendixLanguage: ProseLanguage {
  let edition: Edition
  let tables: Set<String>

  func quotation(_ quoted: Quoted) -> String { "`\(quoted.value.latex)`{=latex}" }
  func mention(_ artifact: String) -> String { "`\\barriersref{\(artifact)}{\(artifact)}`{=latex}" }
  func link(_ text: String, to target: String) -> String { "[\(text)](\(target))" }
  func place(of block: ArtifactBlock) -> String? { nil }
  func credit(of paper: Paper) -> String? { nil }
  func anchor(of heading: String, in file: String, isFirst: Bool) -> String? { nil }

  func inclusion(of name: String) throws -> String {
    let latex: String
    if name == "figures" {
      latex = edition.figures.map(figure).joined(separator: "\n")
    } else if tables.contains(name) {
      latex = "\\input{\(name).tex}"
    } else if name.hasPrefix("table-") {
      latex = "The chapters declare no \\texttt{\(Markup.latex(name))}."
    } else {
      throw ReportError("'\(name)' cannot be included; there are figures and the names of tables")
    }
    return "```{=latex}\n\(latex)\n```"
  }

  /// A figure with its claims.
  private func figure(_ figure: PublishedFigure) -> String {
    let record = figure.record
    let rows = record.claims.map { claim in
      "\(Markup.latex(claim.verdict.rawValue)) & \(Markup.latex(claim.says)) "
        + "\\newline\\texttt{\(Markup.breakableLaTeX(claim.id + ": " + claim.criterion))} & "
        + "\\csname \(NumberMacros.macro(figure.id, claim.id))\\endcsname\\\\"
    }
    let table =
      rows.isEmpty
      ? ""
      : """
      {\\small\\begin{longtable}{@{}>{\\raggedright\\arraybackslash}p{0.15\\linewidth}>{\\raggedright\\arraybackslash}p{0.66\\linewidth}r@{}}
      \\toprule
      \(rows.joined(separator: "\n"))
      \\bottomrule
      \\end{longtable}}
      """
    return """
      \\begin{figure}[H]\\centering
      \\includegraphics[width=\\linewidth]{\(figure.id).pdf}
      \\caption{\\textbf{\(figure.id).} \(Markup.latex(record.title)). \(Markup.latex(record.basis)).
      \\texttt{\(Markup.latex(record.command))}}\\label{\(figure.id)}
      \\end{figure}
      \(table)
      """
  }
}
