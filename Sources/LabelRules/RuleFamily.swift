import ContentStore
import Experiments
import Specifications
import Tables
import Training

/// What mixup makes of two samples' targets: a table of each of the block's `tables`, computed from the rule that training
/// uses.
public struct RuleFamily: ExperimentFamily {
  public let name = "label-rules"
  public let module = "LabelRules"

  /// Weights at which rules are drawn.
  private static let weights = (0...100).map { Double($0) / 100 }

  public init() {}

  public func plan(_ block: ExperimentBlock) throws -> ExperimentPlan {
    .tables(
      try block.objects(of: "tables").map { name, members in
        let path = ["tables", name]
        let specification = try JSONValue.object(members).decodedStrictly(
          as: MixupSpecification.self, at: path)
        do { try specification.validate() } catch let error as SpecificationProblem {
          throw BlockProblem(path: path + error.keys, message: error.message)
        }
        return ExperimentTable(name: name, parameters: try JSONValue(encoding: specification), cost: 1)
      })
  }

  /// Over the weight m of the first sample: `between`, the target of its class where the other is of another one;
  /// `within`, that of their class where both are of one, and `other`, that of the class that gets the rest.
  public func compute(
    _ parameters: JSONValue, on subject: ExperimentSubject?, report: (Double, String) throws -> Void
  ) throws -> Table {
    let specification = try parameters.decoded(as: MixupSpecification.self)
    try specification.validate()
    let rows = Self.weights.flatMap { weight -> [[String]] in
      let sureness = specification.sureness(at: weight)
      return [("between", weight), ("within", sureness), ("other", 1 - sureness)]
        .map { [$0.0, "\(weight)", "\($0.1)"] }
    }
    return Table(columns: ["curve", "x", "y"], rows: rows.sorted { $0[0] < $1[0] })
  }
}
