import ContentStore
import Experiments
import Figures
import PlasticityMetrics
import Training

/// The runs of an artifact, and how each is measured.
///
/// An artifact either declares `runs` itself or takes them from families, blocks that several artifacts share:
/// with `families: { mlp: "cloning-mlp" }` the run `clone` of the family `cloning-mlp` is called `mlp-clone`, and
/// of the family only those runs are made that the artifact speaks of, with what they start from.
struct MeasuredFamily {
  let runs: RunFamily
  private let options: [String: MeasurementOptions]

  /// The part of a block that says how runs are measured.
  private struct Body: Codable {
    var measure: MeasurementOptions
  }

  init(_ artifact: ArtifactSpecification, in context: PlanningContext) throws {
    guard let families = artifact.body["families"] else {
      (runs, options) = try Self.members(of: artifact.body)
      return
    }
    guard case .object(let names) = families, !names.isEmpty else {
      throw BlockProblem(
        path: ["families"], message: "must be an object of names, as in { mlp: \"cloning-mlp\" }")
    }
    if let other = artifact.body.keys.sorted().first(where: { $0 != "families" }) {
      throw BlockProblem(
        path: [other], message: "belongs into the families that the artifact takes runs from")
    }
    var all: [DeclaredRun] = []
    var measured: [String: MeasurementOptions] = [:]
    for (prefix, name) in names.sorted(by: { $0.key < $1.key }) {
      guard case .string(let name) = name, let block = context.families[name] else {
        let known = context.families.keys.sorted().joined(separator: ", ")
        throw BlockProblem(
          path: ["families", prefix],
          message: "is no family that a chapter declares; there are \(known.isEmpty ? "none" : known)")
      }
      let (runs, options) = try Self.family(block, profile: context.profile)
      all += runs.runs.map { $0.prefixed(by: prefix) }
      for (run, options) in options { measured["\(prefix)-\(run)"] = options }
    }
    guard Set(all.map(\.name)).count == all.count else {
      throw BlockProblem(
        path: ["families"], message: "has names under which two runs are called the same")
    }
    options = measured
    let mentioned = artifact.panels.flatMap { panel in
      panel.series.flatMap { ($0.runs ?? []) + ($0.minus ?? []) } + (panel.marks ?? []).compactMap(\.endOf)
    }
    let family = RunFamily(runs: all)
    let known = Set(all.map(\.name))
    for (index, panel) in artifact.panels.enumerated() {
      try panel.validate(runs: known, tables: [], at: ["panels", "\(index)"])
    }
    runs = family.restricted(to: Set(mentioned))
  }

  /// The runs of a family's block, under their own names.
  init(_ block: ArtifactBlock, profile: Profile) throws {
    (runs, options) = try Self.family(block, profile: profile)
  }

  /// The runs with all that they inherit, for readers.
  func described() throws -> JSONValue {
    .array(
      try runs.runs.map { run in
        var members: [String: JSONValue] = ["name": .string(run.name)]
        members["from"] = run.from.map { .string($0) }
        members["specification"] = try JSONValue(encoding: run.specification)
        members["measure"] = try JSONValue(encoding: self.options(of: run))
        return .object(members)
      })
  }

  /// How the run of that name is measured.
  func options(of run: DeclaredRun) -> MeasurementOptions {
    guard let found = options[run.name] else { preconditionFailure("every run has options") }
    return found
  }

  private static func family(
    _ block: ArtifactBlock, profile: Profile
  ) throws -> (RunFamily, [String: MeasurementOptions]) {
    let expanded = try ExpandedBlock.plain(block, profile: profile)
    do {
      guard case .object(let members) = expanded.value else {
        throw BlockProblem(path: [], message: "must be an object in braces")
      }
      return try Self.members(of: members)
    } catch let problem as BlockProblem {
      throw expanded.located(problem)
    }
  }

  private static func members(
    of body: [String: JSONValue]
  ) throws -> (RunFamily, [String: MeasurementOptions]) {
    var common = body
    let options = try JSONValue.object(["measure": common.removeValue(forKey: "measure") ?? .null])
      .decodedStrictly(as: Body.self, at: []).measure
    do { try options.validate() } catch {
      throw BlockProblem(path: ["measure"] + error.keys, message: error.message)
    }
    let family = try RunFamily(common)
    return (family, Dictionary(uniqueKeysWithValues: family.runs.map { ($0.name, options) }))
  }
}
