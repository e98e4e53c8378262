import ContentStore
import Experiments
import PlanarTasks
import Specifications
import Tables

/// Fields of stretchings over the plane: networks that learn a circle, and networks of planar tasks beside them.
///
/// Each of `circles` makes a table of its name for each seed and a table `name-picture` of the first one; `networks` and
/// `training` are those of ``PlanarFamily``.
public struct FieldFamily: ExperimentFamily {
  public let name = "stretching-fields"
  public let module = "StretchingFields"

  private static let planar: Set<String> = ["networks", "training"]

  public init() {}

  public func plan(_ block: ExperimentBlock) throws -> ExperimentPlan {
    try block.requireSeeds()
    let circles = try block.objects(of: "circles", optional: Self.planar).flatMap { name, members in
      let seeded = try block.seeds.map { try Self.table(name, members, seed: $0, isPicture: false) }
      return try seeded + [Self.table(name, members, seed: block.seeds[0], isPicture: true)]
    }
    let rest = block.body.filter { Self.planar.contains($0.key) }
    guard !rest.isEmpty,
      case .tables(let tables) = try PlanarFamily().plan(ExperimentBlock(body: rest, seeds: block.seeds))
    else { return .tables(circles) }
    if let twice = Set(circles.map(\.name)).intersection(tables.map(\.name)).min() {
      throw BlockProblem(path: ["networks"], message: "makes a table '\(twice)', as 'circles' do")
    }
    return .tables(circles + tables)
  }

  private static func table(
    _ name: String, _ members: [String: JSONValue], seed: UInt64, isPicture: Bool
  ) throws -> ExperimentTable {
    var members = members
    members["seed"] = .integer(Int(seed))
    members["picture"] = isPicture ? true : nil
    let path = ["circles", name]
    let specification = try JSONValue.object(members).decodedStrictly(as: CircleSpecification.self, at: path)
    do { try specification.validate() } catch {
      throw BlockProblem(path: path + error.keys, message: error.message)
    }
    return ExperimentTable(
      name: isPicture ? "\(name)-picture" : name, seed: isPicture ? nil : seed,
      parameters: try JSONValue(encoding: specification), cost: specification.cost)
  }

  /// Whether a table is one of ``PlanarFamily``'s.
  private static func isPlanar(_ parameters: JSONValue) -> Bool {
    guard case .object(let members) = parameters else { return false }
    return members["tasks"] != nil
  }

  public func compute(
    _ parameters: JSONValue, on subject: ExperimentSubject?, report: (Double, String) throws -> Void
  ) throws -> Table {
    guard !Self.isPlanar(parameters) else {
      return try PlanarFamily().compute(parameters, on: subject, report: report)
    }
    let specification = try parameters.decoded(as: CircleSpecification.self)
    try specification.validate()
    return try CircleTable.compute(specification) { done in
      try report(Double(done) / Double(specification.epochs), "epoch \(done)/\(specification.epochs)")
    }
  }

  public func setup(_ parameters: [JSONValue]) throws -> ExperimentSetup? {
    let circles = try parameters.filter { !Self.isPlanar($0) }.map {
      try $0.decoded(as: CircleSpecification.self)
    }
    guard let first = circles.first else { return nil }
    let sizes = Set(circles.map(\.hiddenSizes)).sorted { ($0.first ?? 0) < ($1.first ?? 0) }
    let smallest = circles.map { $0.shape.extent(of: Float.self, batchSize: 1).parameters }.min() ?? 0
    return ExperimentSetup(
      network: "MLP",
      sizes: sizes.map { "\($0.count) × \($0.first ?? 0)" }.joined(separator: " or ") + ", tanh",
      parameters: smallest, normalization: "none", data: "\(first.points) points of a square",
      optimizer: "sgd \(first.learningRate)", length: first.epochs, unit: "epochs")
  }
}
