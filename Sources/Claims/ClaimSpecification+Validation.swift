import Figures
import Specifications

extension [ClaimSpecification] {
  /// Rejects claims that say nothing or speak of curves that there are not, naming the key.
  public func validate(on panels: [PanelSpecification]) throws(SpecificationProblem) {
    try requireCount(count, in: 0...1_000, "claims")
    // Curves of computed tables may be spoken of without being drawn.
    let tables = Set(panels.flatMap(\.series).flatMap(\.tableNames))
    let curves = Set(panels.flatMap { panel in panel.series.map { "\(panel.id).\($0.id)" } })
    var seen: Set<String> = []
    for (index, claim) in enumerated() {
      do { try claim.validate(curves: curves, tables: tables) } catch { throw error.below("claims.\(index)") }
      guard seen.insert(claim.id).inserted else {
        throw SpecificationProblem("claims.\(index)", "uses the name '\(claim.id)' a second time")
      }
    }
  }
}

extension ClaimSpecification {
  fileprivate func validate(
    curves: Set<String>, tables: Set<String>
  ) throws(SpecificationProblem) {
    guard !id.isEmpty else { throw SpecificationProblem("id", "is empty") }
    try requireLine(id, upTo: 200, "id")
    try requireLine(says, upTo: 4_000, "says")
    if let certain { try requireLine(certain, upTo: 1_000, "certain") }
    if let finding { try requireLine(finding, upTo: 2_000, "finding") }
    if profiles?.isEmpty == true { throw SpecificationProblem("profiles", "is empty") }
    let expression: ClaimExpression
    do { expression = try ClaimExpression(measure) } catch {
      throw SpecificationProblem("measure", (error as? ClaimExpressionError)?.message ?? "\(error)")
    }
    for curve in expression.curves
    where !curves.contains(curve) && !tables.contains(where: { curve.hasPrefix($0 + ".") }) {
      throw SpecificationProblem(
        "measure",
        "speaks of '\(curve)', which no panel draws; there are " + curves.sorted().joined(separator: ", "))
    }
  }
}
