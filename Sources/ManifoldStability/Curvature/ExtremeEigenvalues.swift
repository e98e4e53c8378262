/// The two ends of the spectrum of a symmetric operator on a subspace, with what they can be trusted for.
public struct ExtremeEigenvalues: Hashable, Sendable {
  public let smallest: Double
  public let largest: Double
  /// ‖A·x − λ·x‖ of the approximate unit eigenvectors: an eigenvalue lies within this distance of each end.
  public let residuals: Residuals
  /// Applications of the operator.
  public let products: Int
  /// Whether both residuals are within the tolerance asked for. If not, the ends are still bounds from inside:
  /// the spectrum reaches at least as far.
  public let isConverged: Bool

  public struct Residuals: Hashable, Sendable {
    public let smallest: Double
    public let largest: Double
  }

  /// The largest absolute eigenvalue.
  public var radius: Double { max(abs(smallest), abs(largest)) }
}
