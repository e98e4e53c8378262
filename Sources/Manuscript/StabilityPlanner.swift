import ContentStore
import ManifoldStability
import Training

/// Base networks whose snapshots are cloned and examined: is the cloning manifold stable?
///
/// Each run becomes a table of the run's name, averaged over seeds.
struct StabilityPlanner: ExperimentPlanner {
  private struct Body: Codable {
    var examine: StabilityOptions
  }

  func jobs(for artifact: ArtifactSpecification, in context: PlanningContext) throws -> [PlannedJob] {
    var common = artifact.body
    let options = try JSONValue.object(["examine": common.removeValue(forKey: "examine") ?? .null])
      .decodedStrictly(as: Body.self, at: []).examine
    do { try options.validate() } catch {
      throw BlockProblem(path: ["examine"] + error.keys, message: error.message)
    }
    let family = try RunFamily(common)
    if family.runs.contains(where: { $0.specification.loss ?? .crossEntropy != .crossEntropy }) {
      throw BlockProblem(path: ["loss"], message: "must be crossEntropy: its curvature is what is examined")
    }
    let names = Set(family.runs.map(\.name))
    for (index, panel) in artifact.panels.enumerated() {
      try panel.validate(runs: [], tables: names, at: ["panels", "\(index)"])
    }

    let builder = JobBuilder(artifact: artifact, context: context)
    let training = try TrainingJobs(family, for: artifact, in: context)
    var jobs = training.preparations
    var examined: [JobInput] = []
    for trained in training.trained {
      let examining = try builder.job(
        .examine, slot: "examine \(trained.run.name) seed \(trained.seed)",
        parameters: JSONValue(
          encoding: StabilitySpecification(
            seed: trained.seed, data: trained.specification.data, model: trained.specification.model,
            options: options)),
        inputs: trained.inputs,
        cost: trained.estimate.examiningCost(images: options.images, steps: options.steps))
      jobs += [trained.job, examining]
      examined.append(
        JobInput(
          name: "\(trained.run.name)/\(trained.seed)", stage: Stage.examine.rawValue, key: examining.key))
    }
    jobs.append(
      try builder.job(
        .plot, slot: "plot", parameters: builder.drawing(), inputs: examined, cost: 1e11))
    return jobs
  }
}
