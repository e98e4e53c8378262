import Foundation
import Manuscript

/// The report as one page that needs nothing but itself.
public struct Page {
  private let material: ReportMaterial
  private var edition: Edition { material.edition }

  public init(_ material: ReportMaterial) { self.material = material }

  /// The page.
  ///
  /// - Throws: ``ReportError`` or `ManuscriptError` for what cannot be woven, naming its place.
  public func html(_ pandoc: Pandoc) throws -> String {
    let weaver = ChapterWeaver(edition: edition, language: PageLanguage())
    let text = try edition.chapters.map { try weaver.weave($0) }.joined(separator: "\n\n")
    let template = try material.template("page.html")
    let woven = try pandoc.convert(
      text, to: "html5",
      options: [
        "--standalone", "--template=\(template)", "--mathml", "--toc", "--toc-depth=2", "--section-divs",
        "--metadata=title:Barriers: the report",
      ])
    return try filled(Self.mended(woven))
  }

  /// Mathematics as browsers show it: they know upright letters by an attribute of the letters, not of what is around
  /// them, and pandoc's square is a dot.
  private static func mended(_ page: String) -> String {
    page.replacing(/<mstyle mathvariant="normal">((?:<mi>[^<]*<\/mi>)+)<\/mstyle>/) { match in
      let letters = String(match.1).replacingOccurrences(of: "<mi>", with: "").replacingOccurrences(
        of: "</mi>", with: "")
      return "<mi mathvariant=\"normal\">\(letters)</mi>"
    }.replacingOccurrences(of: "<mi>▫</mi>", with: "<mi>□</mi>")
  }

  /// The page with everything in its place.
  private func filled(_ woven: String) throws -> String {
    var places: [String: String] = [:]
    for figure in edition.figures {
      let shared = edition.shared(by: figure.id)
      places[figure.id] = try FigureSection(
        figure: figure, block: edition.block(of: figure.id), families: shared.families,
        presets: shared.presets,
        recorded: edition.records.find(figure.id, profile: figure.record.profile),
        larger: edition.larger(than: figure), deciding: edition.records.larger(than: figure.record),
        commit: edition.commit
      ).html()
    }
    for table in material.tables { places[table.id] = section(of: table) }
    for family in edition.chapters.flatMap(\.families) {
      places[family.id] = section(of: family, title: "The runs of the family")
    }
    for presets in edition.chapters.flatMap(\.presets) {
      places[presets.id] = section(of: presets, title: "The presets")
    }
    places["styles"] = "<style>\n\(try styles())\n</style>"
    let papers = Paper.all(of: edition.chapters.flatMap(\.blocks)).map(HTML.reference)
    places["papers"] =
      papers.isEmpty
      ? "" : "<p class=\"kicker\">A reproduction of \(papers.joined(separator: " and of "))</p>"
    places["summary"] = SummarySection(edition).html
    places["records"] = try RecordSection(edition).html()
    // One pass over the page: it holds megabytes of drawings in the end.
    var result = ""
    var rest = woven[...]
    while let start = rest.firstRange(of: "<!-- block "),
      let end = rest[start.upperBound...].firstRange(of: " -->")
    {
      result += rest[..<start.lowerBound]
      let name = String(rest[start.upperBound..<end.lowerBound])
      guard let place = places[name] else { throw ReportError("nothing was made for the block '\(name)'") }
      result += place
      rest = rest[end.upperBound...]
    }
    return result + rest
  }

  private func styles() throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: material.template("page.css"))), as: UTF8.self)
  }

  private func section(of table: ReportTable) -> String {
    let files = [("csv", "text/csv"), ("md", "text/markdown"), ("tex", "text/x-tex")].compactMap {
      ending, type in
      FileManager.default.contents(atPath: "\(edition.folder)/\(table.id).\(ending)")
        .map { HTML.download("\(table.id).\(ending)", type: type, data: $0) }
    }
    let block = edition.block(of: table.id)
    return """
      <figure class="artifact table" id="\(table.id)">
      <figcaption><a class="name" href="#\(table.id)">\(table.id)</a> \(Markup.html(table.title)).
      <span class="basis">\(Markup.html(table.note))</span></figcaption>
      \(table.html)
      <details class="provenance" id="\(HTML.provenanceAnchor(table.id))">
      <summary>Where this comes from: command, files, block</summary>
      <dl><dt>Command</dt><dd><code>make \(table.id) \(Markup.html(edition.scale.settings))</code></dd>
      <dt>Files</dt><dd>\(files.joined(separator: " · "))</dd></dl>
      \(block.map { "<h4>The block, as written in <code>\(Markup.html($0.file)):\($0.fenceLine)</code></h4>" + HTML.source($0) } ?? "")
      </details>
      </figure>
      """
  }

  /// A block that several artifacts share.
  private func section(of block: ArtifactBlock, title: String) -> String {
    """
    <details class="family" id="\(HTML.familyAnchor(block.id))">
    <summary>\(title) <code>\(block.id)</code>, as written in
    <code>\(Markup.html(block.file)):\(block.fenceLine)</code></summary>
    \(HTML.source(block))
    </details>
    """
  }
}
