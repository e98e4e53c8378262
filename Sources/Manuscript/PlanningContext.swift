import ImageSources
import PreparedImages

/// What a plan depends on besides the chapters.
public struct PlanningContext: Sendable {
  public var profile: Profile
  /// How many seeds instead of the blocks' own numbers.
  public var seeds: Int?
  /// Each stage's source fingerprint, with the digests of the files that it was made from.
  public var fingerprints: [Stage: StageFingerprint]
  /// The source of a data set, by the set's name.
  public var dataSource: @Sendable (_ set: String) throws -> PlannedDataSource
  /// The families of runs that the chapters declare, by name.
  var families: [String: ArtifactBlock] = [:]

  public init(
    profile: Profile, seeds: Int?, fingerprints: [Stage: StageFingerprint],
    dataSource: @escaping @Sendable (_ set: String) throws -> PlannedDataSource
  ) {
    self.profile = profile
    self.seeds = seeds
    self.fingerprints = fingerprints
    self.dataSource = dataSource
  }
}

/// The steps of the pipeline that make store entries; the executables have the same names.
public enum Stage: String, CaseIterable, Codable, Sendable {
  case prepare, train, measure, compute, examine, flip, plot

  /// Whether its entries hold a ``CurveTable``, which `plot` reads.
  public var makesCurves: Bool { [.compute, .examine, .flip].contains(self) }
}

/// What a stage's results owe to its sources.
public struct StageFingerprint: Sendable {
  public let digest: String
  /// File → digest.
  public let sources: [String: String]

  public init(digest: String, sources: [String: String]) {
    self.digest = digest
    self.sources = sources
  }
}

/// Where a data set will come from.
public struct PlannedDataSource: Hashable, Sendable {
  /// The SHA-256 of the official files, or of the synthetic set's recipe.
  public let digest: String
  public let isSynthetic: Bool
  /// Shape of the images, number of classes and of training images, for estimates.
  public let shape: ImageShape
  public let classes: Int
  public let trainingImages: Int

  public init(
    digest: String, isSynthetic: Bool, shape: ImageShape, classes: Int, trainingImages: Int
  ) {
    self.digest = digest
    self.isSynthetic = isSynthetic
    self.shape = shape
    self.classes = classes
    self.trainingImages = trainingImages
  }

  /// The same with smaller images.
  ///
  /// - Throws: an error if squares of `factor` pixels on a side do not fill the images.
  public func downsampled(by factor: Int) throws -> PlannedDataSource {
    guard factor > 1 else { return self }
    guard let smaller = Downsampling(factor: factor).result(of: shape) else {
      throw BlockProblem(
        path: ["data", "downsample"],
        message: "is \(factor), which does not divide images of \(shape.height) × \(shape.width) pixels")
    }
    return PlannedDataSource(
      digest: digest, isSynthetic: isSynthetic, shape: smaller, classes: classes,
      trainingImages: trainingImages)
  }
}
