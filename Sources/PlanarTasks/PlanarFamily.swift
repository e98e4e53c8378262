import ContentStore
import Experiments
import Specifications
import Tables

/// Networks that learn planar tasks: a table for each of the block's `networks` and seed.
///
/// What `training` says holds for all of them; a network's own values go before it, and `representations` makes one
/// network of each width: `narrow` with widths 2 and 4 becomes the tables `narrow-2` and `narrow-4`.
public struct PlanarFamily: ExperimentFamily {
  public let name = "planar-tasks"
  public let module = "PlanarTasks"

  public init() {}

  public func plan(_ block: ExperimentBlock) throws -> ExperimentPlan {
    var body = block.body
    guard case .object(let networks)? = body.removeValue(forKey: "networks"), !networks.isEmpty else {
      throw BlockProblem(path: ["networks"], message: "is missing or no object of networks by name")
    }
    guard case .object(let training)? = body.removeValue(forKey: "training") ?? .object([:]) else {
      throw BlockProblem(path: ["training"], message: "must be an object in braces")
    }
    if let unknown = body.keys.min() {
      throw BlockProblem(path: [unknown], message: "is not a key that is known here")
    }
    guard !block.seeds.isEmpty else { throw BlockProblem(path: ["seeds"], message: "is missing") }
    return .tables(
      try networks.sorted { $0.key < $1.key }.flatMap { name, values in
        try Self.tables(named: name, values, over: training, seeds: block.seeds)
      })
  }

  private static func tables(
    named name: String, _ values: JSONValue, over training: [String: JSONValue], seeds: [UInt64]
  ) throws -> [ExperimentTable] {
    let path = ["networks", name]
    guard case .object(let own) = values else {
      throw BlockProblem(path: path, message: "must be an object in braces")
    }
    guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" }) else {
      throw BlockProblem(path: path, message: "must have a name of letters, digits and '-'")
    }
    var members = training.merging(own) { _, own in own }
    guard case .array(let widths)? = members.removeValue(forKey: "representations"), !widths.isEmpty,
      widths.count <= 100
    else {
      throw BlockProblem(
        path: path + ["representations"], message: "is missing or no list of 1 to 100 widths")
    }
    return try widths.flatMap { width in
      guard case .integer(let number) = width else {
        throw BlockProblem(path: path + ["representations"], message: "holds what is no whole number")
      }
      return try seeds.map { seed in
        members["representation"] = width
        members["seed"] = .integer(Int(seed))
        let specification = try JSONValue.object(members).decodedStrictly(
          as: PlanarSpecification.self, at: path)
        do { try specification.validate() } catch let error as SpecificationProblem {
          let keys = error.keys == ["representation"] ? ["representations"] : error.keys
          throw BlockProblem(path: path + keys, message: error.message)
        }
        return ExperimentTable(
          name: "\(name)-\(number)", seed: seed, parameters: try JSONValue(encoding: specification),
          cost: specification.cost)
      }
    }
  }

  public func compute(
    _ parameters: JSONValue, on subject: ExperimentSubject?, report: (Double, String) throws -> Void
  ) throws -> Table {
    let specification = try parameters.decoded(as: PlanarSpecification.self)
    try specification.validate()
    return try PlanarTable.compute(specification) { done in
      try report(Double(done) / Double(specification.tasks), "task \(done)/\(specification.tasks)")
    }
  }

  public func setup(_ parameters: [JSONValue]) throws -> ExperimentSetup? {
    let runs = try parameters.map { try $0.decoded(as: PlanarSpecification.self) }
    guard let first = runs.first else { return nil }
    let widths = Set(runs.map(\.representation)).sorted().map(String.init).joined(separator: ", ")
    let points = Set(runs.map(\.trainingPoints)).sorted().map(String.init).joined(separator: " or ")
    let narrowest = runs.min { $0.representation < $1.representation } ?? first
    return ExperimentSetup(
      network: "MLP", sizes: "\(first.hiddenSizes.map(String.init).joined(separator: ", ")), then \(widths)",
      parameters: narrowest.shape.extent(of: Float.self, batchSize: 1).parameters, normalization: "none",
      data: "\(first.tasks) tasks of \(points) points of the plane",
      optimizer: "\(first.optimizer.kind) \(first.optimizer.learningRate)", length: first.epochs,
      unit: "epochs a task")
  }
}
