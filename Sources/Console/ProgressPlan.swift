/// What one make has to do, as it was known when the make began: the jobs that were missing and what they should take.
///
/// Written once by who plans, read by every stage that shows how far all of them are.
public struct ProgressPlan: Sendable, Equatable {
  /// A result that is missing.
  public struct Job: Sendable, Equatable {
    public let key: String
    /// Estimated seconds of one core.
    public let seconds: Double
    /// The same of the longest chain of jobs that begins with this one: what more cores do not shorten.
    public let chain: Double

    public init(key: String, seconds: Double, chain: Double) {
      self.key = key
      self.seconds = seconds
      self.chain = chain
    }
  }

  /// When the make began and when this plan was made, in seconds since 1970.
  public var began: Double
  public var planned: Double
  /// How many jobs run at once.
  public var slots: Int
  /// How many figures and jobs the goals need, those that are there already included.
  public var figures: Int
  public var jobs: Int
  /// For each figure that is not there yet, the keys of the missing jobs that complete it.
  public var unfinished: [[String]]
  public var missing: [Job]

  public init(
    began: Double, planned: Double, slots: Int, figures: Int, jobs: Int, unfinished: [[String]],
    missing: [Job]
  ) {
    self.began = began
    self.planned = planned
    self.slots = slots
    self.figures = figures
    self.jobs = jobs
    self.unfinished = unfinished
    self.missing = missing
  }
}

/// The plan as text, a line for each fact.
extension ProgressPlan {
  public var text: String {
    let head = ["make \(began) \(planned) \(slots) \(figures) \(jobs)"]
    let figures = unfinished.map { (["figure"] + $0).joined(separator: " ") }
    let jobs = missing.map { "job \($0.key) \($0.seconds) \($0.chain)" }
    return (head + figures + jobs).joined(separator: "\n") + "\n"
  }

  /// Reads what ``text`` wrote; nil for anything else.
  public init?(text: String) {
    var plan: ProgressPlan?
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      switch (words.first, words.count) {
      case ("make", 6):
        guard let began = Double(words[1]), let planned = Double(words[2]), let slots = Int(words[3]),
          let figures = Int(words[4]), let jobs = Int(words[5])
        else { return nil }
        plan = ProgressPlan(
          began: began, planned: planned, slots: slots, figures: figures, jobs: jobs, unfinished: [],
          missing: [])
      case ("figure", 2...): plan?.unfinished.append(words.dropFirst().map(String.init))
      case ("job", 4):
        guard let seconds = Double(words[2]), let chain = Double(words[3]) else { return nil }
        plan?.missing.append(Job(key: String(words[1]), seconds: seconds, chain: chain))
      default: return nil
      }
    }
    guard let plan else { return nil }
    self = plan
  }
}
