import Claims
import Console
import Figures

/// At what scale the figures of a report are, and which settings of `make` ask for it.
public struct ReportScale: Hashable, Sendable {
  /// The profile of all figures or, where each is at its best, of the rest of the report.
  public let profile: Profile
  /// Where results were taken from, as `FROM` says it; nil for those that were made here.
  public let source: String?
  /// Whether each figure is at the largest profile of which results are kept.
  public let isBest: Bool

  public init(profile: Profile, source: String? = nil, isBest: Bool = false) {
    self.profile = profile
    self.source = source
    self.isBest = isBest
  }

  /// In a word or two: `quick`, `best kept`.
  var name: String { isBest ? "best kept" : profile.rawValue }

  /// What goes behind a goal of `make`: `PROFILE=quick`, `FROM=records`.
  var settings: String {
    [source.map { "FROM=\($0)" }, isBest ? nil : "PROFILE=\(profile.rawValue)"].compactMap { $0 }
      .joined(separator: " ")
  }

  /// In a few words: `profile quick`, `best kept: 20 at quick, 3 at paper, 5 theory`.
  func words(of records: [FigureRecord]) -> String {
    guard isBest else { return "profile \(profile.rawValue)" }
    let counts = Self.groups(of: records).map { group in
      "\(group.records.count) \(group.profile.map { "at \($0.rawValue)" } ?? "theory")"
    }
    return "best kept: " + counts.joined(separator: ", ")
  }

  /// What the figures of each profile took, in core time: `1 h 02 min at quick, 5 h 10 min at standard`.
  static func costs(of records: [FigureRecord]) -> String {
    groups(of: records).map { group in
      "\(Format.duration(Work(group.records).seconds)) "
        + (group.profile.map { "at \($0.rawValue)" } ?? "for theory")
    }.joined(separator: ", ")
  }

  /// Records by profile, and last, without one, those of what is computed without training.
  private static func groups(of records: [FigureRecord]) -> [(profile: Profile?, records: [FigureRecord])] {
    (Profile.allCases + [nil]).compactMap { profile in
      let found = records.filter { ($0.seeds.isEmpty ? nil : $0.profile) == profile }
      return found.isEmpty ? nil : (profile, found)
    }
  }
}
