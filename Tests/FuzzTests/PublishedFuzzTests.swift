import ContentStore
import Figures
import Foundation
import Mutations
import PublishedSamples
import Publishing
import Testing

@testable import plot
@testable import weave

/// Promise: whatever a published folder says of its runs and holds in its tables is refused in one line, or drawn from.
@Suite struct PublishedFuzzTests {
  /// What a run with checkpoints is told.
  private static let parameters: JSONValue = [
    "seed": 40, "model": ["architecture": "mlp", "hiddenSizes": [6], "normalization": "none", "dropout": 0],
    "optimizer": ["kind": "sgd", "learningRate": 0.01], "batchSize": 16, "firstEpoch": 2, "epochs": 8,
    "snapshotEvery": 1, "checkpoints": 1, "data": ["set": "cifar-10", "padding": 1, "flip": true],
  ]

  private static func index(parameters: JSONValue, seconds: Double) throws -> PublishedIndex {
    let run = try sampleEntry(
      stage: "train", title: "run", file: "checkpoints/step-000000010-epoch-00004.safetensors",
      seconds: seconds, parameters: parameters)
    let look = try sampleEntry(
      stage: "measure", title: "look", file: "metrics.csv", seconds: seconds,
      inputs: [JobInput(name: "run", stage: "train", key: run.manifest.key, recipe: run.recipe)])
    var index = PublishedIndex()
    index.entries = [run, look]
    index.artifacts = [
      PublishedIndex.Artifact(
        id: "fig-t.1", title: "t", profile: "quick", seeds: [40], commit: "", sources: "", made: "",
        host: "there", processor: "", dataSets: [],
        results: [.init(slot: "look", recipe: look.recipe, key: look.manifest.key)], figure: [:])
    ]
    return try PublishedIndex(index.encoded(), place: "there")
  }

  /// What a challenge draws.
  private static func draw(_ index: PublishedIndex) throws -> [ChallengeRun] {
    let runs = ChallengeDraw.population(
      index.artifacts, in: PublishedResults(index), seed: 1, limit: 60)
    _ = ChallengeDraw(runs, count: 3, seed: 1)
    return ChallengeDraw(runs, budget: 1e5, cores: 2, seed: 1).drawn
  }

  @Test func aRunIsRefusedOrDrawn() throws {
    let honest = try Self.draw(Self.index(parameters: Self.parameters, seconds: 1))
    #expect(honest.count == 1 && honest[0].part != nil)
    var accepted = 0
    let cases = FuzzCases.numbers(2_000)
    for number in cases {
      var mutator = Mutator(number)
      let text = mutator.mutated(Self.parameters)
      let isAccepted = try FuzzCases.attempt(number, of: "published run", text: text) {
        guard let parameters = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) else {
          throw PublishingError.malformed(place: "there", reason: "no JSON")
        }
        _ = try Self.draw(Self.index(parameters: parameters, seconds: 1))
      }
      accepted += isAccepted ? 1 : 0
    }
    FuzzCases.expectBoth(accepted, of: cases.count)
  }

  @Test(arguments: [
    ("epochs", -9), ("epochs", Int.max), ("firstEpoch", Int.max - 1), ("firstEpoch", -1),
  ])
  func epochsThatNoRunHasMakeNoPart(_ key: String, _ value: Int) throws {
    guard case .object(var members) = Self.parameters else { return }
    members[key] = .integer(value)
    let drawn = try Self.draw(Self.index(parameters: .object(members), seconds: 1))
    #expect(drawn.count == 1 && drawn[0].part == nil)
  }

  @Test func secondsWithoutEndAreRefused() throws {
    _ = try Self.draw(Self.index(parameters: Self.parameters, seconds: 1e10))
    for seconds in [1.1e10, 1e308] {
      #expect(throws: PublishingError.self) {
        try Self.index(parameters: Self.parameters, seconds: seconds)
      }
    }
  }

  /// Runs a body with a table in a file.
  private func withTable(_ text: String, _ body: (_ path: String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.path + "/barriers-table-\(UUID().uuidString).csv"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    defer { unlink(path) }
    try body(path)
  }

  @Test func tasksThatNoRunHasAreRefused() throws {
    func read(task: String) throws {
      try withTable("step,task,layer,probe,metric,value\n1,\(task),,,loss,0.5\n") { path in
        _ = try MetricRow.read(path, metrics: ["loss"])
      }
    }
    try read(task: "3")
    for task in ["\(Int.max)", "-1"] {
      let error = #expect(throws: (any Error).self) { try read(task: task) }
      #expect("\(try #require(error))".contains("step 1, column \"task\""))
    }
  }

  @Test func placesThatNoCurveHasAreRefused() throws {
    let panels = try JSONDecoder().decode(
      [PanelSpecification].self,
      from: Data(
        """
        [{"id": "p", "title": "p", "x": {"label": "x", "categories": ["one"]}, "y": {"label": "y"}, "series":
          [{"id": "a", "label": "a", "table": "t", "curve": "a",
            "style": {"color": 0, "line": "solid", "bars": true}}]}]
        """.utf8))
    func read(x: String, count: Int) throws {
      try withTable("panel,series,x,y,y_low,y_high,n\np,a,\(x),2,1,3,\(count)\n") { path in
        _ = try FigureData(panels: panels, seeds: [40], kept: path)
      }
    }
    try read(x: "0", count: 3)
    try read(x: "nan", count: 0)
    // A gap among bars is drawn as nothing.
    try withTable("panel,series,x,y,y_low,y_high,n\np,a,0,2,1,3,3\np,a,nan,nan,nan,nan,0\n") { path in
      let data = try FigureData(panels: panels, seeds: [40], kept: path)
      let drawing = DrawingSpecification(
        artifact: "fig-t.1", title: "t", profile: .quick, seeds: [40], dataSets: [], columns: 1, aspect: 1,
        panels: panels, published: [])
      let picture = path + "-picture"
      defer { for ending in ["pdf", "svg", "png"] { unlink("\(picture).\(ending)") } }
      try FigureDrawing(drawing, data: data, runEnd: { _ in nil }).write(to: picture)
    }
    for x in ["nan", "inf", "1e300", "-1e16"] {
      let error = #expect(throws: (any Error).self) { try read(x: x, count: 3) }
      #expect("\(try #require(error))".contains("row 1, column \"x\""))
    }
  }
}
