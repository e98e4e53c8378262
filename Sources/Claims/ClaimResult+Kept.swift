import ContentStore
import Figures
import Foundation
import Specifications

/// Claims judged by what was measured before, where the measurements are not kept.
extension ClaimResult {
  /// Judges a claim by the values of its expression that a record holds, by the claim's criterion as it is now. An
  /// expression that the record has no values of is evaluated on the curves of its seeds.
  ///
  /// Where the record has neither, it is undecided.
  ///
  /// - Throws: ``ClaimExpressionError`` for an expression that cannot be read.
  public init(
    _ claim: ClaimSpecification, kept record: FigureRecord, curves: FigureData? = nil,
    published: [PublishedCurve] = [], profile: Profile
  ) throws {
    let values = record.claims.first { $0.measure == claim.measure }
    if values == nil, let curves, curves.tellsSeeds, curves.seeds == record.seeds {
      do {
        try self.init(claim, data: curves, published: published, profile: profile)
        return
      } catch is UnknownCurve {
        // Of a curve that was not drawn then.
      }
    }
    try self.init(unmeasured: claim, published: published, ours: curves)
    guard let kept = values else {
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
  /// Reads the record of a figure, which may be a stranger's.
  ///
  /// - Throws: `StoreError` for a file that is none, or that holds what no record does; `FileSystemError`.
  public init(contentsOf path: String) throws {
    do {
      self = try JSONDecoder().decode(FigureRecord.self, from: FileSystem.contents(of: path))
      try validate()
    } catch is DecodingError {
      throw StoreError.unreadable(path: path, reason: "it is not the record of a figure")
    } catch let problem as SpecificationProblem {
      throw StoreError.unreadable(path: path, reason: "\(problem)")
    }
  }

  /// Rejects texts that would do more than be read where they are shown.
  private func validate() throws(SpecificationProblem) {
    let facts: [(String, [String])] = [
      ("host", [host, processor ?? ""]), ("seeds", seeds.map(String.init)),
      ("dataSets", dataSets.flatMap { [$0.set, $0.title, $0.sourceDigest, $0.contentDigest, $0.key] }),
      ("runs", runs.flatMap { [$0.run, $0.trainKey, $0.measureKey, $0.host, $0.blasKernel] }),
      ("tables", tables.flatMap { [$0.table, $0.key] }), ("runEnds", Array(runEnds.keys)),
      ("fingerprints", fingerprints.flatMap { [$0.key, $0.value] }),
      ("claims", claims.flatMap { [$0.id, $0.criterion, $0.note ?? ""] }),
    ]
    for (key, texts) in facts {
      for text in texts { try requireLine(text, upTo: 4_000, key) }
    }
  }
}
