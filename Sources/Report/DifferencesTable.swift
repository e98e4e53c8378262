import Manuscript

/// Where the paper's text and its released code differ.
enum DifferencesTable {
  static func content(
    _ differences: [TableSpecification.Difference], in block: ArtifactBlock, of edition: Edition
  ) throws -> (columns: [ReportTable.Column], rows: [[ReportTable.Cell]]) {
    let rows = try differences.enumerated().map { index, difference -> [ReportTable.Cell] in
      do {
        let cells = [
          difference.matter, difference.text, difference.code, difference.ours, difference.effect ?? "–",
        ]
        return try cells.map { try .prose($0, in: edition) }
      } catch let error as ReportError {
        throw ManuscriptError(
          file: block.file, line: block.fenceLine, message: "\(block.id): rows[\(index)]: \(error)")
      }
    }
    return (
      [
        .words("Matter", width: 0.14), .words("The text", width: 0.18),
        .words("The released code", width: 0.2),
        .words("Here", width: 0.2), .words("What it amounts to", width: 0.18),
      ], rows
    )
  }
}

extension ReportTable.Cell {
  /// Prose with quotations, for all languages.
  static func prose(_ text: String, in edition: Edition) throws -> ReportTable.Cell {
    func woven(_ quotation: (Quoted) -> String, mention: (String) -> String, escape: (String) -> String)
      throws
      -> String
    {
      try Prose.segments(of: text).map { segment in
        switch segment {
        case .text(let text):
          Prose.replacingMentions(in: text, of: edition.names, by: mention, others: escape)
        case .verbatim(let text): escape(text.filter { $0 != "`" })
        case .link(let text, _): escape(text)
        case .quotation(let text): quotation(try edition.resolve(Quotation(text)))
        }
      }.joined()
    }
    let page = PageLanguage()
    return ReportTable.Cell(
      plain: try woven({ $0.value.plain }, mention: { $0 }, escape: { $0 }),
      html: try woven(
        page.anchor, mention: { "<a href=\"#\($0)\">\($0)</a>" }, escape: Markup.html),
      latex: try woven(
        { $0.value.latex }, mention: { "\\barriersref{\($0)}{\(Markup.latex($0))}" }, escape: Markup.latex))
  }
}
