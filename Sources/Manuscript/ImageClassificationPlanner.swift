import ContentStore
import PlasticityMetrics
import Training

/// Networks trained on images, phase after phase, each phase measured: the cloning family.
struct ImageClassificationPlanner: ExperimentPlanner {
  func jobs(for artifact: ArtifactSpecification, in context: PlanningContext) throws -> [PlannedJob] {
    let measured = try MeasuredFamily(artifact, in: context)
    let family = measured.runs
    let names = Set(family.runs.map(\.name))
    for (index, panel) in artifact.panels.enumerated() {
      try panel.validate(runs: names, tables: [], at: ["panels", "\(index)"])
    }

    let builder = JobBuilder(artifact: artifact, context: context)
    let training = try TrainingJobs(family, for: artifact, in: context)
    var jobs = training.preparations
    var tables: [JobInput] = []
    for trained in training.trained {
      let options = measured.options(of: trained.run)
      var measuring = try builder.job(
        .measure, slot: "measure \(trained.run.name) seed \(trained.seed)",
        parameters: JSONValue(
          encoding: MeasurementSpecification(
            seed: trained.seed, data: trained.specification.data, model: trained.specification.model,
            loss: trained.specification.loss, clone: cloneFactor(of: trained.run, in: family),
            tasks: trained.specification.tasks,
            options: options)),
        inputs: trained.inputs, cost: trained.estimate.measuringCost(probeImages: options.probeImages))
      // A run through many tasks leaves too many snapshots to be kept.
      if trained.specification.tasks != nil { measuring.releases = trained.job.key }
      jobs += [trained.job, measuring]
      tables.append(
        JobInput(
          name: "\(trained.run.name)/\(trained.seed)", stage: Stage.measure.rawValue, key: measuring.key))
    }
    jobs.append(
      try builder.job(
        .plot, slot: "plot", parameters: builder.drawing(), inputs: tables, cost: 1e11))
    return jobs
  }

  /// How many copies of each unit the run's network holds since the run that was made anew: the product of
  /// the factors along the way.
  private func cloneFactor(of run: DeclaredRun, in family: RunFamily) -> Int {
    let parent = run.from.flatMap { name in family.runs.first { $0.name == name } }
    return (run.specification.clone ?? 1) * (parent.map { cloneFactor(of: $0, in: family) } ?? 1)
  }
}
