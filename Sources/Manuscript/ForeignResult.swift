import Claims
import ContentStore
import Figures

/// A result that was made elsewhere, as its manifest tells it.
public struct ForeignResult: Codable, Hashable, Sendable {
  public var manifest: Manifest
  /// Of prepared images, what their `dataset.json` says: the images themselves do not travel.
  public var dataSet: JSONValue?

  public init(manifest: Manifest, dataSet: JSONValue? = nil) {
    self.manifest = manifest
    self.dataSet = dataSet
  }

  /// It as an input of who draws or judges: of other files under the same key, published anew or by somebody else, this is
  /// another reader.
  func input(named name: String, stage: String) -> JobInput {
    JobInput(
      name: name, stage: stage, key: manifest.key,
      recipe: Digest(of: "\(manifest.key) \(manifest.filesDigest)\n").hex)
  }
}

/// Plans whose figures are drawn and judged here, from results that were made elsewhere.
extension ArtifactPlan {
  /// A result that tables rest on that were made elsewhere: it is told of, and neither made nor there.
  public struct Foreign: Sendable {
    public let subject: PlannedJob.Subject
    public let slot: String
    public let result: ForeignResult
  }

  /// The same with foreign tables in place of some of its own. What only these need is not made; everything else is made
  /// as ever.
  ///
  /// - Parameters:
  ///   - results: for the keys of this plan's jobs, what stands for them.
  ///   - origin: what the figure says of them.
  public func adopting(_ results: [String: ForeignResult], origin: FigureRecord.Origin) throws -> ArtifactPlan
  {
    let adopted = Set(jobs.filter { $0.isTable && results[$0.key] != nil }.map(\.key))
    guard !adopted.isEmpty else { return self }
    var needed: Set<String> = []
    for job in jobs.reversed() where !adopted.contains(job.key) && (job.isTable || needed.contains(job.key)) {
      needed.insert(job.key)
      needed.formUnion(job.job.inputs.map(\.key))
    }
    var result = self
    result.origin = origin
    result.jobs = []
    for job in jobs {
      switch job.subject {
      case .claims, .figure:
        result.jobs.append(
          try job.reading(
            job.job.inputs.map { input in
              guard adopted.contains(input.key), let found = results[input.key] else { return input }
              return found.input(named: input.name, stage: input.stage)
            }, origin: origin))
      case _ where adopted.contains(job.key):
        guard let found = results[job.key] else { continue }
        result.jobs.append(
          PlannedJob(subject: job.subject, slot: job.slot, job: found.manifest.job, isForeign: true))
      case _ where needed.contains(job.key): result.jobs.append(job)
      default:
        if let found = results[job.key] {
          result.foreign.append(Foreign(subject: job.subject, slot: job.slot, result: found))
        }
      }
    }
    result.unprepared = unprepared.filter { needed.contains($0.key) }
    return result
  }

  /// The same figure from numbers that were kept as they were drawn.
  ///
  /// - Parameters:
  ///   - figure: the job of the entry that holds them.
  ///   - seeds: those that were run.
  public func keeping(_ figure: Job, seeds: [UInt64], origin: FigureRecord.Origin) throws -> ArtifactPlan {
    var result = self
    let kept = PlannedJob(subject: .kept, slot: FigureInputs.keptName, job: figure, isForeign: true)
    let input = kept.input(named: FigureInputs.keptName, recipe: kept.key)
    result.origin = origin
    result.unprepared = []
    result.seeds = seeds
    result.jobs = try [kept] + last.map { try $0.reading([input], origin: origin, seeds: seeds) }
    return result
  }
}

extension PlannedJob {
  /// Whether a figure is drawn from it.
  public var isTable: Bool { asTable != nil }

  /// A job that draws or judges, with other inputs.
  fileprivate func reading(
    _ inputs: [JobInput], origin: FigureRecord.Origin, seeds: [UInt64]? = nil
  ) throws -> PlannedJob {
    var job = job
    job.inputs = inputs
    guard case .object(var parameters) = job.parameters else { return self }
    if let seeds { parameters["seeds"] = .array(try seeds.map { try JSONValue(encoding: $0) }) }
    if subject == .figure { parameters["provenance"] = .string(origin.words) }
    job.parameters = .object(parameters)
    return PlannedJob(subject: subject, slot: slot, job: job)
  }
}
