import Claims
import Figures
import Manuscript

/// What the page begins with: what it was made from, and every claim as a small square.
struct SummarySection {
  private let edition: Edition

  init(_ edition: Edition) { self.edition = edition }

  var html: String {
    let summary = edition.summary
    let capitalized = summary.scale.prefix(1).uppercased() + summary.scale.dropFirst()
    func count(_ verdict: Verdict) -> String {
      "<b>\(summary.verdicts[verdict] ?? 0)</b> \(verdict.rawValue)"
    }
    let groups = edition.figures.filter { !$0.record.claims.isEmpty }.map { figure in
      let squares = figure.record.claims.map { claim in
        let name = HTML.styleClass(of: claim.verdict)
        return "<a class=\"square \(name)\" href=\"#\(HTML.claimAnchor(figure.id, claim.id))\""
          + " title=\"\(Markup.html("\(claim.id): \(claim.verdict.rawValue). \(claim.says)"))\""
          + " aria-label=\"\(Markup.html("\(figure.id) \(claim.id): \(claim.verdict.rawValue)"))\"></a>"
      }
      return
        "<div class=\"group\"><a href=\"#\(figure.id)\">\(figure.id)</a><span>\(squares.joined())</span></div>"
    }
    return """
      <section class="summary" id="summary">
      <p class="facts"><b>\(Markup.html(capitalized))</b> · \(Markup.html(summary.data)) ·
      commit <code>\(Markup.html(summary.commit))</code> · \(summary.artifacts) figures, \(summary.runs) runs ·
      \(Markup.html(summary.processor)), \(summary.cores) cores</p>
      <p class="counts">\(summary.claims) claims: <span class="reproduced">\(count(.reproduced))</span>,
      <span class="not-reproduced">\(count(.notReproduced))</span>,
      <span class="undecided">\(count(.undecided))</span>,
      <span class="not-tested">\(count(.notTested))</span>.
      Each square is one; it leads to the claim, its criterion and its number.</p>
      <div class="squares">
      \(groups.joined(separator: "\n"))
      </div>
      </section>
      """
  }
}
