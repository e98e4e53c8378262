import ContentStore
import Experiments

/// Turns an artifact of a registered family into jobs of `compute`: one for each table, or one for each trained run.
struct FamilyPlanner: ArtifactPlanner {
  let family: any ExperimentFamily

  func jobs(for artifact: ArtifactSpecification, in context: PlanningContext) throws -> [PlannedJob] {
    let builder = JobBuilder(artifact: artifact, context: context)
    switch try family.plan(ExperimentBlock(body: artifact.body, seeds: artifact.seeds)) {
    case .tables(let tables):
      try requireJobs(tables.count, at: [])
      for table in tables where !isName(table.name) {
        throw BlockProblem(
          path: ["tables", table.name], message: "must have a name of letters, digits, '.' and '-'")
      }
      try artifact.validatePanels(tables: Set(tables.map(\.name)))
      let jobs = tables.map { table in
        computation(
          .table(table.name, seed: table.seed), parameters: table.parameters, inputs: [], cost: table.cost,
          by: builder)
      }
      return try jobs + builder.ending(on: jobs.compactMap(\.asTable))
    case .runs(let body, let look):
      let runs = try RunFamily(body)
      try artifact.validatePanels(tables: Set(runs.runs.map(\.name)))
      let training = try TrainingJobs(runs, for: artifact, in: context)
      var jobs = training.preparations
      var tables: [JobInput] = []
      for trained in training.trained {
        let (parameters, cost): (JSONValue, Double)
        do {
          (parameters, cost) = try look(
            TrainedRun(
              seed: trained.seed, specification: trained.job.job.parameters,
              trainingOperations: trained.estimate.operations, snapshots: trained.estimate.snapshots))
        } catch let problem as BlockProblem {
          throw BlockProblem(
            path: runs.place(of: problem.path, ofRun: trained.run.name, in: body), message: problem.message)
        }
        let looking = computation(
          .look(run: trained.run.name, seed: trained.seed), parameters: parameters, inputs: trained.inputs,
          cost: cost, by: builder)
        jobs += [trained.job, looking]
        tables += [looking.asTable].compactMap { $0 }
      }
      return try jobs + builder.ending(on: tables, dataSets: training.dataSets, scale: training.scale)
    }
  }

  private func computation(
    _ subject: PlannedJob.Subject, parameters: JSONValue, inputs: [JobInput], cost: Double,
    by builder: JobBuilder
  ) -> PlannedJob {
    builder.job(
      .compute, module: family.module, subject: subject,
      parameters: ["experiment": .string(family.name), "specification": parameters], inputs: inputs,
      cost: cost)
  }
}
