import ContentStore
import Experiments
import Figures
import PreparedImages

/// What a plan depends on besides the chapters.
public struct PlanningContext: Sendable {
  public var profile: Profile
  /// How many seeds instead of the blocks' own numbers.
  public var seeds: Int?
  /// The digest of a module's sources and of all that it imports, by the module's name.
  public var fingerprints: [String: String]
  /// What results are computed with: compiler, BLAS and its kernel, instruction set.
  public var environment: [String: String]
  /// The source of a data set, by the set's name.
  public var dataSource: @Sendable (_ set: String) throws -> PlannedDataSource
  /// A digest of what the images of a `prepare` job look like to whoever trains on them; nil before they are made.
  public var preparedContents: @Sendable (_ job: Job) throws -> String?
  /// The families of runs that the chapters declare, by name.
  var families: [String: ArtifactBlock] = [:]

  public init(
    profile: Profile, seeds: Int?, fingerprints: [String: String], environment: [String: String],
    dataSource: @escaping @Sendable (_ set: String) throws -> PlannedDataSource,
    preparedContents: @escaping @Sendable (_ job: Job) throws -> String?
  ) {
    self.profile = profile
    self.seeds = seeds
    self.fingerprints = fingerprints
    self.environment = environment
    self.dataSource = dataSource
    self.preparedContents = preparedContents
  }
}

/// The steps of the pipeline that make store entries; the executables have the same names.
public enum Stage: String, CaseIterable, Codable, Sendable {
  case prepare, train, measure, compute, plot, judge
}

/// Where a data set will come from.
public struct PlannedDataSource: Hashable, Sendable {
  /// The SHA-256 of the official files, or of the synthetic set's recipe.
  public let digest: String
  public let isSynthetic: Bool
  /// The official set's name in figures.
  public let officialTitle: String
  /// Shape of the images, number of classes and of training images, for estimates.
  public let shape: ImageShape
  public let classes: Int
  public let trainingImages: Int
  /// Each square of so many pixels on a side has become one.
  public var downsampling = Downsampling(factor: 1)

  public init(
    digest: String, isSynthetic: Bool, officialTitle: String, shape: ImageShape, classes: Int,
    trainingImages: Int
  ) {
    self.digest = digest
    self.isSynthetic = isSynthetic
    self.officialTitle = officialTitle
    self.shape = shape
    self.classes = classes
    self.trainingImages = trainingImages
  }

  /// The set's name in figures.
  public var title: String {
    PreparedDataSetManifest.title(
      official: officialTitle, synthetic: isSynthetic, shape: shape, downsampling: downsampling)
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
    var source = PlannedDataSource(
      digest: digest, isSynthetic: isSynthetic, officialTitle: officialTitle, shape: smaller,
      classes: classes, trainingImages: trainingImages)
    source.downsampling = Downsampling(factor: factor)
    return source
  }
}
