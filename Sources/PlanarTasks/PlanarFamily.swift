import ContentStore
import Experiments
import Specifications
import Tables

/// Networks that learn planar tasks: a table for each of the block's `networks` and seed.
///
/// What `training` says holds for all of them; a network's own values go before it, and `representations` makes one
/// network of each width: `narrow` with widths 2 and 4 becomes the tables `narrow-2` and `narrow-4`. With `pictures` there
/// is a table `narrow-2-pictures` besides, of the first seed.
public struct PlanarFamily: ExperimentFamily {
  public let name = "planar-tasks"
  public let module = "PlanarTasks"

  public init() {}

  public func plan(_ block: ExperimentBlock) throws -> ExperimentPlan {
    let networks = try block.objects(of: "networks", optional: ["training"])
    guard case .object(let training)? = block.body["training"] ?? .object([:]) else {
      throw BlockProblem(path: ["training"], message: "must be an object in braces")
    }
    try block.requireSeeds()
    return .tables(
      try networks.flatMap { name, own in
        try Self.tables(named: name, own, over: training, seeds: block.seeds)
      })
  }

  private static func tables(
    named name: String, _ own: [String: JSONValue], over training: [String: JSONValue], seeds: [UInt64]
  ) throws -> [ExperimentTable] {
    let path = ["networks", name]
    guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" }) else {
      throw BlockProblem(path: path, message: "must have a name of letters, digits and '-'")
    }
    var members = training.merging(own) { _, own in own }
    let pictures = members.removeValue(forKey: "pictures")
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
      func table(_ name: String, seed: UInt64, isOfAll: Bool) throws -> ExperimentTable {
        members["representation"] = width
        members["seed"] = .integer(Int(seed))
        members["pictures"] = isOfAll ? pictures : nil
        let specification = try JSONValue.object(members).decodedStrictly(
          as: PlanarSpecification.self, at: path)
        do { try specification.validate() } catch {
          let keys = error.keys == ["representation"] ? ["representations"] : error.keys
          throw BlockProblem(path: path + keys, message: error.message)
        }
        return ExperimentTable(
          name: name, seed: isOfAll ? nil : seed, parameters: try JSONValue(encoding: specification),
          cost: specification.cost)
      }
      let curves = try seeds.map { try table("\(name)-\(number)", seed: $0, isOfAll: false) }
      guard pictures != nil else { return curves }
      return try curves + [table("\(name)-\(number)-pictures", seed: seeds[0], isOfAll: true)]
    }
  }

  public func compute(
    _ parameters: JSONValue, on subject: ExperimentSubject?, report: (Double, String) throws -> Void
  ) throws -> Table {
    let specification = try parameters.decoded(as: PlanarSpecification.self)
    try specification.validate()
    let tasks = specification.pictures?.last ?? specification.tasks
    func tell(_ done: Int) throws { try report(Double(done) / Double(tasks), "task \(done)/\(tasks)") }
    guard specification.pictures == nil else { return try PlanarPicture.table(specification, report: tell) }
    return try PlanarTable.compute(specification, report: tell)
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
