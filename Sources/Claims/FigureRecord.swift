import Figures

/// The JSON beside a figure: where every number in it comes from.
public struct FigureRecord: Codable, Sendable {
  public struct DataSetRecord: Codable, Hashable, Sendable {
    public var set: String
    public var title: String
    public var synthetic: Bool
    /// The SHA-256 of the official files, or of the synthetic set's recipe.
    public var sourceDigest: String
    /// The SHA-256 of the prepared images and labels.
    public var contentDigest: String
    public var key: String

    public init(
      set: String, title: String, synthetic: Bool, sourceDigest: String, contentDigest: String,
      key: String
    ) {
      self.set = set
      self.title = title
      self.synthetic = synthetic
      self.sourceDigest = sourceDigest
      self.contentDigest = contentDigest
      self.key = key
    }
  }

  public struct RunRecord: Codable, Hashable, Sendable {
    public var run: String
    public var seed: UInt64
    public var trainKey: String
    public var measureKey: String
    public var trainSeconds: Double
    public var measureSeconds: Double
    public var host: String
    public var blasKernel: String

    public init(
      run: String, seed: UInt64, trainKey: String, measureKey: String, trainSeconds: Double,
      measureSeconds: Double, host: String, blasKernel: String
    ) {
      self.run = run
      self.seed = seed
      self.trainKey = trainKey
      self.measureKey = measureKey
      self.trainSeconds = trainSeconds
      self.measureSeconds = measureSeconds
      self.host = host
      self.blasKernel = blasKernel
    }
  }

  public struct TableRecord: Codable, Hashable, Sendable {
    public var table: String
    /// Absent for a table of the whole artifact.
    public var seed: UInt64?
    public var key: String
    public var seconds: Double

    public init(table: String, seed: UInt64? = nil, key: String, seconds: Double) {
      self.table = table
      self.seed = seed
      self.key = key
      self.seconds = seconds
    }
  }

  public var artifact: String
  public var title: String
  public var profile: Profile
  public var seeds: [UInt64]
  public var dataSets: [DataSetRecord]
  public var claims: [ClaimResult]
  public var runs: [RunRecord]
  /// What was computed without images: once for the whole artifact or, from a generated stream, for each seed.
  public var tables: [TableRecord]
  /// Run → the optimiser step at which it ended.
  public var runEnds: [String: Int]
  /// Stage → the digest of its sources.
  public var fingerprints: [String: String]
  /// What the stage results took, added up over runs, in seconds of one core.
  public var computeSeconds: Double
  /// The machine that drew the figure.
  public var host: String
  /// Its processor's name and how many cores it has; each stage used one of them.
  public var processor: String?
  public var cores: Int?
  /// How to make it again.
  public var command: String
  /// Where its results come from, if they were not made here.
  public var origin: Origin?

  /// Where results come from that were made elsewhere.
  public struct Origin: Codable, Hashable, Sendable {
    /// All of it in a line: `results of commit 5dbaaecdb150 on AMD EPYC, 2026-11-26`.
    public var words: String
    /// The folder or the address that they were taken from.
    public var from: String
    /// The commit that made them; absent where that is unknown.
    public var commit: String?
    /// What differs from results that would be made here, a line each.
    public var differences: [String]
    /// How many of the figure's results were found, and how many it rests on.
    public var found: Int
    public var total: Int
    /// Of its runs, how many were repeated here, and how many of these came out the same.
    public var repeated: Int
    public var identical: Int
    /// Whether the chapter's settings have changed since, so that other runs would be made now; absent where nothing is
    /// known of that.
    public var hasOtherSettings: Bool?

    public init(
      words: String, from: String, commit: String?, differences: [String], found: Int, total: Int,
      repeated: Int = 0, identical: Int = 0
    ) {
      self.words = words
      self.from = from
      self.commit = commit
      self.differences = differences
      self.found = found
      self.total = total
      self.repeated = repeated
      self.identical = identical
    }
  }

  public init(
    artifact: String, title: String, profile: Profile, seeds: [UInt64], dataSets: [DataSetRecord],
    claims: [ClaimResult], runs: [RunRecord], tables: [TableRecord], runEnds: [String: Int],
    fingerprints: [String: String], computeSeconds: Double,
    host: String, processor: String? = nil, cores: Int? = nil, command: String
  ) {
    self.artifact = artifact
    self.title = title
    self.profile = profile
    self.seeds = seeds
    self.dataSets = dataSets
    self.claims = claims
    self.runs = runs
    self.tables = tables
    self.runEnds = runEnds
    self.fingerprints = fingerprints
    self.computeSeconds = computeSeconds
    self.host = host
    self.processor = processor
    self.cores = cores
    self.command = command
  }
}
