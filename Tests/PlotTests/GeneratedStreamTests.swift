import Claims
import ContentStore
import Figures
import Foundation
import Testing

@testable import Manuscript
@testable import plot

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

  /// What came of a figure that was drawn from made tables.
  private struct Outcome {
    let folder: String
    let files: [String]
    let claims: [ClaimResult]

    func contents(_ file: String) throws -> Data {
      try Data(contentsOf: URL(fileURLWithPath: folder + "/" + file))
    }

    func rows(_ file: String) throws -> [Substring] {
      String(decoding: try contents(file), as: UTF8.self).split(separator: "\n")
    }
  }

  /// Draws panels of made tables, and judges claims on them, within a folder that is removed afterwards.
  private func drawn(
    id: String, panels: String, columns: Int, seeds: Int = 5, claims: String = "",
    _ check: (Outcome) throws -> Void
  ) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/plot-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileSystem.createFolder(folder + "/figure")
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
            stage: Stage.compute.rawValue, fingerprint: "fingerprint", parameters: ["name": .string(name)],
            environment: [:], title: name, cost: 1)
          guard case .workspace(let workspace) = try store.workspace(for: job) else { continue }
          try Self.curves(method, width: try #require(Int(width)), seed: seed)
            .write(toFile: workspace.path(of: CurveTable.fileName), atomically: false, encoding: .utf8)
          let entry = try workspace.commit(files: [CurveTable.fileName], wallSeconds: 0.5)
          inputs.append(
            JobInput(name: name, stage: job.stage, key: entry.manifest.key, recipe: job.recipe))
        }
      }
    }
    let drawing = DrawingSpecification(
      artifact: id, paper: "arXiv:1", title: "Bits", profile: .quick, seeds: artifact.seeds, dataSets: [],
      columns: columns, aspect: nil, panels: artifact.panels)
    let tables = try FigureInputs(panels: artifact.panels, of: inputs, in: store)
    let data = try tables.data(panels: artifact.panels, seeds: artifact.seeds)
    try data.table.write("\(folder)/figure/\(id).csv")
    try FigureDrawing(drawing, data: data) { try tables.end(of: $0, seeds: artifact.seeds) }
      .write(to: "\(folder)/figure/\(id)")
    let svg = try String(contentsOfFile: "\(folder)/figure/\(id).svg", encoding: .utf8)
    #expect(svg.contains("arXiv:1, \(id)"), "the figure names its paper")
    if let gallery = ProcessInfo.processInfo.environment["CHARTING_GALLERY"] {
      try? FileManager.default.removeItem(atPath: "\(gallery)/\(id).png")
      try FileManager.default.copyItem(
        atPath: "\(folder)/figure/\(id).png", toPath: "\(gallery)/\(id).png")
    }
    let judgement = JudgementSpecification(
      artifact: id, profile: .quick, seeds: artifact.seeds, panels: artifact.panels,
      claims: artifact.claims)
    try check(
      Outcome(
        folder: folder + "/figure", files: FileSystem.names(in: folder + "/figure"),
        claims: judgement.results(on: data)))
  }

  @Test func barsAreDrawnAndTraced() throws {
    let panels =
      Self.bars("rank", "Effective rank") + Self.bars("duplicates", "Duplicate fraction")
      + Self.bars("loss", "Loss")
    let claim = """
      { id: "wider", says: "Wider is better", measure: "final(rank.sgd) - initial(rank.sgd)", comparison: ">",
        threshold: 0 }
      """
    try drawn(id: "fig-t.2", panels: panels, columns: 3, claims: claim) { outcome in
      #expect(outcome.files == ["csv", "pdf", "png", "svg"].map { "fig-t.2.\($0)" })
      #expect(outcome.claims[0].perSeed.count == 5 && outcome.claims[0].verdict == .reproduced)
      let rows = try outcome.rows("fig-t.2.csv")
      #expect(rows.count == 1 + 3 * 2 * 4)
      #expect(rows[4].hasPrefix("rank,sgd,3.0,"))
    }
  }

  @Test func errorBarsStandOnBothAxes() throws {
    let panels =
      Self.courses("sgd", "Backpropagation") + Self.courses("cbp", "Continual backpropagation")
    try drawn(id: "fig-t.1", panels: panels, columns: 2) { outcome in
      let rows = try outcome.rows("fig-t.1.csv")
      #expect(rows.count == 1 + 2 * 2 * 50)
      #expect(rows[50].hasPrefix("sgd,loss,5000000.0,"), "the CSV keeps the data's unit")
    }
  }

  @Test func oneSeedHasNothingToSpread() throws {
    let panels = Self.bars("rank", "Effective rank") + Self.courses("sgd", "Backpropagation")
    try drawn(id: "fig-t.3", panels: panels, columns: 2, seeds: 1) { outcome in
      let picture = try outcome.contents("fig-t.3.png")
      #expect(picture.count > 1_000)
    }
  }

  @Test func aTableThatIsNotThereIsNamed() throws {
    let store = try Store(root: FileManager.default.temporaryDirectory.path + "/none-\(UUID().uuidString)")
    let key = String(repeating: "a", count: 64)
    #expect(throws: MissingTable(name: "sgd-5/40", stage: "compute", key: key)) {
      try FigureInputs(
        panels: [], of: [JobInput(name: "sgd-5/40", stage: "compute", key: key, recipe: key)], in: store)
    }
  }
}
