/// What became of a claim.
public enum Verdict: String, Codable, CaseIterable, Sendable {
  case reproduced = "reproduced"
  case notReproduced = "not reproduced"
  /// Chance decides: the interval over seeds holds the threshold, there is a single seed, or what was measured is not a
  /// number.
  case undecided = "undecided"
  case notTested = "not tested at this profile"
}
