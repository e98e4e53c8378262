import Activations
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
    switch specification.quantity {
    case .confinement: addConfinement(specification, to: &rows)
    case .mechanism: addMechanism(specification, to: &rows)
    case .quarticGap, .rankGain, .modulation, .tradeOff:
      try addActivations(specification, to: &rows, report: report)
    }
    return Table(columns: ["curve", "x", "y"], rows: rows.rows)
  }

  /// The quantities that are computed for each activation by itself.
  private static func addActivations(
    _ specification: TheorySpecification, to rows: inout CurveRows, report: (Double) throws -> Void
  ) throws {
    let names = specification.activations ?? []
    for (index, name) in names.enumerated() {
      let activation = try ScalarActivation.named(name)
      switch specification.quantity {
      case .quarticGap: try addQuarticGap(of: activation, at: index, specification, to: &rows)
      case .rankGain: try addRankGain(of: activation, at: index, specification, to: &rows)
      case .modulation: try addModulation(of: activation, specification, to: &rows)
      case .tradeOff: try addTradeOff(of: activation, at: index, specification, to: &rows)
      case .confinement, .mechanism: break
      }
      try report(Double(index + 1) / Double(names.count))
    }
  }
}
