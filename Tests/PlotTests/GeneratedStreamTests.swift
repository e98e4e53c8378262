import ContentStore
import Foundation
import ImageBatches
import ImageSources
import PreparedImages
import Testing

@testable import Manuscript

/// `plot` draws tables that were made seed by seed without a data set.
@Suite struct GeneratedStreamTests {
  private static let widths = ["5", "10", "50", "100"]

  /// Bars over learner widths, as the bit-flipping tables give them: one point a table and curve.
  private static func bars(_ id: String, _ label: String) -> String {
    func series(_ method: String, _ name: String, _ color: Int) -> String {
      """
      { id: "\(method)", label: "\(name)", tables: [\(widths.map { "\"\(method)-\($0)\"" }.joined(separator: ", "))],
        curve: "\(id)", style: { color: \(color), line: "solid", bars: true } },
      """
    }
    return """
      { id: "\(id)", title: "\(label)",
        x: { label: "Learner width", categories: [\(widths.map { "\"\($0)\"" }.joined(separator: ", "))] },
        y: { label: "\(label)" },
        series: [\(series("sgd", "backpropagation", 0)) \(series("cbp", "continual backpropagation", 1))] },
      """
  }

  /// Loss on the left and rank on the right, against examples in millions.
  private static func courses(_ method: String, _ title: String) -> String {
    """
    { id: "\(method)", title: "\(title)",
      x: { label: "Examples (millions)", per: 1000000 }, y: { label: "Online loss" },
      right: { label: "Effective rank" },
      marks: [{ at: 2500000, label: "half way" }],
      series: [
        { id: "loss", label: "loss (left)", table: "\(method)-5", curve: "loss-course",
          style: { color: 0, line: "solid", errorBars: true } },
        { id: "rank", label: "effective rank (right)", table: "\(method)-5", curve: "rank-course", onRight: true,
          style: { color: 1, line: "dashed", errorBars: true } },
      ] },
    """
  }

  private static func curves(_ method: String, width: Int, seed: UInt64) -> String {
    let share = log(Double(width)) / log(100.0)
    let noise = Double((seed * 7 + UInt64(width)) % 5) / 5 - 0.4
    let lift = method == "sgd" ? 0.0 : 1.6
    var rows = [
      "rank,\(width),\(2 + 6 * share + lift + 0.4 * noise)",
      "duplicates,\(width),\(max(0, (method == "sgd" ? 0.5 : 0.2) * (share - 0.3) + 0.02 * noise))",
      "loss,\(width),\(0.9 - 0.4 * share - lift * 0.3 + 0.05 * noise)",
    ]
    for point in 1...50 {
      let x = Double(point) * 1e5
      let wobble = 0.5 * sin(Double(point) * 1.7 + Double(seed))
      rows.append("loss-course,\(x),\(0.42 + 0.46 * x / 5e6 - lift * 0.2 + 0.02 * wobble)")
      rows.append("rank-course,\(x),\(4.0 - 1.1 * x / 5e6 + lift * 0.5 + 0.15 * wobble)")
    }
    return "curve,x,y\n" + rows.joined(separator: "\n") + "\n"
  }

