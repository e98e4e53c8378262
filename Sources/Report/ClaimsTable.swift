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
          .numeral(claim.measured), .verdict(claim.verdict),
          .words(figure.record.seeds.isEmpty ? "any" : figure.record.profile.rawValue),
        ]
      }
    }
    return (
      [
        .words("Artifact"), .words("Claim", width: 0.14), .words("What it says", width: 0.24),
        .words("Criterion", width: 0.2), .number("Measured"), .words("Verdict", width: 0.1),
        .words("Profile"),
      ], rows
    )
  }
}
