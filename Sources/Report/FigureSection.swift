import Claims
import Console
import Figures
import Foundation
import Manuscript

/// A figure on the page: the drawing, what became of its claims, and where everything comes from.
struct FigureSection {
  let figure: PublishedFigure
  /// Nil for a result that is kept from another run.
  let block: ArtifactBlock?
  /// The families that the block takes runs from, which are elsewhere on the page.
  var families: [ArtifactBlock] = []
  /// The presets that the block takes values from, which are elsewhere on the page too.
  var presets: [ArtifactBlock] = []
  /// What the same profile gave when the chapters were written, nil where that was not kept.
  let recorded: PublishedFigure?
  /// The kept record of the largest profile above this one's, if there is any.
  var larger: PublishedFigure?
  /// The kept records of all profiles above this one's, by which its claims are decided.
  var deciding: LargerRecords?
  let commit: String

  private var record: FigureRecord { figure.record }

  /// The whole section.
  ///
  /// - Throws: ``ReportError`` if the drawing is missing.
  func html() throws -> String {
    guard let drawing = figure.file("svg") else {
      throw ReportError("\(figure.folder)/\(figure.id).svg is missing; run 'make \(figure.id)'")
    }
    let vector = InlineVector.html(
      String(decoding: drawing, as: UTF8.self), id: figure.id, label: "\(figure.id): \(record.title)")
    return """
      <figure class="artifact" id="\(figure.id)">
      <div class="drawing">
      \(vector)
      </div>
      <figcaption><a class="name" href="#\(figure.id)">\(figure.id)</a> \(Markup.html(record.title)).
      <span class="basis">\(Markup.html(record.basis)).</span></figcaption>
      \(companion)\(kept)
      \(claims(anchor: { HTML.claimAnchor(figure.id, $0) }))
      <details class="provenance" id="\(HTML.provenanceAnchor(figure.id))">
      <summary>Where this comes from: command, data, runs, digests, block</summary>
      \(provenance)
      </details>
      </figure>
      """
  }

  /// The second picture of a figure whose runs are shorter than the paper's, folded up; empty if there is none.
  private var companion: String {
    let name = DrawingSpecification.companionName(of: figure.id)
    guard let drawing = figure.contents(of: "\(name).svg") else { return "" }
    let vector = InlineVector.html(
      String(decoding: drawing, as: UTF8.self), id: "\(figure.id)-original",
      label: "\(figure.id): \(record.title), with all of the paper's curves")
    return """
      <details class="companion"><summary>With the paper's curves to their ends</summary>
      <div class="drawing">
      \(vector)
      </div></details>
      """
  }

  /// The figure as a larger profile made it, folded up; empty if no record is kept, or one without its drawing.
  private var kept: String {
    guard let larger, let drawing = larger.file("svg") else { return "" }
    let profile = larger.record.profile.rawValue
    let vector = InlineVector.html(
      String(decoding: drawing, as: UTF8.self), id: "\(figure.id)-\(profile)",
      label: "\(figure.id): \(record.title), \(profile)")
    let anchor = HTML.recordAnchor(profile, figure.id)
    return """
      <details class="companion"><summary>The same at <b>\(profile)</b>, a kept record: \(Markup.html(larger.record.verdictCounts))</summary>
      <div class="drawing">
      \(vector)
      </div>
      <p class="basis">\(Markup.html(larger.record.basis)); its claims and where it comes from:
      <a href="#\(anchor)">kept results</a>.</p></details>
      """
  }

  /// The claims in a table, each with an anchor.
  func claims(anchor: (String) -> String) -> String {
    guard !record.claims.isEmpty else { return "" }
    let comparable = recorded.flatMap { comparison in
      comparison.record.seeds == record.seeds
        && Set(comparison.record.dataSets.map(\.sourceDigest))
          == Set(record.dataSets.map(\.sourceDigest))
        ? comparison : nil
    }
    let rows = record.claims.map { claim in
      let seeds =
        claim.perSeed.count > 1
        ? "<span class=\"seeds\">seeds: \(claim.perSeed.map { Numeral($0).text }.joined(separator: ", "))</span>"
        : ""
      let interval = claim.interval.map {
        "<span class=\"seeds\">95 %: \(Numeral($0[0]).text) to \(Numeral($0[1]).text)</span>"
      }
      let remark = claim.note.map { "<span class=\"seeds\">\(Markup.html($0))</span>" } ?? ""
      let otherwise =
        deciding?.remark(on: claim)
        .map { "<span class=\"seeds\">\(Markup.html($0))</span>" } ?? ""
      let before = comparable?.claim(claim.id).flatMap { note(on: claim, before: $0) } ?? ""
      return """
        <tr id="\(anchor(claim.id))"><td>\(HTML.badge(claim.verdict))</td>
        <td>\(Markup.html(claim.says)) <code class="criterion">\(Markup.html(claim.id)): \(Markup.html(claim.criterion))</code></td>
        <td class="number">\(Numeral(claim.measured).text)\(interval ?? "")\(seeds)\(remark)\(before)\(otherwise)</td>
        <td class="number">\(published(claim))</td></tr>
        """
    }
    return """
      <div class="scroll"><table class="claims">
      <thead><tr><th scope="col">Verdict</th><th scope="col">Claim and criterion</th>
      <th scope="col" class="number">Measured</th><th scope="col" class="number" title="On the paper's own curves, as far as ours go">Published</th></tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody></table></div>
      """
  }

