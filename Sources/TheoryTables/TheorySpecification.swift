import RankTheory

/// A table of the theory: one of the `tables` of a chapter's block.
public struct TheorySpecification: Codable, Hashable, Sendable {
  public enum Quantity: String, Codable, CaseIterable, Sendable {
    /// ρ² − K(ρ)² against its quartic bound, over ρ (paper, Lemma A.1).
    case quarticGap
    /// er₂(K(C)) / er₂(C) against its bound, from the identity to a dense correlation matrix (Theorem 3.1).
    case rankGain
    /// Decorrelation strength and frozen probability along a modulation φ(ax + b).
    case modulation
    /// The same two over a grid of scale and bias, against one another.
    case tradeOff
  }

  public var quantity: Quantity
  /// Names of the registry of activations.
  public var activations: [String]
  /// Points along ρ, t or the modulation.
  public var points: Int
  /// Rank gain: sizes of the correlation matrices.
  public var sizes: [Int]?
  /// Rank gain: names the stream that draws the dense matrix.
  public var seed: UInt64?
  /// Modulation: `scale` or `bias`, and its ends.
  public var parameter: String?
  public var from: Double?
  public var to: Double?
  /// Trade-off: the ends of the scales (even in the logarithm) and of the biases.
  public var scales: [Double]?
  public var biases: [Double]?

  /// A value that no table can be computed from.
  public struct Problem: Error, Equatable {
    public let key: String
    public let message: String
  }

  /// Checks what the types cannot say.
  public func validate() throws(Problem) {
    guard !activations.isEmpty else { throw Problem(key: "activations", message: "is empty") }
    for name in activations {
      do { _ = try Activation.named(name) } catch {
        throw Problem(key: "activations", message: "has an unknown name: \(error)")
      }
    }
    guard (2...10_001).contains(points) else {
      throw Problem(key: "points", message: "is \(points); it must lie in 2…10001")
    }
    switch quantity {
    case .quarticGap: break
    case .rankGain:
      guard let sizes, !sizes.isEmpty, sizes.allSatisfy({ (2...512).contains($0) }) else {
        throw Problem(key: "sizes", message: "must be sizes in 2…512")
      }
      guard seed != nil else { throw Problem(key: "seed", message: "is missing") }
    case .modulation:
      guard parameter == "scale" || parameter == "bias" else {
        throw Problem(key: "parameter", message: "must be 'scale' or 'bias'")
      }
      guard let from, let to, from < to, parameter == "bias" || from > 0 else {
        throw Problem(key: "from", message: "must be below 'to', and positive for a scale")
      }
    case .tradeOff:
      guard let scales, scales.count == 2, scales[0] > 0, scales[0] < scales[1] else {
        throw Problem(key: "scales", message: "must be two positive numbers, the lower one first")
      }
      guard let biases, biases.count == 2, biases[0] < biases[1] else {
        throw Problem(key: "biases", message: "must be two numbers, the lower one first")
      }
    }
  }

  /// Roughly how much work the table is, in floating-point operations.
  public var cost: Double {
    let evaluations = Double(activations.count * points)
    switch quantity {
    case .quarticGap: return evaluations * 1e7
    case .rankGain: return evaluations * Double((sizes ?? []).map { $0 * $0 }.reduce(0, +)) * 1e3
    case .modulation: return evaluations * 1e7
    case .tradeOff: return evaluations * Double(points) * 1e7
    }
  }
}
