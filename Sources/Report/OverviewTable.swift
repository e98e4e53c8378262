import Claims
import Figures
import Manuscript

/// How many claims of each figure came out how, at the best profile that there is, live or kept.
enum OverviewTable {
  static func content(
    _ edition: Edition
  ) throws -> (columns: [ReportTable.Column], rows: [[ReportTable.Cell]]) {
    let records = try edition.figures.map { try edition.best(of: $0).record }
    let rows = records.map { record in
      [
        .artifact(record.artifact), .words(record.seeds.isEmpty ? "any" : record.profile.rawValue),
        .count(record.seeds.count),
      ] + counts(record.claims)
    }
    return (
      [.words("Artifact"), .words("Profile"), .number("Seeds"), .number("Claims")]
        + Verdict.allCases.map { .number($0.rawValue.prefix(1).uppercased() + $0.rawValue.dropFirst()) },
      rows + [[.words("all figures"), .words(""), .words("")] + counts(records.flatMap(\.claims))]
    )
  }

  /// All of them, and those of each verdict.
  private static func counts(_ claims: [ClaimResult]) -> [ReportTable.Cell] {
    [.count(claims.count)]
      + Verdict.allCases.map { verdict in .count(claims.count { $0.verdict == verdict }) }
  }
}
