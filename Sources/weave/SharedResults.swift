import Claims
import Console
import ContentStore
import Figures
import Foundation
import Manuscript
import Publishing
import Stages

/// The results of a plan that are in the store, as they are published.
struct SharedResults {
  /// A figure with everything that it rests on.
  struct Shared {
    let plan: ArtifactPlan
    let record: FigureRecord
    let drawing: Entry
  }

  /// What there is of a figure of which something is missing.
  struct Part {
    let plan: ArtifactPlan
    /// In the order of the plan.
    let jobs: [PlannedJob]
    /// Of others, by slot, where ours are missing.
    let theirs: [String: PublishedIndex.Result]
    /// How many results the whole figure has.
    let total: Int
  }

  let artifacts: [Shared]
  /// Figures of which something is missing, and that are published as far as they are.
  let parts: [Part]
  /// The plans of both.
  private var plans: [ArtifactPlan] { artifacts.map(\.plan) + parts.map(\.plan) }
  /// Figures of which something is missing, and that are left out.
  let incomplete: [String]
  /// What is left as others published it, and why, in words.
  let kept: [String]
  private let store: Store
  private let snapshots: ShareCommand.Snapshots
  private let commit: String
  private let sources: String
  /// By key.
  private let entries: [String: Entry]

  /// - Parameters:
  ///   - takesParts: whether figures of which something is missing go as far as they are.
  ///   - sources: the SHA-256 of the sources of this build.
  ///   - earlier: what is in the folder already.
  init(
    _ plan: Plan, store: Store, snapshots: ShareCommand.Snapshots, takesParts: Bool, commit: String,
    sources: String,
    earlier: PublishedIndex?
  ) throws {
    var artifacts: [Shared] = []
    var parts: [Part] = []
    var incomplete: [String] = []
    var kept: [String] = []
    var entries: [String: Entry] = [:]
    for artifact in plan.artifacts {
      let id = artifact.artifact.block.id
      let made = artifact.jobs.filter { store.contains(stage: $0.job.stage, key: $0.key) }
      let published = artifact.jobs.filter { PublishedIndex.stages.contains($0.job.stage) }
      var shared = made.filter { PublishedIndex.stages.contains($0.job.stage) }
      if made.count == artifact.jobs.count {
        let record = ArtifactRecord(artifact)
        artifacts.append(
          Shared(
            plan: artifact, record: try PublishCommand.record(of: record, in: store).0,
            drawing: try PublishCommand.entry(.figure, of: record, in: store)))
      } else if takesParts, shared.contains(where: \.isTable) {
        let theirs = earlier?.artifacts.first {
          $0.id == id && $0.profile == artifact.artifact.profile.rawValue
        }
        if let theirs, let reason = Self.reasonToKeep(theirs, sources: sources) {
          kept.append("\(id): \(reason), and is left as it is")
          shared = []
        } else {
          let ours = Set(shared.map(\.slot))
          let others = (theirs?.results ?? []).filter { !ours.contains($0.slot) }.map { ($0.slot, $0) }
          parts.append(
            Part(
              plan: artifact, jobs: shared,
              theirs: Dictionary(others, uniquingKeysWith: { first, _ in first }),
              total: published.count))
        }
      } else {
        incomplete.append(id)
        shared = []
      }
      for job in shared where entries[job.key] == nil {
        entries[job.key] = try store.entry(stage: job.job.stage, key: job.key)
      }
    }
    (self.artifacts, self.parts, self.incomplete, self.kept) = (artifacts, parts, incomplete, kept)
    self.entries = entries
    (self.store, self.snapshots, self.commit, self.sources) = (store, snapshots, commit, sources)
  }

  /// Why a part of ours does not go beside what is published of a figure; nil if it does.
  private static func reasonToKeep(_ theirs: PublishedIndex.Artifact, sources: String) -> String? {
    if !theirs.isPart { return "all of it is published already" }
    // One commit is named for all of them, by which they are made again.
    guard theirs.sources == sources else {
      let by = theirs.commit.isEmpty ? "other sources" : "commit \(theirs.commit)"
      return "what is published of it was made by \(by)"
    }
    return nil
  }

