import LinearAlgebra

extension CorrelationMatrix {
  /// ‖C‖_F², from n (the identity) to n² (rank one).
  public var squaredNorm: Double { elements.reduce(0) { $0 + $1 * $1 } }

  /// The Rényi-2 effective rank er₂(C) = (tr C)² / ‖C‖_F² = n² / ‖C‖_F², 1 to n (section 3).
  public var renyiRank: Double { Double(size * size) / squaredNorm }

  /// Σ_{i≠j} c_ij² (1 − c_ij²), the decorrelation potential of Theorem 3.1, at least 0.
  public var decorrelationPotential: Double {
    var sum = 0.0
    for row in 0..<size {
      for column in 0..<row {
        let value = self[row, column]
        sum += 2 * value * value * (1 - value) * (1 + value)
      }
    }
    return sum
  }
}

/// The Rényi-2 effective rank of a correlation matrix in memory, see ``CorrelationMatrix/renyiRank``.
///
/// - Throws: ``RankTheoryError`` if the matrix is no correlation matrix.
public func renyiRank(of correlation: Matrix<Double>) throws(RankTheoryError) -> Double {
  try CorrelationMatrix(copying: correlation).renyiRank
}

/// Theorem 3.1: what a nonlinearity does to the rank of a correlation matrix.
public struct RankGain: Sendable, Equatable {
  /// er₂(C).
  public let rank: Double
  /// er₂(K(C)) / er₂(C), at least ``bound``.
  public let ratio: Double
  /// 1 + δ Σ_{i≠j} c_ij² (1 − c_ij²) / ‖C‖_F², at least 1.
  public let bound: Double

  /// The gain of C under an activation of this decorrelation strength δ and kernel K.
  public init(of correlation: CorrelationMatrix, decorrelationStrength: Double, kernel: (Double) -> Double) {
    let norm = correlation.squaredNorm
    rank = correlation.renyiRank
    ratio = norm / correlation.mapped(through: kernel).squaredNorm
    bound = 1 + decorrelationStrength * correlation.decorrelationPotential / norm
  }

  /// The gain of C under the activation of an interpolated kernel.
  public init(of correlation: CorrelationMatrix, kernel: InterpolatedKernel) {
    self.init(
      of: correlation, decorrelationStrength: kernel.standardized.decorrelationStrength,
      kernel: kernel.value(at:))
  }
}
