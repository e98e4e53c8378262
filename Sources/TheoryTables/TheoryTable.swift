import RankTheory
import Tables

/// The curves of a table while they are gathered: rows of `curve,x,y`.
struct CurveRows {
  private(set) var rows: [[String]] = []

  mutating func add(_ curve: String, _ x: Double, _ y: Double) {
    guard x.isFinite, y.isFinite else { return }
    rows.append([curve, "\(x)", "\(y)"])
  }
}

/// Computes the tables of the theory.
public enum TheoryTable {
  /// The table of a specification, with the columns `curve`, `x` and `y`.
  ///
  /// - Parameter report: told the share done; what it throws ends the computation.
  /// - Throws: `RankTheoryError`.
  public static func compute(
    _ specification: TheorySpecification, report: (Double) throws -> Void
  ) throws -> Table {
    var rows = CurveRows()
    for (index, name) in specification.activations.enumerated() {
      let activation = try Activation.named(name)
      switch specification.quantity {
      case .quarticGap: try addQuarticGap(of: activation, at: index, specification, to: &rows)
      case .rankGain: try addRankGain(of: activation, at: index, specification, to: &rows)
      case .modulation: try addModulation(of: activation, specification, to: &rows)
      case .tradeOff: try addTradeOff(of: activation, at: index, specification, to: &rows)
      }
      try report(Double(index + 1) / Double(specification.activations.count))
    }
    return Table(columns: ["curve", "x", "y"], rows: rows.rows)
  }
}
