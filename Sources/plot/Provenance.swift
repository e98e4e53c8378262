import ContentStore
import Foundation
import Manuscript
import PreparedImages
import Stages
import Training

/// Where the numbers of an artifact come from, read off the manifests of everything that it was made from.
struct Provenance {
  let runs: [FigureRecord.RunRecord]
  let dataSets: [FigureRecord.DataSetRecord]
  /// Run → the step of its last snapshot.
  let runEnds: [String: Int]
  let fingerprints: [String: String]
  let computeSeconds: Double
  /// What was computed without images.
  let tables: [FigureRecord.TableRecord]

  init(_ context: StageRunner.Context, seeds: [UInt64]) throws {
    var runs: [FigureRecord.RunRecord] = []
    var dataSets: [String: FigureRecord.DataSetRecord] = [:]
    var fingerprints = [context.job.stage: context.job.fingerprint]
    var runEnds: [String: Int] = [:]
    var tables: [FigureRecord.TableRecord] = []
    var seconds = 0.0
    for input in context.job.inputs {
      let parts = input.name.split(separator: "/")
      let seed = parts.count == 2 ? UInt64(parts[1]) : nil
      if [Stage.compute.rawValue, Stage.flip.rawValue].contains(input.stage) {
        let manifest = try context.entry(of: input).manifest
        fingerprints[input.stage] = manifest.job.fingerprint
        seconds += manifest.wallSeconds
        tables.append(
          FigureRecord.TableRecord(
            table: seed == nil ? input.name : String(parts[0]), seed: seed, key: manifest.key,
            seconds: manifest.wallSeconds))
        continue
      }
      guard let seed else { continue }
      // Of `measure` or of `examine`: both look at a run.
      let measured = try context.entry(of: input).manifest
      guard let trainInput = measured.job.inputs.first(where: { $0.name == "run" }),
        let dataInput = measured.job.inputs.first(where: { $0.name == "data" })
      else { continue }
      let trained = try context.entry(of: trainInput).manifest
      let data = try context.entry(of: dataInput)
      if dataSets[data.manifest.key] == nil {
        dataSets[data.manifest.key] = try Self.record(of: data)
        seconds += data.manifest.wallSeconds
      }
      for manifest in [measured, trained, data.manifest] {
        fingerprints[manifest.job.stage] = manifest.job.fingerprint
      }
      seconds += measured.wallSeconds + trained.wallSeconds
      runEnds[String(parts[0])] = SnapshotName.all(among: trained.files.keys).last?.step
      runs.append(
        FigureRecord.RunRecord(
          run: String(parts[0]), seed: seed, trainKey: trained.key, measureKey: measured.key,
          trainSeconds: trained.wallSeconds, measureSeconds: measured.wallSeconds,
          host: trained.host, blasKernel: trained.environment["blasKernel"] ?? "unknown"))
    }
    self.runs = runs
    self.dataSets = dataSets.values.sorted { $0.key < $1.key }
    self.tables = tables
    self.runEnds = runEnds
    self.fingerprints = fingerprints
    computeSeconds = seconds
  }

  private static func record(of data: Entry) throws -> FigureRecord.DataSetRecord {
    let set = try PreparedDataSet(folder: data.folder).manifest
    return FigureRecord.DataSetRecord(
      set: set.name, title: set.title, synthetic: set.synthetic, sourceDigest: set.sourceDigest,
      contentDigest: set.contentDigest, key: data.manifest.key)
  }
}

extension FigureRecord {
  /// The record of a figure, its claims evaluated.
  init(_ drawing: DrawingSpecification, data: FigureData, provenance: Provenance) throws {
    let synthetic = provenance.dataSets.contains { $0.synthetic }
    self.init(
      artifact: drawing.artifact, title: drawing.title, profile: drawing.profile,
      seeds: drawing.seeds, dataSets: provenance.dataSets,
      claims: try drawing.claims.map {
        try ClaimResult($0, data: data, profile: drawing.profile)
      },
      runs: provenance.runs, tables: provenance.tables, runEnds: provenance.runEnds,
      fingerprints: provenance.fingerprints,
      computeSeconds: provenance.computeSeconds, host: ProcessInfo.processInfo.hostName,
      processor: Processor.name, cores: ProcessInfo.processInfo.activeProcessorCount,
      command: "make \(drawing.artifact) PROFILE=\(drawing.profile.rawValue)"
        + (provenance.dataSets.isEmpty ? "" : " DATA=\(synthetic ? "synthetic" : "real")")
        + (drawing.seeds.isEmpty ? "" : " SEEDS=\(drawing.seeds.count)"))
  }
}

/// The machine's processor.
private enum Processor {
  /// As Linux names it, nil where it does not.
  static var name: String? {
    let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
    let line = text?.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":", maxSplits: 1).last.map { $0.trimmingCharacters(in: .whitespaces) }
  }
}
