import ContentStore
import PlasticityMetrics
import Training

/// Networks trained on images, phase after phase, each phase measured: experiment `image-classification`.
struct MeasuringPlanner: ArtifactPlanner {
  /// The most that the snapshots of a run may take when they have been measured, in bytes.
  static let bytesKept = 4e6

  func jobs(for artifact: ArtifactSpecification, in context: PlanningContext) throws -> [PlannedJob] {
    let measured = try MeasuredFamily(artifact, in: context)
    let family = measured.runs
    try artifact.validatePanels(runs: Set(family.runs.map(\.name)))

    let builder = JobBuilder(artifact: artifact, context: context)
    let training = try TrainingJobs(family, for: artifact, in: context)
    var jobs = training.preparations
    var tables: [JobInput] = []
    var names = MeasuredNames()
    for trained in training.trained {
      names.add(
        trained, cloneFactor: cloneFactor(of: trained.run, in: family),
        probes: measured.options(of: trained.run).probeNames)
    }
    try names.validate(artifact.panels)
    for trained in training.trained {
      let options = measured.options(of: trained.run)
      var measuring = builder.job(
        .measure, subject: .look(run: trained.run.name, seed: trained.seed),
        parameters: try JSONValue(
          encoding: MeasurementSpecification(
            seed: trained.seed, data: trained.specification.data, model: trained.specification.model,
            loss: trained.specification.loss, clone: cloneFactor(of: trained.run, in: family),
            copiesSharingMasks: trained.specification.tiedMasks == true ? trained.specification.clone : nil,
            tasks: trained.specification.tasks,
            options: options)),
        inputs: trained.inputs,
        cost: trained.estimate.measuringCost(
          probeImages: options.probeImages + (options.largerProbe ?? 0) / 2),
        memory: trained.estimate.measuringMemory)
      // A run through many tasks leaves too many snapshots to be kept, a wide network too large ones. Small ones stay, so
      // that another threshold costs no training.
      if trained.specification.tasks != nil || trained.estimate.snapshotBytes > Self.bytesKept {
        measuring.releases = trained.job.key
      }
      jobs += [trained.job, measuring]
      tables += [measuring.asTable].compactMap { $0 }
    }
    return try jobs + builder.ending(on: tables, dataSets: training.dataSets, scale: training.scale)
  }

  /// How many copies of each unit the run's network holds since the run that was made anew: the product of
  /// the factors along the way.
  private func cloneFactor(of run: DeclaredRun, in family: RunFamily) -> Int {
    let parent = run.from.flatMap { name in family.runs.first { $0.name == name } }
    return (run.specification.clone ?? 1) * (parent.map { cloneFactor(of: $0, in: family) } ?? 1)
  }
}
