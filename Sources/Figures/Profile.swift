/// How much of the paper's scale a run of the pipeline spends.
public enum Profile: String, CaseIterable, Codable, Sendable {
  /// Minutes on two cores.
  case quick
  /// A night on a laptop.
  case standard
  /// The paper's numbers.
  case paper
}
