import Claims
import ContentStore
import Figures

/// The plan as a makefile: every store entry a target named by its content, so that GNU Make alone decides
/// what runs, in which order and how many at once.
public struct MakeGraph {
  /// A table, which speaks of figures: it is written anew whenever it is asked for, after them.
  public struct TableTarget: Sendable {
    let id: String
    /// The figures that it speaks of.
    let figures: [String]

    public init(id: String, figures: [String]) {
      self.id = id
      self.figures = figures
    }
  }

  private let plan: Plan
  private let tables: [TableTarget]
  private let folder: String

  /// The graph of `plan` and of tables, its job files in `folder`.
  public init(_ plan: Plan, tables: [TableTarget] = [], folder: String) {
    self.plan = plan
    self.tables = tables
    self.folder = folder
  }

  /// Where the file that describes `job` to its executable lies.
  public func jobFile(_ job: PlannedJob) -> String {
    "\(folder)/jobs/\(job.job.stage)-\(job.key).json"
  }

  /// The plan of an artifact, for publishing and for `why`.
  public func planFile(_ artifact: ArtifactPlan) -> String {
    "\(folder)/\(artifact.artifact.block.id).plan.json"
  }

  /// The plan in short, which make's progress is worked out from.
  public var workList: WorkList { WorkList(plan, tables: tables) }

  /// The makefile. It uses the variables `BIN`, `STORE`, `settings` and `report` of the main one, its functions `stage`,
  /// `pull`, `publish`, `conclude` and `release` and, to tell whether the goals need images that are not prepared,
  /// `missing-images`.
  public var text: String {
    var lines = ["# Written by 'weave tangle' from the chapters; changes here are lost.", ""]
    let figures = plan.artifacts.map(\.artifact.block.id)
    let names = tables.map(\.id)
    lines.append("artifacts := \((figures + names).joined(separator: " "))")
    lines.append(".PHONY: figures tables \((figures + names).joined(separator: " "))")
    lines += images
    lines += ["", "ifeq ($(missing-images),)"]
    lines += ["figures: \(figures.joined(separator: " "))", "\t@$(call conclude,figures)"]
    lines += ["tables: \(names.joined(separator: " "))", "\t@$(call conclude,tables)"]
    for table in tables {
      lines += [
        "", "\(table.id): \(table.figures.joined(separator: " "))",
        "\t@$(BIN)/weave table $(settings) $(report) $(call quiet,\(table.id)) \(table.id)",
        "\t@$(call conclude,\(table.id))",
      ]
    }
    for artifact in plan.artifacts {
      let ends = artifact.last.map { target(stage: $0.job.stage, key: $0.key) }
      let id = artifact.artifact.block.id
      lines += [
        "", "\(id): \(ends.joined(separator: " "))", "\t@$(call publish,\(id),\(planFile(artifact)))",
        "\t@$(call conclude,\(id))",
      ]
    }
    lines.append("endif")
    let readers = SnapshotReaders(plan).finite
    for planned in plan.jobs {
      let job = planned.job
      guard !planned.isForeign else {
        // What it was made from is elsewhere.
        lines += [
          "", "# \(Self.comment(job.title))", "\(target(stage: job.stage, key: planned.key)):",
          "\t@$(call pull,\(planned.key))",
        ]
        continue
      }
      let inputs = job.inputs.map { target(stage: $0.stage, key: $0.key) }.joined(separator: " ")
      lines += [
        "", "# \(Self.comment(job.title))",
        "\(target(stage: job.stage, key: planned.key)):\(inputs.isEmpty ? "" : " | \(inputs)")",
        recipe(planned),
      ]
      // Left to itself, make would train everything before it measures anything, and fill the disk.
      if let all = readers[planned.key], all.count == 1 {
        lines += [recipe(all[0]), release(planned.key, all)]
      }
      for input in job.inputs where input.name == "run" {
        if let all = readers[input.key] { lines.append(release(input.key, all)) }
      }
    }
    // Entries are whole or absent: a signal that meets make in the middle of a recipe must not take one that is whole.
    lines += [
      "", ".PRECIOUS: " + plan.jobs.map { target(stage: $0.job.stage, key: $0.key) }.joined(separator: " "),
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  /// A title as a comment: names have a grammar, but a comment must not depend on it.
  private static func comment(_ title: String) -> String {
    String(title.map { $0.isNewline || "$\\#".contains($0) ? " " : $0 })
  }

  /// The images that have to be prepared before the plan is complete: of all artifacts, and of each.
  private var images: [String] {
    func targets(_ artifact: ArtifactPlan) -> [String] {
      artifact.unprepared.map { target(stage: $0.job.stage, key: $0.key) }
    }
    return ["unprepared := \(Set(plan.artifacts.flatMap(targets)).sorted().joined(separator: " "))"]
      + plan.artifacts.filter { !$0.unprepared.isEmpty }.map {
        "unprepared-\($0.artifact.block.id) := \(targets($0).joined(separator: " "))"
      }
      + tables.map { table in
        let needed = plan.artifacts.filter { table.figures.contains($0.artifact.block.id) }.flatMap(targets)
        return "unprepared-\(table.id) := \(Set(needed).sorted().joined(separator: " "))"
      }
  }

  private func recipe(_ planned: PlannedJob) -> String {
    "\t@$(call stage,\(planned.job.stage),\(jobFile(planned)))"
  }

  /// Drops the snapshots of a run if all its readers are done. A run that goes on from it needs the last one alone,
  /// which stays.
  private func release(_ key: String, _ readers: [PlannedJob]) -> String {
    "\t@$(call release,\(([key] + readers.map { "\($0.job.stage)/\($0.key)" }).joined(separator: " ")))"
  }

  private func target(stage: String, key: String) -> String {
    "$(STORE)/\(stage)/\(key.prefix(2))/\(key)/manifest.json"
  }
}

/// The jobs of a published or planned artifact by slot: what `publish` and `why` need of a plan.
public struct ArtifactRecord: Codable, Hashable, Sendable {
  public struct Entry: Codable, Hashable, Sendable {
    public var subject: PlannedJob.Subject
    public var slot: String
    public var stage: String
    public var key: String
    /// What it was, of a result that was made elsewhere and is not here.
    public var foreign: ForeignResult?
  }

  public var artifact: String
  public var title: String
  public var profile: Profile
  public var seeds: [UInt64]
  public var entries: [Entry]
  /// Where results come from that were made elsewhere, if some were.
  public var origin: FigureRecord.Origin?

  public init(_ plan: ArtifactPlan) {
    artifact = plan.artifact.block.id
    title = plan.artifact.title
    profile = plan.artifact.profile
    seeds = plan.seeds
    origin = plan.origin
    entries =
      plan.foreign.map {
        Entry(
          subject: $0.subject, slot: $0.slot, stage: $0.result.manifest.job.stage,
          key: $0.result.manifest.key, foreign: $0.result)
      }
      + plan.jobs.map {
        Entry(subject: $0.subject, slot: $0.slot, stage: $0.job.stage, key: $0.key)
      }
  }
}
