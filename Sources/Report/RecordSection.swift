import Manuscript

/// The results that were kept from other runs, as far as the prose quotes them.
struct RecordSection {
  private let edition: Edition

  init(_ edition: Edition) { self.edition = edition }

  /// The section, empty if nothing is quoted.
  func html() throws -> String {
    let quoted = quoted
    guard !quoted.isEmpty else { return "" }
    let entries = try quoted.map { source in
      let figure = try edition.records.figure(source.artifact, profile: source.profile)
      let anchor = HTML.recordAnchor(source.profile, source.artifact)
      let section = FigureSection(figure: figure, block: nil, recorded: nil, commit: "")
      return """
        <details class="provenance" id="\(anchor)">
        <summary><b>\(source.artifact)</b> at <b>\(source.profile)</b>: \(Markup.html(figure.record.basis))</summary>
        \(section.claims { "\(anchor)-\($0)" })
        \(section.provenance)
        </details>
        """
    }
    return """
      <section class="level1" id="records">
      <h1>Kept results</h1>
      <p>Where a chapter speaks of a particular run, rather than of the one that this page was made from, its numbers
      come from these records: what <code>make record-…</code> kept in <code>\(Markup.html(edition.records.folder))</code>.</p>
      \(entries.joined(separator: "\n"))
      </section>
      """
  }

  private struct Source: Hashable {
    let profile: String
    let artifact: String
  }

  /// What is quoted from records, each once, in the order of the text.
  private var quoted: [Source] {
    var seen: Set<Source> = []
    return edition.chapters.flatMap { Prose.quotations(in: $0.text) }
      .compactMap { quotation in quotation.profile.map { Source(profile: $0, artifact: quotation.source) } }
      .filter { seen.insert($0).inserted }
  }
}
