import Claims
import ContentStore
import Figures
import Foundation
import Manuscript
import PreparedImages
import Training

/// Where the numbers of an artifact come from, read off the manifests of everything that it was made from.
struct Provenance {
  private(set) var runs: [FigureRecord.RunRecord] = []
  private(set) var dataSets: [FigureRecord.DataSetRecord] = []
  /// Run → the step of its last snapshot.
  private(set) var runEnds: [String: Int] = [:]
  /// Stage, or the family's module where a stage serves several → the digest of its sources.
  private(set) var fingerprints: [String: String] = [:]
  private(set) var computeSeconds = 0.0
  /// What was computed without images.
  private(set) var tables: [FigureRecord.TableRecord] = []
  /// The record of a figure that was kept as it was drawn.
  private(set) var kept: FigureRecord?
  /// The manifest of the drawing.
  private(set) var drawing: Manifest?

  /// - Throws: what reading the store throws; ``MissingResult`` for an entry that is not there.
  init(_ plan: ArtifactRecord, store: Store) throws {
    var trained: [String: Manifest] = [:]
    for entry in plan.entries {
      let found = entry.foreign == nil ? try store.arrivingEntry(stage: entry.stage, key: entry.key) : nil
      guard let manifest = entry.foreign?.manifest ?? found?.manifest else {
        throw MissingResult(artifact: plan.artifact)
      }
      if case .kept = entry.subject {
        kept = try found.map { try FigureRecord(contentsOf: $0.path(of: FigureInputs.keptRecordName)) }
        continue
      }
      let module = manifest.job.module
      fingerprints[module == manifest.job.stage ? module : "\(manifest.job.stage) \(module)"] =
        manifest.job.fingerprint
      switch entry.subject {
      case .images:
        dataSets.append(try Self.record(of: found, or: entry.foreign))
        computeSeconds += manifest.coreSeconds
      case .run(let run, let seed): trained["\(run)/\(seed)"] = manifest
      case .look(let run, let seed):
        guard let training = trained["\(run)/\(seed)"] else { continue }
        computeSeconds += manifest.coreSeconds + training.coreSeconds
        // Of a run that was made elsewhere, the last snapshot may have been dropped too.
        runEnds[run] =
          SnapshotName.all(among: Array(training.files.keys) + Array((training.released ?? [:]).keys)).last?
          .step
        runs.append(
          FigureRecord.RunRecord(
            run: run, seed: seed, trainKey: training.key, measureKey: manifest.key,
            trainSeconds: training.coreSeconds, measureSeconds: manifest.coreSeconds,
            host: training.host, blasKernel: training.job.environment["blasKernel"] ?? "unknown"))
      case .table(let name, let seed):
        computeSeconds += manifest.coreSeconds
        tables.append(
          FigureRecord.TableRecord(table: name, seed: seed, key: manifest.key, seconds: manifest.coreSeconds))
      case .claims, .kept: continue
      case .figure: drawing = manifest
      }
    }
  }

  private static func record(
    of entry: Entry?, or foreign: ForeignResult?
  ) throws -> FigureRecord.DataSetRecord {
    let set: PreparedDataSetManifest
    let key: String
    if let entry {
      (set, key) = (try PreparedDataSet(folder: entry.folder).manifest, entry.manifest.key)
    } else if let foreign, let facts = foreign.dataSet {
      (set, key) = (try facts.decoded(), foreign.manifest.key)
    } else {
      throw StoreError.unreadable(path: "the plan", reason: "it does not say which images were prepared")
    }
    return FigureRecord.DataSetRecord(
      set: set.name, title: set.title, synthetic: set.synthetic, sourceDigest: set.sourceDigest,
      contentDigest: set.contentDigest, key: key)
  }
}

extension FigureRecord {
  /// The record of a figure: what its claims came to, and where everything comes from.
  init(_ plan: ArtifactRecord, claims: [ClaimResult], provenance: Provenance) {
    let sets = provenance.kept?.dataSets ?? provenance.dataSets
    let synthetic = sets.contains { $0.synthetic }
    self.init(
      artifact: plan.artifact, title: plan.title, profile: plan.profile, seeds: plan.seeds,
      dataSets: provenance.dataSets, claims: claims, runs: provenance.runs, tables: provenance.tables,
      runEnds: provenance.runEnds, fingerprints: provenance.fingerprints,
      computeSeconds: provenance.computeSeconds, host: provenance.drawing?.host ?? "unknown",
      processor: provenance.drawing?.machine["processor"],
      cores: provenance.drawing?.machine["cores"].flatMap(Int.init),
      command: "make \(plan.artifact) PROFILE=\(plan.profile.rawValue)"
        + (sets.isEmpty ? "" : " DATA=\(synthetic ? "synthetic" : "real")")
        + (plan.seeds.isEmpty ? "" : " SEEDS=\(plan.seeds.count)"))
    origin = plan.origin
    if origin?.hasOtherSettings == true { command += "  # by the settings of now, which are others" }
    guard let kept = provenance.kept else { return }
    // All but what is judged and drawn here is as it was kept.
    (dataSets, runs, tables, runEnds) = (kept.dataSets, kept.runs, kept.tables, kept.runEnds)
    (fingerprints, computeSeconds) = (kept.fingerprints, kept.computeSeconds)
    (host, processor, cores) = (kept.host, kept.processor, kept.cores)
  }
}
