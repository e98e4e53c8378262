import ContentStore

/// Why an artifact's stages would run: which input differs from what was made before.
public struct Explanation: Sendable {
  public struct Cause: Hashable, Sendable {
    /// `train clone-noise seed 41`.
    public let slot: String
    /// What changed, a line each; empty if the job only follows from others that run.
    public let changes: [String]
    /// True if only inputs made by earlier stages changed.
    public let followsOthers: Bool
  }

  public let causes: [Cause]

  /// Compares a plan with what was published last.
  ///
  /// - Parameters:
  ///   - previous: the record of the artifact as last published; nil if it never was.
  ///   - sources: the files and digests that a module's fingerprint is made from now.
  public init(
    _ plan: ArtifactPlan, previous: ArtifactRecord?, store: Store,
    sources: (String) throws -> [String: String]
  ) {
    let before = Dictionary(
      (previous?.entries ?? []).map { ($0.slot, $0) }, uniquingKeysWith: { first, _ in first })
    causes = plan.jobs.compactMap { planned in
      if store.contains(stage: planned.job.stage, key: planned.key) { return nil }
      guard let old = before[planned.slot] else {
        return Cause(
          slot: planned.slot,
          changes: [previous == nil ? "never made with these inputs" : "new in this artifact"],
          followsOthers: false)
      }
      guard old.key != planned.key else {
        return Cause(
          slot: planned.slot, changes: ["its entry is no longer in the store"], followsOthers: false)
      }
      guard let entry = try? store.entry(stage: old.stage, key: old.key) else {
        return Cause(
          slot: planned.slot,
          changes: ["its inputs changed; the earlier entry is gone, so which is unknown"],
          followsOthers: false)
      }
      let job = entry.manifest.job
      let files = (store.sources(of: job.fingerprint) ?? [:], (try? sources(planned.job.module)) ?? [:])
      let changes = Self.changes(from: job, to: planned.job, files: files)
      return Cause(slot: planned.slot, changes: changes, followsOthers: changes.isEmpty)
    }
  }

  private static func changes(
    from old: Job, to new: Job, files sources: (old: [String: String], new: [String: String])
  ) -> [String] {
    var changes = JSONValue.difference(old.parameters, new.parameters).map(\.description)
    if old.fingerprint != new.fingerprint {
      let files = Set(sources.old.keys).union(sources.new.keys).sorted()
        .filter { sources.old[$0] != sources.new[$0] }
      changes.append(
        files.isEmpty || sources.old.isEmpty
          ? "the source fingerprint changed"
          : "changed since: " + files.joined(separator: ", "))
    }
    changes += environmentChanges(from: old, to: new)
    let oldInputs = Set(old.inputs.map(\.name))
    let newInputs = Set(new.inputs.map(\.name))
    for name in newInputs.subtracting(oldInputs).sorted() { changes.append("new input: \(name)") }
    for name in oldInputs.subtracting(newInputs).sorted() { changes.append("input dropped: \(name)") }
    return changes
  }

  /// What two jobs are computed with that differs, a line each: `openblas: 0.3.21 → 0.3.26`.
  public static func environmentChanges(from old: Job, to new: Job) -> [String] {
    Set(old.environment.keys).union(new.environment.keys).sorted()
      .filter { old.environment[$0] != new.environment[$0] }
      .map { "\($0): \(old.environment[$0] ?? "none") → \(new.environment[$0] ?? "none")" }
  }
}