  /// Draws panels of made tables and gives the entry of `plot`, within a folder that is removed afterwards.
  private func drawn(
    id: String, panels: String, columns: Int, seeds: Int = 5, claims: String = "",
    _ check: (Entry, FigureRecord) throws -> Void
  ) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/plot-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileSystem.createFolder(folder)
    let block = ArtifactBlock(
      id: id, file: "t.md", fenceLine: 1,
      text: """
        { experiment: "bits", title: "Bits", seeds: \(seeds), columns: \(columns),
          panels: [\(panels)], claims: [\(claims)] }
        """)
    let artifact = try ArtifactSpecification(block, profile: .quick)
    let store = try Store(root: folder + "/store")
    var inputs: [JobInput] = []
    for method in ["sgd", "cbp"] {
      for width in Self.widths {
        for seed in artifact.seeds {
          let name = "\(method)-\(width)/\(seed)"
          let job = Job(
            stage: Stage.flip.rawValue, fingerprint: "flip fingerprint", parameters: ["name": .string(name)],
            inputs: [], title: name, cost: 1, sources: [:])
          guard case .workspace(let workspace) = try store.workspace(for: job) else { continue }
          try Self.curves(method, width: try #require(Int(width)), seed: seed)
            .write(toFile: workspace.path(of: CurveTable.fileName), atomically: false, encoding: .utf8)
          let entry = try workspace.commit(files: [CurveTable.fileName], wallSeconds: 0.5, environment: [:])
          inputs.append(JobInput(name: name, stage: job.stage, key: entry.manifest.key))
        }
      }
    }
    let stages = [Stage.plot: StageFingerprint(digest: "plot fingerprint", sources: [:])]
    let context = PlanningContext(profile: .quick, seeds: nil, fingerprints: stages) { _ in
      PlannedDataSource(
        digest: "", isSynthetic: true, shape: ImageShape(channels: 1, height: 1, width: 1), classes: 1,
        trainingImages: 1)
    }
    let builder = JobBuilder(artifact: artifact, context: context)
    let job = try builder.job(
      .plot, slot: "plot", parameters: builder.drawing(), inputs: inputs, cost: 1)
    try job.job.write(folder + "/job.json")

    let process = Process()
    process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appendingPathComponent("plot")
    process.arguments = ["--store", store.root, "--job", folder + "/job.json"]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    let entry = try #require(try store.entry(stage: Stage.plot.rawValue, key: job.key))
    if let gallery = ProcessInfo.processInfo.environment["CHARTING_GALLERY"] {
      try? FileManager.default.removeItem(atPath: "\(gallery)/\(id).png")
      try FileManager.default.copyItem(atPath: entry.path(of: id + ".png"), toPath: "\(gallery)/\(id).png")
    }
    let record = try JSONDecoder().decode(
      FigureRecord.self, from: Data(contentsOf: URL(fileURLWithPath: entry.path(of: id + ".json"))))
    try check(entry, record)
  }

  @Test func barsAreDrawnAndTraced() throws {
    let panels =
      Self.bars("rank", "Effective rank") + Self.bars("duplicates", "Duplicate fraction")
      + Self.bars("loss", "Loss")
    let claim = """
      { id: "wider", says: "Wider is better", measure: "final(rank.sgd) - initial(rank.sgd)", comparison: ">",
        threshold: 0 }
      """
    try drawn(id: "fig-t.2", panels: panels, columns: 3, claims: claim) { entry, record in
      #expect(
        Set(entry.manifest.files.keys) == Set(["csv", "json", "pdf", "svg", "png"].map { "fig-t.2.\($0)" }))
      #expect(record.tables.count == 2 * 4 * 5)
      #expect(record.tables.first?.table == "sgd-5" && record.tables.first?.seed == 40)
      #expect(record.fingerprints == ["flip": "flip fingerprint", "plot": "plot fingerprint"])
      #expect(record.computeSeconds == 20)
      #expect(record.dataSets.isEmpty && record.runs.isEmpty)
      #expect(record.command == "make fig-t.2 PROFILE=quick SEEDS=5")
      #expect(record.claims[0].perSeed.count == 5 && record.claims[0].verdict == .reproduced)
      let rows = try String(contentsOfFile: entry.path(of: "fig-t.2.csv"), encoding: .utf8)
        .split(separator: "\n")
      #expect(rows.count == 1 + 3 * 2 * 4)
      #expect(rows[4].hasPrefix("rank,sgd,3.0,"))
    }
  }

  @Test func errorBarsStandOnBothAxes() throws {
    let panels =
      Self.courses("sgd", "Backpropagation") + Self.courses("cbp", "Continual backpropagation")
    try drawn(id: "fig-t.1", panels: panels, columns: 2) { entry, _ in
      let rows = try String(contentsOfFile: entry.path(of: "fig-t.1.csv"), encoding: .utf8)
        .split(separator: "\n")
      #expect(rows.count == 1 + 2 * 2 * 50)
      #expect(rows[50].hasPrefix("sgd,loss,5000000.0,"), "the CSV keeps the data's unit")
    }
  }

  @Test func oneSeedHasNothingToSpread() throws {
    let panels = Self.bars("rank", "Effective rank") + Self.courses("sgd", "Backpropagation")
    try drawn(id: "fig-t.3", panels: panels, columns: 2, seeds: 1) { entry, record in
      #expect(record.command.hasSuffix("SEEDS=1"))
      let picture = try Data(contentsOf: URL(fileURLWithPath: entry.path(of: "fig-t.3.png")))
      #expect(picture.count > 1_000)
    }
  }
}