  /// Writes blobs and index.
  ///
  /// - Parameter signature: of the encoded index, asked for before anything of the earlier one goes; nil for none.
  func write(
    by writer: PublishedFolderWriter, workflow: Data, scratch: String,
    signature: (_ index: Data) throws -> Data?
  ) throws -> PublishedIndex {
    var files: [(path: String, facts: Manifest.File)] = []
    var published: [String: [String]] = [:]
    for (key, entry) in entries.sorted(by: { $0.key < $1.key }) {
      let manifest = entry.manifest
      // The images are others' to pass on.
      let names =
        manifest.job.stage == Stage.prepare.rawValue
        ? [] : manifest.files.keys.sorted().filter { snapshots.includes($0, among: manifest.files.keys) }
      published[key] = names
      for name in names {
        if let facts = manifest.files[name] { files.append((try entry.path(of: name), facts)) }
      }
    }
    var figures: [String: [String: Manifest.File]] = [:]
    for shared in artifacts {
      let id = shared.record.artifact
      let numbers = id + ".csv"
      guard let facts = shared.drawing.manifest.files[numbers] else { throw MissingResult(artifact: id) }
      let path = "\(scratch)/\(id).json"
      let data = try JSONEncoder.stable.encode(shared.record)
      try FileSystem.write(data, atomicallyTo: path)
      let record = Manifest.File(digest: Digest(of: data), bytes: data.count)
      files += [(try shared.drawing.path(of: numbers), facts), (path, record)]
      figures[id] = ["csv": facts, "json": record]
    }
    let reporter = ProgressReporter(title: "publish", total: Double(files.count))
    let lengths = try writer.blobs.pack(
      files, progress: { done, total in reporter.update(done: Double(done), note: "\(done)/\(total) files") },
      shouldStop: { Interruption.requested != nil })
    try Interruption.check()
    reporter.finish()
    let index = try index(published, figures: figures, lengths: lengths, earlier: writer.earlier)
    let readme = Data(Self.readme.utf8)
    try writer.finish(
      index,
      beside: [
        "README.md": readme, "Makefile": workflow,
        ResearchCrate.fileName: crate(index, readme: readme, in: writer.folder).encoded(),
      ], signature: signature(index.encoded()))
    return index
  }

  /// What the folder is, for those who gather such folders.
  private func crate(_ index: PublishedIndex, readme: Data, in folder: String) throws -> ResearchCrate {
    let data = try index.encoded()
    var files = [
      ResearchCrate.File(
        path: PublishedIndex.fileName, name: "Which results there are, and what each of them is",
        format: "application/json", bytes: data.count, digest: Digest(of: data), isResult: true),
      ResearchCrate.File(
        path: "README.md", name: "How to use this folder", format: "text/markdown", bytes: readme.count,
        digest: Digest(of: readme), isResult: false),
    ]
    var seen: Set<String> = []
    for artifact in index.artifacts {
      for (ending, what) in [("csv", "curves"), ("json", "record")] {
        guard let file = artifact.figure[ending], seen.insert(file.place).inserted else { continue }
        // The digest of a blob's contents is its name; of the blob itself, nobody asks.
        files.append(
          ResearchCrate.File(
            path: file.place, name: "\(artifact.id) at \(artifact.profile): \(what), compressed",
            format: "application/zstd", bytes: file.length,
            digest: try Digest(file: "\(folder)/\(file.place)"), isResult: true))
      }
    }
    let papers = Paper.all(of: plans.map(\.artifact.block)).map { "\($0.title) (\($0.identifier))" }
    let sets = Set(index.artifacts.flatMap(\.dataSets)).sorted { ($0.set, $0.digest) < ($1.set, $1.digest) }
    return ResearchCrate(
      name: "Results of Barriers",
      description:
        "Tables behind figures as Barriers made them\(papers.isEmpty ? "" : ", of " + papers.joined(separator: " and of ")): "
        + "\(index.artifacts.count) figures, \(index.entries.count) results, by SHA-256",
      made: index.artifacts.map(\.made).max() ?? "", commit: index.artifacts.first?.commit ?? "",
      workflow: "Makefile", files: files,
      folders: [("blobs/", "Files of results, by SHA-256, compressed with zstd")],
      dataSets: sets.map { ("\($0.set)\($0.synthetic ? ", synthetic stand-in" : "")", $0.digest) },
      machines: Set(index.artifacts.map { "\($0.host) (\($0.processor))" }).sorted())
  }

