import ContentStore
import PreparedImages

/// Makes the jobs of one artifact: stage, fingerprint, parameters, inputs.
struct JobBuilder {
  let artifact: ArtifactSpecification
  let context: PlanningContext

  func job(
    _ stage: Stage, slot: String, parameters: JSONValue, inputs: [JobInput], cost: Double
  ) throws -> PlannedJob {
    guard let fingerprint = context.fingerprints[stage] else {
      preconditionFailure("every stage has a fingerprint")
    }
    return PlannedJob(
      slot: slot,
      job: Job(
        stage: stage.rawValue, fingerprint: fingerprint.digest, parameters: parameters,
        inputs: inputs, title: "\(artifact.block.id) \(slot)", cost: cost,
        sources: fingerprint.sources))
  }

  /// The parameters of `prepare`: which set, and its official files by content.
  func preparation(
    of set: String, from source: PlannedDataSource, downsample: Int
  ) throws -> JSONValue {
    try JSONValue(
      encoding: PreparationSpecification(
        set: set, synthetic: source.isSynthetic, digest: source.digest,
        downsample: downsample > 1 ? downsample : nil))
  }

  /// The parameters of `plot`.
  func drawing() throws -> JSONValue {
    try JSONValue(
      encoding: DrawingSpecification(
        artifact: artifact.block.id, title: artifact.title, profile: artifact.profile,
        seeds: artifact.seeds, columns: artifact.columns, aspect: artifact.aspect,
        panels: artifact.panels, claims: artifact.claims))
  }
}

/// What `plot` draws, besides its inputs.
public struct DrawingSpecification: Codable, Hashable, Sendable {
  public var artifact: String
  public var title: String
  public var profile: Profile
  public var seeds: [UInt64]
  /// Panels in a row.
  public var columns: Int
  /// Height of the axes over their width; by the number of columns if absent.
  public var aspect: Double?
  public var panels: [PanelSpecification]
  public var claims: [ClaimSpecification]
}
