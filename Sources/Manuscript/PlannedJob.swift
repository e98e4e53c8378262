import ContentStore

/// A store entry that an artifact needs, with its place in the artifact's story.
public struct PlannedJob: Sendable {
  /// What the entry holds, in the artifact's own words.
  public enum Subject: Codable, Hashable, Sendable {
    /// The images of a set.
    case images(String)
    /// A network as it was trained.
    case run(String, seed: UInt64)
    /// What was found in a trained run.
    case look(run: String, seed: UInt64)
    /// A computed table; of the whole artifact where there is no seed.
    case table(String, seed: UInt64?)
    case claims
    case figure
    /// A figure's numbers, kept as they were drawn.
    case kept

    /// The seed that it is of; nil for what is of none, or of all.
    public var seed: UInt64? {
      switch self {
      case .run(_, let seed), .look(_, let seed): seed
      case .table(_, let seed): seed
      case .images, .claims, .figure, .kept: nil
      }
    }

    /// What follows the stage's name in a slot.
    var words: String {
      switch self {
      case .images(let set): " \(set)"
      case .run(let run, let seed), .look(let run, let seed): " \(run) seed \(seed)"
      case .table(let name, let seed): " \(name)" + (seed.map { " seed \($0)" } ?? "")
      case .claims, .figure, .kept: ""
      }
    }
  }

  public let subject: Subject
  /// `train clone-noise seed 41`: the same words in every version of the artifact, by which `why` finds what
  /// was there before.
  public let slot: String
  public let job: Job
  public let key: String
  /// The key of the run whose snapshots have served their purpose when this and all others that look at them are done,
  /// if there is one.
  public var releases: String?
  /// Whether it was made elsewhere: it is taken from there, and not made.
  public let isForeign: Bool

  init(subject: Subject, slot: String, job: Job, releases: String? = nil, isForeign: Bool = false) {
    self.subject = subject
    self.slot = slot
    self.job = job
    // Asked for again and again, and a digest of everything.
    key = job.key
    self.releases = releases
    self.isForeign = isForeign
  }

  /// The job as an input of whoever reads its result under a name.
  func input(named name: String, recipe: String? = nil) -> JobInput {
    JobInput(name: name, stage: job.stage, key: key, recipe: recipe ?? job.recipe)
  }

  /// The job as an input of drawing and judging, `run/seed` or `table`; nil for what holds no table.
  var asTable: JobInput? {
    switch subject {
    case .look(let run, let seed): input(named: "\(run)/\(seed)")
    case .table(let name, let seed): input(named: seed.map { "\(name)/\($0)" } ?? name)
    case .images, .run, .claims, .figure, .kept: nil
    }
  }
}
