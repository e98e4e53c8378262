import Claims
import Figures
import Foundation

/// The kept records of a figure at larger profiles, beside which a run at a smaller one is read: a newcomer's first run
/// should not be taken for the last word.
public struct LargerRecords: Sendable {
  /// Of the largest profile first.
  private let records: [(profile: Profile, claims: [String: ClaimResult])]

  /// - Parameters:
  ///   - records: in any order.
  ///   - figure: the run at hand. Nothing is larger than one that rests on synthetic images, or on another set than theirs.
  init(_ records: [FigureRecord], beside figure: FigureRecord) {
    guard !figure.dataSets.contains(where: \.synthetic) else {
      self.records = []
      return
    }
    self.records = Profile.allCases.reversed().flatMap { profile in
      records.filter { $0.profile == profile && $0.imageSets == figure.imageSets }.map { record in
        (profile, Dictionary(record.claims.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }))
      }
    }
  }

  /// What the records say of a claim, if one decides that and the run at hand does not or decides otherwise; such as
  /// `at standard, as kept: not reproduced, -0.055`. Of several it is the one of the largest profile that decides it.
  ///
  /// - Returns: nil where both say the same, and where the criterion was another one in all records.
  public func remark(on claim: ClaimResult) -> String? {
    for (profile, claims) in records {
      guard let kept = claims[claim.id], kept.criterion == claim.criterion, kept.verdict.isDecided else {
        continue
      }
      guard kept.verdict != claim.verdict else { return nil }
      return "at \(profile.rawValue), as kept: \(kept.verdict.rawValue), \(Numeral(kept.measured).text)"
    }
    return nil
  }

  /// Whether a record and the run at hand both decide a claim, and not in the same way.
  public func contradicts(_ claim: ClaimResult) -> Bool {
    claim.verdict.isDecided && remark(on: claim) != nil
  }
}

extension FigureRecord {
  /// The names of the sets that it rests on, whatever their images were made into.
  fileprivate var imageSets: Set<String> { Set(dataSets.map(\.set)) }
}

extension Verdict {
  /// Whether chance is ruled out, whichever way it went.
  var isDecided: Bool { self == .reproduced || self == .notReproduced }
}

extension RecordShelf {
  /// The kept records of a figure at the profiles above its own.
  ///
  /// - Throws: ``ReportError`` for a record that cannot be read.
  public func larger(than figure: FigureRecord) throws -> LargerRecords {
    LargerRecords(
      try kept(above: figure).map { profile in
        try FigureRecord(published: figure.artifact, in: "\(folder)/\(profile.rawValue)")
      }, beside: figure)
  }

  /// The largest profile above that of a figure of which a record is kept; nil if there is none, and for what is the same
  /// in every profile.
  func largest(above figure: FigureRecord) -> Profile? { kept(above: figure).last }

  /// The profiles above that of a figure of which a record is kept, the largest last.
  private func kept(above figure: FigureRecord) -> [Profile] {
    guard !figure.seeds.isEmpty else { return [] }
    return profiles(above: figure).filter {
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
