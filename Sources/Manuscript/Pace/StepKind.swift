import ContentStore
import Foundation
import ImageSources
import Training

/// Runs whose steps take equally long, in short: what a list of work remembers of a ``RunKind``.
public struct StepKind: Hashable, Sendable {
  /// A digest of the network, its images, loss and optimiser, and of what all is computed with; 32 hexadecimal digits.
  public let network: String
  /// Images a step.
  public let batchSize: Int

  /// - Parameter environment: compiler, BLAS and its kernel, instruction set.
  /// - Throws: `EncodingError` where a number of the kind is not finite.
  init(_ kind: RunKind, environment: [String: String]) throws {
    var shape = kind
    shape.batchSize = 0
    let facts: JSONValue = [
      "kind": try JSONValue(encoding: shape), "environment": .object(environment.mapValues(JSONValue.string)),
    ]
    network = String(Digest(of: facts.canonical).hex.prefix(Self.digits))
    batchSize = kind.batchSize
  }

  init(network: String, batchSize: Int) {
    self.network = network
    self.batchSize = batchSize
  }

  private static let digits = 32

  /// The batch size among some that is the nearest in proportion; nil if there are none.
  func nearest(of sizes: [Int]) -> Int? {
    func distance(_ size: Int) -> Double { abs(log(Double(size) / Double(batchSize))) }
    return sizes.min { (distance($0), $0) < (distance($1), $1) }
  }
}

/// As a word: `4f220a0b…-128`.
extension StepKind {
  var word: String { "\(network)-\(batchSize)" }

  /// Reads what ``word`` wrote; nil for anything else.
  init?(word: some StringProtocol) {
    let parts = word.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].utf8.count == Self.digits,
      parts[0].allSatisfy({ $0.isHexDigit && $0.isASCII }), let size = Int(parts[1]), size > 0
    else { return nil }
    network = String(parts[0])
    batchSize = size
  }
}

/// The kinds of training jobs. Jobs are many and kinds few: what differs in seeds and lengths alone is decoded once.
public struct RunKinds {
  private var kinds: [JSONValue: RunKind?] = [:]
  private var steps: [[String: String]: [RunKind: StepKind]] = [:]

  public init() {}

  /// What decides the kind.
  private static let members = ["model", "data", "optimizer", "loss", "batchSize", "tasks"]

  /// The kind of a run; nil for any other job, or for one of a data set that this program does not know.
  public mutating func kind(of job: Job) -> RunKind? {
    guard job.stage == Stage.train.rawValue else { return nil }
    let facts = JSONValue.object(
      Dictionary(
        uniqueKeysWithValues: Self.members.compactMap { name in job.parameters[name].map { (name, $0) } }))
    if let known = kinds[facts] { return known }
    let kind = try? Self.decode(job)
    kinds[facts] = .some(kind)
    return kind
  }

  /// The same in short.
  public mutating func step(of job: Job) -> StepKind? {
    guard let kind = kind(of: job) else { return nil }
    if let known = steps[job.environment]?[kind] { return known }
    let step = try? StepKind(kind, environment: job.environment)
    steps[job.environment, default: [:]][kind] = step
    return step
  }

  private static func decode(_ job: Job) throws -> RunKind {
    let specification: TrainingSpecification = try job.parameters.decoded()
    let data = specification.data
    return RunKind(
      specification, source: try PlannedDataSource(officially: data.set).downsampled(by: data.downsample ?? 1)
    )
  }
}

extension PlannedDataSource {
  /// A data set as its authors publish it; the stand-in has the same shape. For how long things take, not for what they
  /// depend on.
  ///
  /// - Throws: `DataSetError.unknownDataSet`.
  public init(officially set: String) throws {
    let description = try DataSetDescription.named(set)
    self.init(
      digest: "official", isSynthetic: false, officialTitle: description.title, shape: description.shape,
      classes: description.classCount, trainingImages: description.trainingCount)
  }
}
