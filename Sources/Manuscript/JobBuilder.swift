import Claims
import ContentStore
import Experiments
import Figures
import PreparedImages

/// Makes the jobs of one artifact: stage, fingerprint, parameters, inputs.
struct JobBuilder {
  let artifact: ArtifactSpecification
  let context: PlanningContext

  /// - Parameter module: where the fingerprint starts; the stage's own module if nil.
  func job(
    _ stage: Stage, module: String? = nil, subject: PlannedJob.Subject, parameters: JSONValue,
    inputs: [JobInput], cost: Double, memory: Double? = nil
  ) -> PlannedJob {
    let module = module ?? stage.rawValue
    guard let fingerprint = context.fingerprints[module] else {
      preconditionFailure("there is a fingerprint for every stage and family, and for \(module)")
    }
    let slot = "\(stage.rawValue)\(subject.words)"
    return PlannedJob(
      subject: subject, slot: slot,
      job: Job(
        stage: stage.rawValue, module: module, fingerprint: fingerprint, parameters: parameters,
        inputs: inputs, environment: context.environment, title: "\(artifact.block.id) \(slot)", cost: cost,
        memory: memory))
  }

  /// The job of `prepare`: which set, and its official files by content.
  ///
  /// - Parameter selection: the images that are looked at.
  func preparation(
    of set: String, from source: PlannedDataSource, selection: ImageSelection = ImageSelection()
  ) throws -> PlannedJob {
    let factor = source.downsampling.factor
    return job(
      .prepare, subject: .images(set + (factor > 1 ? " ÷ \(factor)" : "") + selection.inWords),
      parameters: try JSONValue(
        encoding: PreparationSpecification(
          set: set, synthetic: source.isSynthetic, digest: source.digest,
          downsample: factor > 1 ? factor : nil,
          selection: selection.isEverything ? nil : selection)),
      inputs: [], cost: 3e11)
  }

  /// What every artifact ends with: its figure is drawn and its claims are judged, both from the same tables.
  ///
  /// - Parameters:
  ///   - dataSets: the images that the figure rests on, in the order in which they were met.
  ///   - scale: how long epochs and tasks are.
  func ending(
    on tables: [JobInput], dataSets: [DrawingSpecification.DataSet] = [], scale: PanelScale = .none
  ) throws -> [PlannedJob] {
    let panels = try artifact.panels.enumerated().map { index, panel in
      try scale.resolved(panel, at: ["panels", "\(index)"])
    }
    let shelf = PublishedShelf(besideChapter: artifact.block.file)
    let published = try artifact.panels.enumerated().flatMap { index, panel in
      try scale.published(panel, of: artifact.block.id, from: shelf, at: ["panels", "\(index)"])
    }
    do { try published.validate(on: panels) } catch {
      throw BlockProblem(path: ["panels"], message: "take from \(shelf.folder) what is no curve: \(error)")
    }
    let drawing = DrawingSpecification(
      artifact: artifact.block.id, paper: artifact.block.paper?.identifier, title: artifact.title,
      profile: artifact.profile, seeds: artifact.seeds, dataSets: dataSets, columns: artifact.columns,
      aspect: artifact.aspect, panels: panels, published: published)
    let judgement = JudgementSpecification(
      artifact: artifact.block.id, profile: artifact.profile, seeds: artifact.seeds,
      panels: panels, claims: artifact.claims, published: published)
    return [
      job(
        .judge, subject: .claims, parameters: try JSONValue(encoding: judgement), inputs: tables, cost: 1e10),
      job(.plot, subject: .figure, parameters: try JSONValue(encoding: drawing), inputs: tables, cost: 1e11),
    ]
  }
}

/// Rejects an artifact of more jobs than a graph should hold.
func requireJobs(_ count: Int, at path: [String]) throws {
  guard count <= 50_000 else {
    throw BlockProblem(path: path, message: "makes \(count) jobs; an artifact has 50000 at most")
  }
}

extension ImageSelection {
  /// What follows the name of the set in a slot.
  fileprivate var inWords: String {
    var words: [String] = []
    if let training { words.append("first \(training)") }
    if let validation { words.append("\(validation) to validate") }
    if let perClass { words.append("\(perClass) of a class") }
    return words.map { ", \($0)" }.joined()
  }
}
