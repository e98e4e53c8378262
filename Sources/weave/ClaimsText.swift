import Claims
import Console
import Foundation
import Report

/// A figure's claims as plain text, for a terminal and for a file.
enum ClaimsText {
  /// The file beside a figure that holds all of its claims.
  static func fileName(of artifact: String) -> String { "\(artifact).claims.txt" }

  /// Every claim with its verdict, what was measured and by what it is judged.
  ///
  /// - Parameter larger: the kept records of larger profiles, of whose verdicts those are told that are others.
  static func full(
    _ record: FigureRecord, larger: LargerRecords, folder: String, style: TextStyle = .plain
  ) -> String {
    text(record, larger: larger, folder: folder, style: style, isBrief: false)
  }

  /// Every claim with its verdict, and that of a larger profile where it is the opposite.
  static func brief(
    _ record: FigureRecord, larger: LargerRecords, folder: String, style: TextStyle = .plain
  ) -> String {
    text(record, larger: larger, folder: folder, style: style, isBrief: true)
  }

  /// A verdict in its colour.
  static func verdict(_ verdict: Verdict, text: String, style: TextStyle) -> String {
    let attribute: TextStyle.Attribute =
      switch verdict {
      case .reproduced: .green
      case .notReproduced: .red
      case .undecided, .notTested: .dim
      }
    return style.apply(attribute, to: text)
  }

  private static func text(
    _ record: FigureRecord, larger: LargerRecords, folder: String, style: TextStyle, isBrief: Bool
  ) -> String {
    let width = (record.claims.map(\.verdict.rawValue.count).max() ?? 0) + 2
    let claims = record.claims.map { claim in
      let verdict = verdict(
        claim.verdict, text: TextWidth.pad(claim.verdict.rawValue, to: width), style: style)
      let line = "  \(verdict)\(claim.says)"
      let kept = larger.remark(on: claim)
      guard !isBrief else {
        guard let kept, larger.contradicts(claim) else { return line }
        return "\(line)\n  \(TextWidth.pad("", to: width))\(style.apply(.dim, to: kept))"
      }
      let measured = claim.measured.map(significant) ?? "not a number"
      let basis = style.apply(
        .dim,
        to: "\(claim.id): \(measured)\(interval(claim)); \(claim.criterion)\(published(claim))"
          + (claim.note.map { "; \($0)" } ?? "") + (kept.map { "; \($0)" } ?? ""))
      return "\(line)\n  \(TextWidth.pad("", to: width))\(basis)"
    }
    let count = record.claims.count
    return """
      \(style.apply(.bold, to: "\(record.artifact)  \(record.title)"))
      \(folder)/\(record.artifact).{pdf,svg,png,csv,json,claims.txt}  \(record.basis)

      \(claims.joined(separator: "\n"))

        \(count == 1 ? "1 claim" : "\(count) claims")\(count == 0 ? "" : ": \(record.verdictCounts)")
      """
  }

  private static func interval(_ claim: ClaimResult) -> String {
    claim.interval.map { " (95 %: \(significant($0[0])) to \(significant($0[1])))" } ?? ""
  }

  /// The value on the paper's own curves as far as ours go, and whether these meet the criterion on their whole course.
  private static func published(_ claim: ClaimResult) -> String {
    claim.published.map {
      "; published \(significant($0))\(claim.publishedHolds == false ? ", fails on its whole course" : "")"
    }
      ?? ""
  }

  /// Four significant digits.
  private static func significant(_ value: Double) -> String { String(format: "%.4g", value) }
}
