import Manuscript

/// The results that were kept from other runs: those that the prose quotes, and of each figure that of the largest
/// profile.
struct RecordSection {
  private let edition: Edition

  init(_ edition: Edition) { self.edition = edition }

  /// The section, empty if nothing is kept that the page needs.
  func html() throws -> String {
    let larger = try edition.figures.compactMap { try edition.larger(than: $0) }
      .map { Source(profile: $0.record.profile.rawValue, artifact: $0.id) }
    let quoted = quoted
    let shown = quoted + larger.filter { !quoted.contains($0) }
    guard !shown.isEmpty else { return "" }
    let entries = try shown.map { source in
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
      come from these records, and figures show the best of them: what <code>make record-…</code> kept in <code>\(Markup.html(edition.records.folder))</code>.
      <code>make challenge FROM=records fig-2.1 PROFILE=standard</code> trains some of a record’s runs again where these were kept with it, with the sources of then, and compares.</p>
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
