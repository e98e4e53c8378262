import Claims
import Console
import ContentStore
import Figures
import Foundation
import ImageSources
import Manuscript
import Publishing
import Report
import Stages

/// Plans figures from published results.
struct ForeignPlan {
  /// How an artifact is made.
  struct Finding {
    let artifact: String
    let profile: Profile
    /// Of the tables that it is drawn from, how many there are, and how many of these are published.
    var total = 0
    var found = 0
    /// Whether it is drawn from the numbers that were drawn before.
    var isKept = false
    /// Whether the runs behind these numbers can be repeated.
    var keepsRuns = false
    var isPublished = false
    var differences: [String] = []
    var commit = ""
    var origin: FigureRecord.Origin?
  }

  let source: ForeignSource
  let parsed: PlanOptions.Parsed
  /// Everything as it would be made here, by profile.
  private let own: (Profile) throws -> Plan
  private let attestations: Attestations
  /// The same with the runs of kept figures, if any of them has been repeated: nobody else asks for them.
  private let repeated: ForeignSource?

  init(
    _ source: ForeignSource, parsed: PlanOptions.Parsed,
    own: @escaping (Profile, ForeignSource) throws -> Plan
  ) throws {
    self.source = source
    self.parsed = parsed
    repeated =
      try Attestations.areKept(of: source) ? source.withRuns(of: source.results.index.artifacts) : nil
    attestations = try Attestations(repeated ?? source)
    var plans: [Profile: Plan] = [:]
    self.own = { profile in
      if let plan = plans[profile] { return plan }
      let plan = try own(profile, source)
      plans[profile] = plan
      return plan
    }
  }

  /// The plan, and how each of its artifacts is made.
  ///
  /// - Parameter isBest: each artifact at the largest profile at which all of it is published, instead of at `profile`.
  func plan(_ profile: Profile, isBest: Bool) throws -> (plan: Plan, findings: [Finding]) {
    let rejected = source.rejected
    var findings: [Finding] = []
    let artifacts = try own(profile).artifacts.map { artifact in
      let id = artifact.artifact.block.id
      let best = isBest ? best(of: id) ?? profile : profile
      let (plan, finding) = try adopt(own(best).artifact(id), profile: best, rejected: rejected)
      findings.append(finding)
      return plan
    }
    return (Plan(artifacts: artifacts), findings)
  }

  /// The largest profile at which all of an artifact is published.
  private func best(of id: String) -> Profile? {
    source.profiles.last { source.artifact(id, profile: $0)?.isPart == false }
  }

  /// What is drawn, as the blocks declare it: each artifact at its best, or at every profile.
  ///
  /// - Parameter profile: of what is not published at all.
  func setups(_ profile: Profile, isBest: Bool) throws -> [PlannedSetup] {
    let artifacts = try own(profile).artifacts.map(\.artifact.block.id)
    return try Profile.allCases.flatMap { place in
      try artifacts.filter { !isBest || (best(of: $0) ?? profile) == place }.map { id in
        let plan = try own(place).artifact(id)
        guard let published = source.artifact(id, profile: place) else {
          return PlannedSetup(plan, seeds: plan.seeds)
        }
        return PlannedSetup(
          plan, seeds: published.seeds, wasOther: try !changes(of: plan, since: published).isEmpty)
      }
    }
  }

  private func adopt(
    _ plan: ArtifactPlan, profile: Profile, rejected: Set<String>
  ) throws -> (ArtifactPlan, Finding) {
    let id = plan.artifact.block.id
    let published = source.artifact(id, profile: profile)
    var finding = Finding(artifact: id, profile: profile)
    finding.isPublished = published != nil
    finding.commit = published?.commit ?? ""
    finding.total = plan.jobs.count { $0.isTable }
    var found: [String: ForeignResult] = [:]
    var matches: [(job: PlannedJob, match: PublishedResults.Match)] = []
    for job in plan.jobs where job.subject != .figure && job.subject != .claims {
      guard let match = source.results.match(job.job, key: job.key) else { continue }
      let manifest = match.entry.manifest
      if job.isTable {
        guard Puller.Item(match.entry) != nil, !rejected.contains(manifest.key) else { continue }
        finding.found += 1
      }
      matches.append((job, match))
      found[job.key] = ForeignResult(manifest: manifest, dataSet: match.entry.dataSet)
    }
    // What a chapter has changed since is not among the results, but the figure as it was drawn may be. One that has come
    // broken is made here instead.
    let isComplete = finding.found == finding.total
    let isRejected = finding.total > 0 && published?.results.contains { rejected.contains($0.key) } == true
    if !isComplete, !isRejected, !parsed.hasOwnSeeds, let published, let figure = source.figure(published),
      !rejected.contains(figure.job.key)
    {
      finding.isKept = true
      finding.keepsRuns = published.runs != nil || !published.results.isEmpty
      finding.found = finding.total
      if !published.results.isEmpty {
        finding.differences = ["the chapter or what it rests on has changed: drawn with the numbers of then"]
      }
      let settings = try changes(of: plan, since: published)
      finding.differences += settings.map { "settings have changed since: \($0)" }
      var origin = origin(
        "kept results", processors: [published.processor], made: published.made, finding: finding,
        runs: repeatedRuns(of: published))
      if !settings.isEmpty {
        origin.hasOtherSettings = true
        origin.words += "; settings have changed since"
      }
      finding.origin = origin
      return (try plan.keeping(figure.job, seeds: published.seeds, origin: origin), finding)
    }
    guard finding.found > 0 else { return (plan, finding) }
    finding.differences = try differences(matches, commit: finding.commit)
    let manifests = matches.filter { $0.job.isTable }.map(\.match.entry.manifest)
    let origin = origin(
      isComplete ? "results" : "\(finding.found) of \(finding.total) results",
      processors: manifests.map { $0.machine["processor"] ?? "" },
      made: manifests.map(\.created).max() ?? "", finding: finding,
      runs: Set(found.values.map(\.manifest).filter(\.isRun).map(\.key)))
    finding.origin = origin
    return (try plan.adopting(found, origin: origin), finding)
  }

