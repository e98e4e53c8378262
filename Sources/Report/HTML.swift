import Claims
import Foundation
import Manuscript

/// Pieces of the page.
enum HTML {
  /// The anchor of an artifact or of one of its claims.
  static func anchor(_ target: ReportTable.Cell.Target) -> String {
    target.claim.map { claimAnchor(target.artifact, $0) } ?? target.artifact
  }

  static func claimAnchor(_ artifact: String, _ claim: String) -> String { "claim-\(artifact)-\(claim)" }
  static func provenanceAnchor(_ artifact: String) -> String { "provenance-\(artifact)" }
  static func recordAnchor(_ profile: String, _ artifact: String) -> String {
    "record-\(profile)-\(artifact)"
  }
  static func familyAnchor(_ family: String) -> String { "family-\(family)" }

  /// A paper by title, authors and identifier, with a link to it.
  static func reference(_ paper: Paper) -> String {
    "<cite><a href=\"\(Markup.html(paper.address))\">\(Markup.html(paper.title))</a></cite> "
      + Markup.html("(\((paper.authors + [paper.identifier]).joined(separator: ", ")))")
  }

  /// Where a quoted number leads.
  static func anchor(_ origin: Quoted.Origin) -> String {
    switch origin {
    case .claim(let artifact, let claim): claimAnchor(artifact, claim)
    case .figure(let artifact): provenanceAnchor(artifact)
    case .recordedClaim(let profile, let artifact, let claim):
      recordAnchor(profile, artifact) + "-" + claim
    case .record(let profile, let artifact): recordAnchor(profile, artifact)
    case .summary: "summary"
    }
  }

  /// A verdict as a small label; its sign tells it apart without colour.
  static func badge(_ verdict: Verdict) -> String {
    "<span class=\"verdict \(styleClass(of: verdict))\">\(verdict.sign) \(verdict.rawValue)</span>"
  }

  /// The class that colours a verdict.
  static func styleClass(of verdict: Verdict) -> String {
    switch verdict {
    case .reproduced: "reproduced"
    case .notReproduced: "not-reproduced"
    case .undecided: "undecided"
    case .notTested: "not-tested"
    }
  }

  /// A link that holds a file.
  static func download(_ name: String, type: String, data: Data) -> String {
    "<a download=\"\(name)\" href=\"data:\(type);base64,\(data.base64EncodedString())\">\(name)</a>"
  }

  /// A digest that can be read in full; the page breaks it where it has to.
  static func digest(_ value: String) -> String { "<code class=\"digest\">\(Markup.html(value))</code>" }

  /// A block of a chapter, with its place.
  static func source(_ block: ArtifactBlock) -> String {
    "<pre class=\"block\"><code>\(Markup.html(block.text))</code></pre>"
  }
}

extension Verdict {
  /// A sign for where there is no room for words.
  var sign: String {
    switch self {
    case .reproduced: "✓"
    case .notReproduced: "✗"
    case .undecided: "?"
    case .notTested: "–"
    }
  }
}
