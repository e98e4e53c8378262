import ContentStore
import Figures
import Foundation

/// Claims judged by what was measured before, where the curves of single seeds are not kept.
extension ClaimResult {
  /// Judges a claim by the values of its expression that a record holds, by the claim's criterion as it is now.
  ///
  /// Where the record has no value of this expression, it is undecided.
  ///
  /// - Throws: ``ClaimExpressionError`` for an expression that cannot be read.
  public init(
    _ claim: ClaimSpecification, kept record: FigureRecord, published: [PublishedCurve] = [], profile: Profile
  ) throws {
    try self.init(unmeasured: claim, published: published)
    guard let kept = record.claims.first(where: { $0.measure == claim.measure }) else {
      note = "the kept record has no value of this expression"
      return
    }
    perSeed = kept.perSeed
    let sample = Sample(kept.perSeed)
    measured = sample?.mean ?? kept.measured
    interval = (sample?.interval).map { [$0.lowerBound, $0.upperBound] }
    if let profiles = claim.profiles, !profiles.contains(profile) {
      verdict = .notTested
      return
    }
    guard kept.perSeed.count == record.seeds.count || kept.perSeed.isEmpty && record.seeds.isEmpty,
      let value = measured, value.isFinite, kept.note?.hasSuffix("not a number") != true
    else {
      (verdict, note) = (.undecided, kept.note ?? "its value is not a number")
      return
    }
    (verdict, note) = Self.verdict(claim, value: value, sample: sample)
  }

  /// The expression of its criterion.
  private var measure: String {
    if criterion.hasPrefix("|"), let end = criterion.ranges(of: "| ≤ ").last {
      return String(criterion[criterion.index(after: criterion.startIndex)..<end.lowerBound])
    }
    return criterion.split(separator: " ").dropLast(2).joined(separator: " ")
  }
}

extension FigureRecord {
  /// Reads the record of a figure.
  ///
  /// - Throws: `StoreError` for a file that is none; `FileSystemError`.
  public init(contentsOf path: String) throws {
    do {
      self = try JSONDecoder().decode(FigureRecord.self, from: FileSystem.contents(of: path))
    } catch is DecodingError {
      throw StoreError.unreadable(path: path, reason: "it is not the record of a figure")
    }
  }
}