  /// What a block asks for otherwise than when its figure was kept.
  private func changes(of plan: ArtifactPlan, since artifact: PublishedIndex.Artifact) throws -> [String] {
    // Where there are results, these were compared with the plan already.
    guard artifact.results.isEmpty, let record = try source.record(of: artifact) else { return [] }
    let runs = try artifact.runs == nil ? nil : source.withRuns(of: [artifact]).results
    return try KeptSettings(record, plan: plan, runs: runs).changes
  }

  /// The keys of what challenges of a kept figure repeat.
  private func repeatedRuns(of artifact: PublishedIndex.Artifact) -> Set<String> {
    guard let repeated,
      let known = repeated.results.index.artifacts.first(where: {
        $0.id == artifact.id && $0.profile == artifact.profile
      })
    else { return [] }
    let entries = repeated.results.closure(of: known.results.map(\.key))
    return Set(entries.map(\.manifest).filter(\.isRun).map(\.key))
  }

  private func differences(
    _ matches: [(job: PlannedJob, match: PublishedResults.Match)], commit: String
  ) throws -> [String] {
    var lines: [String] = []
    for (job, match) in matches where match.degree != .same {
      let theirs = match.entry.manifest.job
      lines += Explanation.environmentChanges(from: theirs, to: job.job)
      guard match.degree == .otherSources, theirs.fingerprint != job.job.fingerprint else { continue }
      let changed = source.results.changedModules(
        since: theirs.fingerprint, here: try parsed.sources(of: job.job.module))
      lines.append(
        "made by \(commit.isEmpty ? "other sources" : "commit \(commit)"); since then "
          + (changed.map { $0.isEmpty ? "how it is built" : $0.joined(separator: ", ") } ?? "the sources")
          + " changed")
    }
    return Set(lines).sorted()
  }

  private func origin(
    _ what: String, processors: [String], made: String, finding: Finding, runs: Set<String> = []
  ) -> FigureRecord.Origin {
    let names = Set(processors.map { $0.isEmpty ? "an unnamed processor" : String($0.prefix(60)) }).sorted()
    let commit = finding.commit.isEmpty ? "an unnamed commit" : "commit \(finding.commit)"
    var words = "\(what) of \(commit) on \(names.first ?? "an unnamed processor")"
    if names.count > 1 { words += " and \(names.count - 1) more" }
    if made.count >= 10 { words += ", \(made.prefix(10))" }
    let tested = attestations.count(among: runs)
    if tested.repeated > 0 {
      words +=
        "; \(tested.repeated) of \(runs.count) runs repeated here"
        + (tested.parts > 0 ? ", \(tested.parts) in part: " : ": ")
        + (tested.identical == tested.repeated
          ? "identical" : tested.different > 0 ? "\(tested.different) different" : "within the tolerance")
    }
    let others = attestations.othersCount(among: runs)
    if others.repeated > 0 {
      words +=
        "; by others, as they say, \(others.repeated) of \(runs.count) runs repeated, "
        + (others.different == 0 ? "none different" : "\(others.different) different")
        + ", on \(others.machines.prefix(3).joined(separator: ", "))"
        + (others.machines.count > 3 ? " and \(others.machines.count - 3) more" : "")
    }
    return FigureRecord.Origin(
      words: words, from: "\(source.place)", commit: finding.commit.isEmpty ? nil : finding.commit,
      differences: finding.differences, found: finding.found, total: finding.total,
      repeated: tested.repeated, identical: tested.identical)
  }
}

extension Manifest {
  /// Whether it is what a challenge repeats: a trained run, or a table that was computed without one.
  var isRun: Bool {
    job.stage == Stage.train.rawValue
      || job.stage == Stage.compute.rawValue && !job.inputs.contains { $0.name == "run" }
  }
}

/// What published results say of the images that they rest on: plans need neither the images nor official files.
extension ForeignSource {
  /// Where a data set came from, by the artifacts of a profile; nil if none uses it, or none on data of that kind.
  func dataSource(of set: String, profile: Profile, choice: DataSetChoice) throws -> PlannedDataSource? {
    let all = results.index.artifacts.filter { $0.profile == profile.rawValue }.flatMap(\.dataSets)
    let fitting = all.filter { found in
      found.set == set && (choice == .auto || found.synthetic == (choice == .synthetic))
    }
    guard let found = fitting.first(where: { !$0.synthetic }) ?? fitting.first else { return nil }
    return PlannedDataSource(
      try DataSetDescription.named(set), digest: found.digest, isSynthetic: found.synthetic)
  }

  /// The names of the sets of official data that artifacts rest on.
  var officialDataSets: Set<String> {
    Set(results.index.artifacts.flatMap(\.dataSets).filter { !$0.synthetic }.map(\.set))
  }

  /// What prepared images look like to whoever trains on them.
  func preparedContents(_ job: Job) throws -> String? {
    try results.match(job, key: job.key)?.entry.dataSet.map(PublishedIndex.contents(ofDataSet:))
  }
}
