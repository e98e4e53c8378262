import Claims
import Figures
import Foundation

/// The kept record of a figure at a larger profile, beside which a run at a smaller one is read: a newcomer's first run
/// should not be taken for the last word.
public struct LargerRecord: Sendable {
  public let profile: Profile
  private let claims: [String: ClaimResult]

  /// - Returns: nil beside a figure that rests on synthetic images.
  init?(_ record: FigureRecord, beside figure: FigureRecord) {
    guard !figure.dataSets.contains(where: \.synthetic) else { return nil }
    profile = record.profile
    claims = Dictionary(record.claims.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// What the record says of a claim, if it decides that and the run at hand does not or decides otherwise; such as
  /// `at standard, as kept: not reproduced, -0.055`.
  ///
  /// - Returns: nil where both say the same, and where the record's criterion was another one.
  public func remark(on claim: ClaimResult) -> String? {
    guard let kept = claims[claim.id], kept.criterion == claim.criterion, kept.verdict != claim.verdict,
      kept.verdict.isDecided
    else { return nil }
    return "at \(profile.rawValue), as kept: \(kept.verdict.rawValue), \(Numeral(kept.measured).text)"
  }

  /// Whether the record and the run at hand both decide a claim, and not in the same way.
  public func contradicts(_ claim: ClaimResult) -> Bool {
    claim.verdict.isDecided && remark(on: claim) != nil
  }
}

extension Verdict {
  /// Whether chance is ruled out, whichever way it went.
  var isDecided: Bool { self == .reproduced || self == .notReproduced }
}

extension RecordShelf {
  /// The kept record of the largest profile above that of a figure; nil if there is none, and beside synthetic images.
  ///
  /// - Throws: ``ReportError`` for a record that cannot be read.
  public func larger(than figure: FigureRecord) throws -> LargerRecord? {
    try largest(above: figure).flatMap { profile in
      LargerRecord(
        try FigureRecord(published: figure.artifact, in: "\(folder)/\(profile.rawValue)"), beside: figure)
    }
  }

  /// The largest profile above that of a figure of which a record is kept; nil if there is none, and for what is the same
  /// in every profile.
  func largest(above figure: FigureRecord) -> Profile? {
    guard !figure.seeds.isEmpty else { return nil }
    return profiles(above: figure).last {
      FileManager.default.fileExists(atPath: path(of: figure.artifact, profile: $0))
    }
  }

  /// Where records of a figure at larger profiles are or would be.
  public func paths(above figure: FigureRecord) -> [String] {
    profiles(above: figure).map { path(of: figure.artifact, profile: $0) }
  }

  private func profiles(above figure: FigureRecord) -> ArraySlice<Profile> {
    Profile.allCases.drop { $0 != figure.profile }.dropFirst()
  }
}