  /// The claim's value on the paper's own curves, and a word if these do not meet the criterion.
  private func published(_ claim: ClaimResult) -> String {
    guard let value = claim.published else { return "" }
    guard claim.publishedHolds == false else { return Numeral(value).text }
    let finding = claim.finding.map { ": \(Markup.html($0))" } ?? ""
    return "\(Numeral(value).text)<span class=\"seeds\">the original fails it\(finding)</span>"
  }

  /// A word on a number that is not what it was when the chapters were written.
  private func note(on claim: ClaimResult, before: ClaimResult) -> String? {
    guard before.measured != claim.measured else { return nil }
    return "<span class=\"seeds\">in the kept record: \(Numeral(before.measured).text)</span>"
  }

  /// Command, data, runs, digests and the block.
  var provenance: String {
    let downloads = [("csv", "text/csv"), ("json", "application/json"), ("pdf", "application/pdf")]
      .compactMap { ending, type in
        figure.file(ending).map { HTML.download("\(figure.id).\(ending)", type: type, data: $0) }
      }
    let machine = [record.processor, record.cores.map { "\($0) cores" }].compactMap { $0 }.joined(
      separator: ", ")
    var parts = [
      """
      <dl>
      <dt>Command</dt><dd><code>\(Markup.html(record.command))</code>\(commit.isEmpty ? "" : " at commit <code>\(Markup.html(commit))</code>")</dd>
      \(origin)<dt>Numbers</dt><dd>\(downloads.joined(separator: " · "))</dd>
      <dt>Seeds</dt><dd>\(record.seeds.isEmpty ? "none: nothing is drawn by chance" : record.seeds.map(String.init).joined(separator: ", "))</dd>
      <dt>Work</dt><dd>\(Markup.html(Format.duration(record.computeSeconds))) of one core\(machine.isEmpty ? "" : "; drawn on \(Markup.html(machine))")</dd>
      </dl>
      """
    ]
    parts += [dataSets, runs, tables, fingerprints].compactMap { $0 }
    if let block {
      parts.append(
        "<h4>The block, as written in <code>\(Markup.html(block.file)):\(block.fenceLine)</code></h4>")
      if !families.isEmpty {
        parts.append("<p>Its runs are declared in \(links(to: families)).</p>")
      }
      if !presets.isEmpty { parts.append("<p>It uses presets of \(links(to: presets)).</p>") }
      parts.append(HTML.source(block))
    }
    return parts.joined(separator: "\n")
  }

  /// Where results come from that were made elsewhere; empty for those that were made here.
  private var origin: String {
    guard let origin = record.origin else { return "" }
    let details =
      [
        "taken from <code>\(Markup.html(origin.from))</code>",
        "\(origin.found) of \(origin.total) results found",
      ]
      + [origin.commit.map { "made by commit <code>\(Markup.html($0))</code>" }].compactMap { $0 }
      + origin.differences.map(Markup.html)
    return "<dt>Origin</dt><dd>\(Markup.html(origin.words)); \(details.joined(separator: "; "))</dd>\n"
  }

  private func links(to blocks: [ArtifactBlock]) -> String {
    blocks.map { "<a href=\"#\(HTML.familyAnchor($0.id))\">\($0.id)</a>" }.joined(separator: ", ")
  }

  private var dataSets: String? {
    guard !record.dataSets.isEmpty else { return nil }
    let rows = record.dataSets.map { set in
      "<tr><td>\(Markup.html(set.title))</td><td>\(HTML.digest(set.sourceDigest))</td>"
        + "<td>\(HTML.digest(set.contentDigest))</td><td>\(HTML.digest(set.key))</td></tr>"
    }
    return Self.table(
      "Data", ["data set", "SHA-256 of its source", "SHA-256 when prepared", "key of the store entry"], rows)
  }

  private var runs: String? {
    guard !record.runs.isEmpty else { return nil }
    let rows = record.runs.map { run in
      "<tr><td>\(Markup.html(run.run))</td><td class=\"number\">\(run.seed)</td><td>\(HTML.digest(run.trainKey))</td>"
        + "<td>\(HTML.digest(run.measureKey))</td>"
        + "<td class=\"number\">\(Markup.html(Format.duration(run.trainSeconds)))</td>"
        + "<td class=\"number\">\(Markup.html(Format.duration(run.measureSeconds)))</td></tr>"
    }
    return Self.table(
      "Runs, and their entries <code>train/</code> and <code>measure/</code> in the store",
      ["run", "seed", "key of training", "key of measuring", "training", "measuring"], rows)
  }

  private var tables: String? {
    guard !record.tables.isEmpty else { return nil }
    let rows = record.tables.map { table in
      "<tr><td>\(Markup.html(table.table))</td><td class=\"number\">\(table.seed.map(String.init) ?? "")</td>"
        + "<td>\(HTML.digest(table.key))</td>"
        + "<td class=\"number\">\(Markup.html(Format.duration(table.seconds)))</td></tr>"
    }
    return Self.table("Computed without images", ["table", "seed", "key of the store entry", "time"], rows)
  }

  private var fingerprints: String? {
    let rows = record.fingerprints.sorted { $0.key < $1.key }.map {
      "<tr><td>\(Markup.html($0.key))</td><td>\(HTML.digest($0.value))</td></tr>"
    }
    return Self.table("Digests of the stages' sources", ["stage", "SHA-256"], rows)
  }

  private static func table(_ title: String, _ columns: [String], _ rows: [String]) -> String {
    """
    <h4>\(title)</h4>
    <div class="scroll"><table class="facts"><thead><tr>\(columns.map { "<th scope=\"col\">\($0)</th>" }.joined())</tr></thead>
    <tbody>
    \(rows.joined(separator: "\n"))
    </tbody></table></div>
    """
  }
}
