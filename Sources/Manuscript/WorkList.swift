import ContentStore

/// A plan in short: which results each figure needs and what they should cost. What make tells of its progress and of the
/// time left is worked out from it, without planning again.
public struct WorkList: Sendable, Equatable {
  /// A result.
  public struct Item: Sendable, Equatable {
    public let stage: String
    public let key: String
    /// The network that it is about or, if about none, the module that does the work.
    public let architecture: String
    /// Of a run, what decides how long its steps take.
    public let step: StepKind?
    /// Estimated floating-point operations.
    public let cost: Double
    /// The items that it is made from, by their place in the list.
    public let inputs: [Int]
    /// The key of the run at whose snapshots it looks, if it does.
    public let run: String?

    /// - Parameters:
    ///   - step: of a run.
    ///   - places: of the items by key.
    init(_ job: Job, key: String, step: StepKind? = nil, places: [String: Int] = [:]) {
      self.step = step
      stage = job.stage
      self.key = key
      architecture =
        if case .string(let name)? = job.parameters["model"]?["architecture"] { name } else { job.module }
      cost = job.cost
      inputs = job.inputs.compactMap { places[$0.key] }
      run = job.inputs.first { $0.name == "run" }?.key
    }

    fileprivate init(
      stage: String, key: String, architecture: String, step: StepKind?, cost: Double, inputs: [Int],
      run: String?
    ) {
      self.stage = stage
      self.key = key
      self.architecture = architecture
      self.step = step
      self.cost = cost
      self.inputs = inputs
      self.run = run
    }
  }

  /// A figure, or a table with all that the figures need of which it speaks.
  public struct Artifact: Sendable, Equatable {
    public let id: String
    /// The figures: itself, or those that the table speaks of.
    public let figures: [String]
    /// All that it needs, by place in the list.
    public let items: [Int]
    /// Those that draw and judge.
    public let last: [Int]
  }

  /// The images that the plan rests on, in words; empty where there are none.
  public var images: String
  /// Each after its inputs.
  public private(set) var items: [Item] = []
  public private(set) var artifacts: [Artifact] = []

  /// - Parameter tables: with the figures that they speak of.
  public init(_ plan: Plan, tables: [MakeGraph.TableTarget] = []) {
    var words: [String] = []
    for set in plan.artifacts.flatMap(\.dataSets) {
      let text = "\(set.set) (\(set.synthetic ? "synthetic stand-in" : "real"))"
      if !words.contains(text) { words.append(text) }
    }
    images = words.joined(separator: ", ")
    var places: [String: Int] = [:]
    var kinds = RunKinds()
    for job in plan.jobs {
      items.append(Item(job.job, key: job.key, step: kinds.step(of: job.job), places: places))
      places[job.key] = items.count - 1
    }
    for artifact in plan.artifacts {
      let id = artifact.artifact.block.id
      artifacts.append(
        Artifact(
          id: id, figures: [id], items: artifact.jobs.compactMap { places[$0.key] },
          last: artifact.last.compactMap { places[$0.key] }))
    }
    for table in tables {
      artifacts.append(Artifact(id: table.id, figures: table.figures, items: [], last: []))
    }
  }

  /// The figures that goals of make ask for, each once, in the order of the chapters.
  public func figures(for goals: [String]) -> [Artifact] {
    let tables = artifacts.filter { $0.last.isEmpty }
    var wanted: Set<String> = []
    for goal in goals {
      switch goal {
      case "figures", "paper", "artifact": wanted.formUnion(artifacts.filter { !$0.last.isEmpty }.map(\.id))
      case "tables": wanted.formUnion(tables.flatMap(\.figures))
      default:
        let id = goal.hasPrefix("record-") ? String(goal.dropFirst("record-".count)) : goal
        wanted.formUnion(artifacts.first { $0.id == id }?.figures ?? [])
      }
    }
    return artifacts.filter { !$0.last.isEmpty && wanted.contains($0.id) }
  }
}

/// The list as text, a line for each thing.
extension WorkList {
  public var text: String {
    func places(_ list: [Int]) -> String { list.map(String.init).joined(separator: ",") }
    let items = items.map {
      "item \($0.stage) \($0.key) \($0.architecture) \($0.step?.word ?? "-") \($0.cost) \($0.run ?? "-") "
        + places($0.inputs)
    }
    let artifacts = artifacts.map {
      "artifact \($0.id) \($0.figures.joined(separator: ",")) \(places($0.items)) \(places($0.last))"
    }
    return (["images \(images)"] + items + artifacts).joined(separator: "\n") + "\n"
  }

  /// Reads what ``text`` wrote; nil for anything else.
  public init?(text: String) {
    var lines = text.split(separator: "\n")[...]
    guard let first = lines.popFirst(), first.hasPrefix("images ") else { return nil }
    images = String(first.dropFirst("images ".count))
    func places(_ text: Substring) -> [Int] { text.split(separator: ",").compactMap { Int($0) } }
    for line in lines {
      let words = line.split(separator: " ", omittingEmptySubsequences: false)
      switch (words[0], words.count) {
      case ("item", 8):
        let step = words[4] == "-" ? nil : StepKind(word: words[4])
        guard let cost = Double(words[5]), (step == nil) == (words[4] == "-") else { return nil }
        items.append(
          Item(
            stage: String(words[1]), key: String(words[2]), architecture: String(words[3]), step: step,
            cost: cost, inputs: places(words[7]), run: words[6] == "-" ? nil : String(words[6])))
      case ("artifact", 5):
        artifacts.append(
          Artifact(
            id: String(words[1]), figures: words[2].split(separator: ",").map(String.init),
            items: places(words[3]), last: places(words[4])))
      default: return nil
      }
    }
  }
}
