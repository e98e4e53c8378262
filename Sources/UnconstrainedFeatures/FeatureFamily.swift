import ContentStore
import Experiments
import Specifications
import Tables

/// Features without a network: tables for each seed, by the names that the block gives them.
public struct FeatureFamily: ExperimentFamily {
  public let name = "unconstrained-features"
  public let module = "UnconstrainedFeatures"

  public init() {}

  public func plan(_ block: ExperimentBlock) throws -> ExperimentPlan {
    let tables = try block.objects(of: "tables")
    try block.requireSeeds()
    return .tables(
      try tables.flatMap { name, members in
        try Self.tables(named: name, members, seeds: block.seeds)
      })
  }

  private static func tables(
    named name: String, _ members: [String: JSONValue], seeds: [UInt64]
  ) throws -> [ExperimentTable] {
    let path = ["tables", name]
    var members = members
    return try seeds.map { seed in
      members["seed"] = .integer(Int(seed))
      let specification = try JSONValue.object(members).decodedStrictly(
        as: FeatureSpecification.self, at: path)
      do { try specification.validate() } catch let error as SpecificationProblem {
        throw BlockProblem(path: path + error.keys, message: error.message)
      }
      return ExperimentTable(
        name: name, seed: seed, parameters: try JSONValue(encoding: specification), cost: specification.cost)
    }
  }

  public func compute(
    _ parameters: JSONValue, on subject: ExperimentSubject?, report: (Double, String) throws -> Void
  ) throws -> Table {
    let specification = try parameters.decoded(as: FeatureSpecification.self)
    try specification.validate()
    return try FeatureTable.compute(specification) { try report($0, "") }
  }

  public func setup(_ parameters: [JSONValue]) throws -> ExperimentSetup? {
    let all = try parameters.map { try $0.decoded(as: FeatureSpecification.self) }
    guard let first = all.first else { return nil }
    let dimensions = Set(all.flatMap(\.dimensions)).sorted()
    let features = first.classes * first.featuresPerClass
    return ExperimentSetup(
      network: "features without a network",
      sizes: "dimensions \(dimensions.map(String.init).joined(separator: ", "))",
      parameters: (features + first.classes) * (dimensions.first ?? 0), normalization: "none",
      data: "\(features) features of \(first.classes) classes",
      optimizer: "gradient descent \(first.learningRate)",
      length: first.steps, unit: "steps")
  }
}
