import ContentStore
import DataSets
import Experiments

/// Networks trained on images, phase after phase, each phase measured: the cloning family.
struct ImageClassificationPlanner: ExperimentPlanner {
  /// The part of a block that this family reads, besides the runs and what they share.
  private struct Body: Codable {
    var measure: MeasurementOptions
  }

  func jobs(for artifact: ArtifactSpecification, in context: PlanningContext) throws -> [PlannedJob] {
    var common = artifact.body
    guard case .array(let declarations)? = common.removeValue(forKey: "runs") else {
      throw BlockProblem(path: ["runs"], message: "is missing or no list")
    }
    let options = try JSONValue.object(["measure": common.removeValue(forKey: "measure") ?? .null])
      .decodedStrictly(as: Body.self, at: []).measure
    guard options.probeImages >= 2 else {
      throw BlockProblem(path: ["measure", "probeImages"], message: "must be 2 or more")
    }
    guard !artifact.seeds.isEmpty else { throw BlockProblem(path: ["seeds"], message: "is missing") }
    let family = try RunFamily(artifact, common: .object(common), runs: declarations)
    let names = Set(family.runs.map(\.name))
    for (index, panel) in artifact.panels.enumerated() {
      try panel.validate(runs: names, tables: [], at: ["panels", "\(index)"])
    }

    let builder = JobBuilder(artifact: artifact, context: context)
    var jobs: [PlannedJob] = []
    var prepared: [String: Job] = [:]
    var measured: [JobInput] = []
    for set in Set(family.runs.map(\.specification.data.set)).sorted() {
      let source = try dataSource(set, in: context)
      let planned = try builder.job(
        .prepare, slot: "prepare \(set)", parameters: builder.preparation(of: set, from: source),
        inputs: [], cost: 3e11)
      prepared[set] = planned.job
      jobs.append(planned)
    }
    for seed in artifact.seeds {
      var trained: [String: Job] = [:]
      for run in family.runs {
        var specification = run.specification
        specification.seed = seed
        guard let data = prepared[specification.data.set] else { continue }
        var inputs = [JobInput(name: "data", stage: Stage.prepare.rawValue, key: data.key)]
        if let start = run.from.flatMap({ trained[$0] }) {
          inputs.append(JobInput(name: "start", stage: Stage.train.rawValue, key: start.key))
        }
        let source = try context.dataSource(specification.data.set)
        let estimate = TrainingEstimate(specification, source: source)
        let training = try builder.job(
          .train, slot: "train \(run.name) seed \(seed)",
          parameters: JSONValue(encoding: specification), inputs: inputs, cost: estimate.trainingCost)
        trained[run.name] = training.job
        let measuring = try builder.job(
          .measure, slot: "measure \(run.name) seed \(seed)",
          parameters: JSONValue(
            encoding: MeasurementSpecification(
              seed: seed, data: specification.data, model: specification.model,
              clone: cloneFactor(of: run, in: family), options: options)),
          inputs: [
            inputs[0], JobInput(name: "run", stage: Stage.train.rawValue, key: training.key),
          ], cost: estimate.measuringCost(probeImages: options.probeImages))
        jobs += [training, measuring]
        measured.append(
          JobInput(
            name: "\(run.name)/\(seed)", stage: Stage.measure.rawValue, key: measuring.key))
      }
    }
    jobs.append(
      try builder.job(
        .plot, slot: "plot", parameters: builder.drawing(), inputs: measured, cost: 1e11))
    return jobs
  }

  private func dataSource(
    _ set: String, in context: PlanningContext
  ) throws -> PlannedDataSource {
    do {
      return try context.dataSource(set)
    } catch DataSetError.unknownDataSet(let name, let known) {
      throw BlockProblem(
        path: ["data", "set"],
        message: "is '\(name)'; known: \(known.joined(separator: ", "))")
    }
  }

  /// How many copies of each unit the run's network holds since the run that was made anew: the product of
  /// the factors along the way.
  private func cloneFactor(of run: DeclaredRun, in family: RunFamily) -> Int {
    let parent = run.from.flatMap { name in family.runs.first { $0.name == name } }
    return (run.specification.clone ?? 1) * (parent.map { cloneFactor(of: $0, in: family) } ?? 1)
  }
}
