import Claims
import Figures
import Manuscript

/// Every claim of every artifact.
enum ClaimsTable {
  static func content(_ edition: Edition) -> (columns: [ReportTable.Column], rows: [[ReportTable.Cell]]) {
    let rows = edition.figures.flatMap { figure in
      figure.record.claims.map { claim -> [ReportTable.Cell] in
        [
          .artifact(figure.id), .claim(claim.id, of: figure.id), .words(claim.says), .code(claim.criterion),
          .numeral(claim.measured), interval(claim), published(claim), .verdict(claim.verdict),
          .words(figure.record.seeds.isEmpty ? "any" : figure.record.profile.rawValue),
        ]
      }
    }
    return (
      [
        .words("Artifact"), .words("Claim", width: 0.14), .words("What it says", width: 0.24),
        .words("Criterion", width: 0.17), .number("Measured"), .words("95 %", width: 0.08),
        .words("Published", width: 0.08), .words("Verdict", width: 0.1), .words("Profile"),
      ], rows
    )
  }

  private static func interval(_ claim: ClaimResult) -> ReportTable.Cell {
    .words(claim.interval.map { "\(Numeral($0[0]).text) to \(Numeral($0[1]).text)" } ?? "–")
  }

  /// The value on the paper's own curves, as far as ours go, and whether these meet the criterion on their whole course.
  private static func published(_ claim: ClaimResult) -> ReportTable.Cell {
    guard let value = claim.published else { return .words("–") }
    return .words(Numeral(value).text + (claim.publishedHolds == false ? ", fails" : ""))
  }
}
