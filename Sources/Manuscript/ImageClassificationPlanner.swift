import ContentStore
import Experiments

/// Networks trained on images, phase after phase, each phase measured: the cloning family.
struct ImageClassificationPlanner: ExperimentPlanner {
  /// The part of a block that this family reads, besides the runs and what they share.
  private struct Body: Codable {
    var measure: MeasurementOptions
  }

  func jobs(for artifact: ArtifactSpecification, in context: PlanningContext) throws -> [PlannedJob] {
    var common = artifact.body
    let options = try JSONValue.object(["measure": common.removeValue(forKey: "measure") ?? .null])
      .decodedStrictly(as: Body.self, at: []).measure
    guard options.probeImages >= 2 else {
      throw BlockProblem(path: ["measure", "probeImages"], message: "must be 2 or more")
    }
    let family = try RunFamily(common)
    let names = Set(family.runs.map(\.name))
    for (index, panel) in artifact.panels.enumerated() {
      try panel.validate(runs: names, tables: [], at: ["panels", "\(index)"])
    }

    let builder = JobBuilder(artifact: artifact, context: context)
    let training = try TrainingJobs(family, for: artifact, in: context)
    var jobs = training.preparations
    var measured: [JobInput] = []
    for trained in training.trained {
      let measuring = try builder.job(
        .measure, slot: "measure \(trained.run.name) seed \(trained.seed)",
        parameters: JSONValue(
          encoding: MeasurementSpecification(
            seed: trained.seed, data: trained.specification.data, model: trained.specification.model,
            clone: cloneFactor(of: trained.run, in: family), options: options)),
        inputs: trained.inputs, cost: trained.estimate.measuringCost(probeImages: options.probeImages))
      jobs += [trained.job, measuring]
      measured.append(
        JobInput(
          name: "\(trained.run.name)/\(trained.seed)", stage: Stage.measure.rawValue, key: measuring.key))
    }
    jobs.append(
      try builder.job(
        .plot, slot: "plot", parameters: builder.drawing(), inputs: measured, cost: 1e11))
    return jobs
  }

  /// How many copies of each unit the run's network holds since the run that was made anew: the product of
  /// the factors along the way.
  private func cloneFactor(of run: DeclaredRun, in family: RunFamily) -> Int {
    let parent = run.from.flatMap { name in family.runs.first { $0.name == name } }
    return (run.specification.clone ?? 1) * (parent.map { cloneFactor(of: $0, in: family) } ?? 1)
  }
}
