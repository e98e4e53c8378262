import ContentStore
import Experiments
import Specifications
import Tables

/// Figures of the theory: tables that are computed without training.
public struct TheoryFamily: ExperimentFamily {
  public let name = "theory"
  public let module = "RankTheory"

  public init() {}

  public func plan(_ block: ExperimentBlock) throws -> ExperimentPlan {
    return .tables(
      try block.objects(of: "tables").map { name, members in
        let specification = try JSONValue.object(members).decodedStrictly(
          as: TheorySpecification.self, at: ["tables", name])
        do { try specification.validate() } catch let error as SpecificationProblem {
          throw BlockProblem(path: ["tables", name] + error.keys, message: error.message)
        }
        return ExperimentTable(
          name: name, parameters: try JSONValue(encoding: specification), cost: specification.cost)
      })
  }

  public func compute(
    _ parameters: JSONValue, on subject: ExperimentSubject?, report: (Double, String) throws -> Void
  ) throws -> Table {
    let specification = try parameters.decoded(as: TheorySpecification.self)
    try specification.validate()
    return try TheoryTable.compute(specification) { try report($0, "") }
  }
}