  private func index(
    _ published: [String: [String]], figures: [String: [String: Manifest.File]], lengths: [Digest: Int],
    earlier: PublishedIndex?
  ) throws -> PublishedIndex {
    var index = PublishedIndex()
    let ours =
      try artifacts.map { try artifact($0, figures: figures, lengths: lengths) } + parts.map(artifact)
    let replaced = Set(ours.map { "\($0.id) \($0.profile)" })
    let theirs = (earlier?.artifacts ?? []).filter { !replaced.contains("\($0.id) \($0.profile)") }
    let order = Profile.allCases.map(\.rawValue)
    index.artifacts = (ours + theirs).sorted {
      let places = (order.firstIndex(of: $0.profile) ?? 9, order.firstIndex(of: $1.profile) ?? 9)
      return places.0 == places.1
        ? $0.id.compare($1.id, options: .numeric) == .orderedAscending : places.0 < places.1
    }
    var all: [String: PublishedIndex.Entry] = [:]
    if let earlier {
      let kept = theirs.flatMap(\.results) + parts.flatMap(\.theirs.values)
      for entry in PublishedResults(earlier).closure(of: kept.map(\.key)) {
        all[entry.manifest.key] = entry
      }
    }
    for (key, entry) in entries {
      let packed = Dictionary(
        (published[key] ?? []).compactMap { name in
          entry.manifest.files[name].flatMap { lengths[$0.digest] }.map { (name, $0) }
        }, uniquingKeysWith: { first, _ in first })
      let isData = entry.manifest.job.stage == Stage.prepare.rawValue
      all[key] = PublishedIndex.Entry(
        manifest: entry.manifest, packed: packed,
        dataSet: isData ? try PreparedContents.facts(in: entry.folder) : nil)
    }
    index.entries = all.sorted { $0.key < $1.key }.map(\.value)
    for fingerprint in Set(index.entries.map(\.manifest.job.fingerprint)) {
      index.fingerprints[fingerprint] = store.sources(of: fingerprint) ?? earlier?.fingerprints[fingerprint]
    }
    return index
  }

  private func artifact(
    _ shared: Shared, figures: [String: [String: Manifest.File]], lengths: [Digest: Int]
  ) throws -> PublishedIndex.Artifact {
    let record = shared.record
    let jobs = shared.plan.jobs.filter { PublishedIndex.stages.contains($0.job.stage) }
    let manifests = jobs.compactMap { entries[$0.key]?.manifest }
    let figure = (figures[record.artifact] ?? [:]).mapValues { facts in
      PublishedFile(digest: facts.digest, bytes: facts.bytes, packed: lengths[facts.digest])
    }
    return PublishedIndex.Artifact(
      id: record.artifact, title: record.title, profile: record.profile.rawValue, seeds: record.seeds,
      commit: commit, sources: sources, made: manifests.map(\.created).max() ?? "", host: record.host,
      processor: record.processor ?? "",
      dataSets: record.publishedDataSets,
      results: jobs.map { PublishedIndex.Result(slot: $0.slot, recipe: $0.job.recipe, key: $0.key) },
      figure: figure)
  }

  /// A part of a figure: what others have published of it stays where ours is missing.
  private func artifact(_ part: Part) throws -> PublishedIndex.Artifact {
    let own = Dictionary(
      part.jobs.map { ($0.slot, PublishedIndex.Result(slot: $0.slot, recipe: $0.job.recipe, key: $0.key)) },
      uniquingKeysWith: { first, _ in first })
    let manifests = part.jobs.compactMap { entries[$0.key]?.manifest }
    let last = manifests.max { $0.created < $1.created }
    return PublishedIndex.Artifact(
      id: part.plan.artifact.block.id, title: part.plan.artifact.title,
      profile: part.plan.artifact.profile.rawValue, seeds: part.plan.seeds, commit: commit, sources: sources,
      made: last?.created ?? "", host: last?.host ?? "", processor: last?.machine["processor"] ?? "",
      dataSets: part.plan.dataSets.map {
        PublishedIndex.DataSet(set: $0.set, synthetic: $0.synthetic, digest: $0.digest)
      },
      results: part.plan.jobs.compactMap { own[$0.slot] ?? part.theirs[$0.slot] }, figure: [:])
  }

  private static let readme = """
    # Published results

    What `make publish` wrote: `index.json` says which results there are and what each of them is, `blobs/` holds their
    files by SHA-256, compressed with zstd. Put the folder on any web server, and with the sources

        make figures FROM=https://…      # every figure, drawn and judged anew, without training and without data
        make status FROM=https://…       # what is here, and what differs from what would be made now
        make challenge FROM=https://…    # trains some of the runs again and compares

    The folder is a Research Object Crate: `ro-crate-metadata.json`.

    """
}

extension FigureRecord {
  /// The images as an index names them, each set once however it was prepared.
  var publishedDataSets: [PublishedIndex.DataSet] {
    var seen: Set<PublishedIndex.DataSet> = []
    return dataSets.map {
      PublishedIndex.DataSet(set: $0.set, synthetic: $0.synthetic, digest: $0.sourceDigest)
    }.filter { seen.insert($0).inserted }
  }
}
