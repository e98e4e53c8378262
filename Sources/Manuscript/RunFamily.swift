import ContentStore
import Experiments
import Training

/// A run as an artifact's block declares it, with everything that it inherits filled in.
struct DeclaredRun {
  let name: String
  /// The run that this one starts from, if any.
  let from: String?
  /// All but the seed, which the plan adds.
  let specification: TrainingSpecification

  /// The same run among those of other families.
  func prefixed(by prefix: String) -> DeclaredRun {
    DeclaredRun(
      name: "\(prefix)-\(name)", from: from.map { "\(prefix)-\($0)" }, specification: specification)
  }
}

/// Expands the `runs` of a block: a run takes the block's common values, then those of the run that it starts
/// from, then its own.
struct RunFamily {
  let runs: [DeclaredRun]

  init(runs: [DeclaredRun]) { self.runs = runs }

  /// The runs `names` and all that they start from.
  func restricted(to names: Set<String>) -> RunFamily {
    var needed = names
    for run in runs.reversed() where needed.contains(run.name) {
      if let from = run.from { needed.insert(from) }
    }
    return RunFamily(runs: runs.filter { needed.contains($0.name) })
  }

  /// What belongs to a phase alone: its successors take it from the block's common values, not from it.
  private static let ownKeys: Set<String> = [
    "clone", "tiedMasks", "epochs", "snapshotEvery", "snapshotSteps", "checkpoints",
  ]

  /// The runs of a block.
  ///
  /// - Parameter members: the block without what its family reads itself: `runs` and what they share.
  init(_ members: [String: JSONValue]) throws {
    var shared = members
    guard case .array(let runs)? = shared.removeValue(forKey: "runs") else {
      throw BlockProblem(path: ["runs"], message: "is missing or no list")
    }
    guard runs.count <= 1_000 else {
      throw BlockProblem(path: ["runs"], message: "has \(runs.count) elements; there must be 1000 at most")
    }
    let common = JSONValue.object(shared)
    var resolved: [String: (inheritable: JSONValue, run: DeclaredRun, sources: [Source])] = [:]
    var ordered: [DeclaredRun] = []
    for (index, run) in runs.enumerated() {
      let path = ["runs", "\(index)"]
      guard case .object(var own) = run else {
        throw BlockProblem(path: path, message: "must be an object in braces")
      }
      let name = try Self.text(own.removeValue(forKey: "name"), required: true, at: path + ["name"]) ?? ""
      let from = try Self.text(own.removeValue(forKey: "from"), required: false, at: path + ["from"])
      guard isName(name) else {
        throw BlockProblem(path: path + ["name"], message: "must be letters, digits, '.' and '-'")
      }
      guard resolved[name] == nil else {
        throw BlockProblem(path: path + ["name"], message: "uses the name '\(name)' a second time")
      }
      var inherited = common
      var sources = [Source(path: path, values: .object(own)), Source(path: [], values: common)]
      var parent: DeclaredRun?
      if let from {
        guard let found = resolved[from] else {
          throw BlockProblem(
            path: path + ["from"],
            message: "is '\(from)', which is no run before this one; there are "
              + (resolved.isEmpty ? "none" : resolved.keys.sorted().joined(separator: ", ")))
        }
        inherited = found.inheritable
        parent = found.run
        sources = [sources[0]] + found.sources
      }
      let values = inherited.merged(with: .object(own.filter { $0.key != "clone" }))
      let specification: TrainingSpecification
      do {
        specification = try Self.specification(
          values: values, clone: own["clone"], parent: parent, at: path)
      } catch let problem as BlockProblem {
        throw Source.place(problem, of: path, among: sources)
      }
      let declared = DeclaredRun(name: name, from: from, specification: specification)
      let passedOn = JSONValue.object(own.filter { !Self.ownKeys.contains($0.key) })
      sources[0] = Source(path: path, values: passedOn)
      resolved[name] = (inherited.merged(with: passedOn), declared, sources)
      ordered.append(declared)
    }
    guard !ordered.isEmpty else { throw BlockProblem(path: ["runs"], message: "is empty") }
    self.runs = ordered
  }

  private static func text(_ value: JSONValue?, required: Bool, at path: [String]) throws -> String? {
    switch value {
    case .string(let text): return text
    case nil where !required: return nil
    case nil: throw BlockProblem(path: path, message: "is missing")
    default: throw BlockProblem(path: path, message: "has the wrong type: a text is expected")
    }
  }

  private static func specification(
    values: JSONValue, clone: JSONValue?, parent: DeclaredRun?, at path: [String]
  ) throws -> TrainingSpecification {
    guard case .object(var members) = values else {
      throw BlockProblem(path: path, message: "must be an object in braces")
    }
    members["seed"] = .integer(0)
    members["firstEpoch"] = .integer(
      parent.map { $0.specification.firstEpoch + $0.specification.epochs } ?? 0)
    members["clone"] = clone
    if members["epochs"] == nil, case .object(let tasks)? = members["tasks"],
      case .integer(let count)? = tasks["count"], case .integer(let epochs)? = tasks["epochs"]
    {
      var passes = 1
      if case .integer(let number)? = tasks["passes"] { passes = number }
      var (lessons, tooMany) = count.multipliedReportingOverflow(by: passes)
      if case .array(let trained)? = tasks["trained"] { lessons = trained.count }
      let (product, overflow) = lessons.multipliedReportingOverflow(by: epochs)
      // What is too much is refused by the key that makes it so.
      members["epochs"] = .integer(tooMany || overflow ? 0 : product)
    }
    var specification = try JSONValue.object(members)
      .decodedStrictly(as: TrainingSpecification.self, at: path)
    if let parent {
      // The network is the parent's, widened if this phase clones it.
      var model = parent.specification.model.continued(as: specification.model)
      if let clone = specification.clone, clone >= 2 { model = model.widened(by: clone) }
      specification.model = model
    } else if specification.clone != nil {
      throw BlockProblem(path: path + ["clone"], message: "needs a run to start from ('from')")
    }
    do { try specification.validate() } catch {
      throw BlockProblem(
        path: path + error.keys, message: error.message)
    }
    return specification
  }
}

/// A place in the block that a run takes values from.
private struct Source {
  let path: [String]
  let values: JSONValue

  /// A problem of a run, moved to where the value in question was written: a run shows what it inherits, but a
  /// reader has to mend it where it stands.
  static func place(_ problem: BlockProblem, of run: [String], among sources: [Source]) -> BlockProblem {
    guard problem.path.starts(with: run) else { return problem }
    let key = Array(problem.path.dropFirst(run.count))
    for source in sources where source.values.has(key) {
      return BlockProblem(path: source.path + key, message: problem.message)
    }
    return problem
  }
}

extension JSONValue {
  /// Whether there is a value at a key path.
  fileprivate func has(_ path: [String]) -> Bool {
    guard let first = path.first else { return true }
    guard case .object(let members) = self, let member = members[first] else { return false }
    return member.has(Array(path.dropFirst()))
  }

  /// `self` with the members of `other` laid over it, objects member by member.
  func merged(with other: JSONValue) -> JSONValue {
    guard case .object(var members) = self, case .object(let others) = other else { return other }
    for (key, value) in others { members[key] = members[key].map { $0.merged(with: value) } ?? value }
    return .object(members)
  }
}

/// Whether a run or a table may be called so: nothing that make, a shell or a path could take for something else.
func isName(_ name: String) -> Bool {
  !name.isEmpty && name.first != "." && name.first != "-"
    && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == ".") }
}
