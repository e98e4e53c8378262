import ContentStore
import RankTheory
import Specifications

/// Figures of the theory: tables that are computed without training, each an entry of its own.
struct TheoryPlanner: ExperimentPlanner {
  func jobs(for artifact: ArtifactSpecification, in context: PlanningContext) throws -> [PlannedJob] {
    var body = artifact.body
    guard case .object(let tables)? = body.removeValue(forKey: "tables"), !tables.isEmpty else {
      throw BlockProblem(path: ["tables"], message: "is missing or no object of tables by name")
    }
    if let unknown = body.keys.min() {
      throw BlockProblem(path: [unknown], message: "is not a key that is known here")
    }
    for (index, panel) in artifact.panels.enumerated() {
      try panel.validate(runs: [], tables: Set(tables.keys), at: ["panels", "\(index)"])
    }
    let builder = JobBuilder(artifact: artifact, context: context)
    var jobs = try tables.sorted { $0.key < $1.key }.map { name, values in
      let specification = try values.decodedStrictly(
        as: TheorySpecification.self, at: ["tables", name])
      do { try specification.validate() } catch let error as SpecificationProblem {
        throw BlockProblem(path: ["tables", name] + error.keys, message: error.message)
      }
      return try builder.job(
        .compute, slot: "compute \(name)", parameters: JSONValue(encoding: specification), inputs: [],
        cost: specification.cost)
    }
    let inputs = zip(tables.keys.sorted(), jobs).map { name, job in
      JobInput(name: name, stage: Stage.compute.rawValue, key: job.key)
    }
    jobs.append(
      try builder.job(.plot, slot: "plot", parameters: builder.drawing(), inputs: inputs, cost: 1e11))
    return jobs
  }
}
