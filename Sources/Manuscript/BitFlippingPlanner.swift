import BitFlipping
import ContentStore
import Specifications

/// Learners that follow a drifting target: a run for each method, width and seed.
///
/// Method `m` at width w becomes the table `m-w`, averaged over seeds.
struct BitFlippingPlanner: ExperimentPlanner {
  private struct Body: Codable {
    var stream: StreamSpecification
    var activation: HiddenActivation
    var widths: [Int]
    var readings: ReadingSpecification
  }

  func jobs(for artifact: ArtifactSpecification, in context: PlanningContext) throws -> [PlannedJob] {
    var members = artifact.body
    guard case .object(let methods)? = members.removeValue(forKey: "methods"), !methods.isEmpty else {
      throw BlockProblem(path: ["methods"], message: "is missing or no object of methods by name")
    }
    let body = try JSONValue.object(members).decodedStrictly(as: Body.self, at: [])
    guard !artifact.seeds.isEmpty else { throw BlockProblem(path: ["seeds"], message: "is missing") }
    let runs = try methods.sorted { $0.key < $1.key }.flatMap { name, values in
      try self.runs(of: name, values, body)
    }
    for (index, panel) in artifact.panels.enumerated() {
      try panel.validate(runs: [], tables: Set(runs.map(\.name)), at: ["panels", "\(index)"])
    }
    let builder = JobBuilder(artifact: artifact, context: context)
    var jobs: [PlannedJob] = []
    var tables: [JobInput] = []
    for run in runs {
      for seed in artifact.seeds {
        var specification = run.specification
        specification.seed = seed
        let job = try builder.job(
          .flip, slot: "flip \(run.name) seed \(seed)", parameters: JSONValue(encoding: specification),
          inputs: [], cost: specification.cost)
        jobs.append(job)
        tables.append(JobInput(name: "\(run.name)/\(seed)", stage: Stage.flip.rawValue, key: job.key))
      }
    }
    jobs.append(
      try builder.job(.plot, slot: "plot", parameters: builder.drawing(), inputs: tables, cost: 1e11))
    return jobs
  }

  /// A method at each of its widths: the block's, unless it has its own.
  private func runs(
    of name: String, _ values: JSONValue, _ body: Body
  ) throws -> [(name: String, specification: BitFlippingSpecification)] {
    struct OwnWidths: Codable { var widths: [Int]? }
    let path = ["methods", name]
    guard case .object(var members) = values else {
      throw BlockProblem(path: path, message: "must be an object in braces")
    }
    guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" }) else {
      throw BlockProblem(path: path, message: "must have a name of letters, digits and '-'")
    }
    let own = try JSONValue.object(["widths": members.removeValue(forKey: "widths") ?? .null])
      .decodedStrictly(as: OwnWidths.self, at: path).widths
    let method = try JSONValue.object(members).decodedStrictly(as: LearningMethod.self, at: path)
    return try (own ?? body.widths).map { width in
      let specification = BitFlippingSpecification(
        seed: 0, stream: body.stream, width: width, activation: body.activation, method: method,
        readings: body.readings)
      do { try specification.validate() } catch let error as SpecificationProblem {
        throw BlockProblem(
          path: place(of: error.keys, inMethodAt: path, own: own != nil), message: error.message)
      }
      return ("\(name)-\(width)", specification)
    }
  }

  /// Where a block says what a run's specification has at `key`.
  private func place(of key: [String], inMethodAt path: [String], own: Bool) -> [String] {
    switch key.first {
    case "method": path + key.dropFirst()
    case "width": own ? path + ["widths"] : ["widths"]
    default: key
    }
  }
}
