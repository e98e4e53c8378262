import Claims
import ContentStore
import Figures
import Foundation
import Mutations
import NeuralNetwork
import PreparedImages
import Specifications
import Testing
import Training

@testable import Manuscript

/// Promise: what is far out of range is refused before anything is multiplied, allocated or drawn, by its key.
@Suite struct RangeTests {
  /// A change of the tiny chapter, and what the message must say.
  struct Excess: Sendable, CustomTestStringConvertible {
    let find: String
    let replace: String
    let says: [String]
    var testDescription: String { replace.inOneLine(upTo: 60) }

    init(_ find: String, _ replace: String, _ says: String...) {
      (self.find, self.replace, self.says) = (find, replace, says)
    }
  }

  static let excesses = [
    Excess("hiddenSizes: [6, 4]", "hiddenSizes: [30000, 30000, 30000]", "model", "parameters", "2147483648"),
    Excess("batchSize: 16, epochs: {", "batchSize: 1e18, epochs: {", "batchSize", "1…65536"),
    Excess("epochs: { quick: 1,", "epochs: { quick: 1000000000000000000,", "epochs", "0…"),
    Excess("snapshotSteps: [1, 2]", "snapshotSteps: [1, 9223372036854775807]", "snapshotSteps"),
    Excess("passes: 2", "passes: 9223372036854775807", "tasks.passes"),
    Excess("channels: [2, 4]", "channels: [2, 4, 4], copies: 3", "copies", "divide"),
    Excess("points: 3", "points: 1e18", "points", "2…10001"),
    Excess("points: 3", "points: 1e400", "JSON5"),
    Excess("sizes: [4]", "sizes: []", "sizes", "2…512"),
    Excess("duration: 10", "duration: 1e308", "duration"),
    Excess("examples: 800", "examples: 9223372036854775807", "stream.examples"),
    Excess("widths: [4, 5],\n", "widths: [],\n", "widths", "1…1000"),
    Excess("samples: 32", "samples: 9223372036854775807", "samples", "100000"),
    Excess("steps: 4 }", "steps: -9223372036854775808 }", "examine.steps"),
    Excess("learningRate: 0.05, batches", "learningRate: 1e300, batches", "examine.learningRate"),
    Excess("color: 0, line", "color: 9223372036854775807, line", "color", "0…7"),
    Excess("limits: [0, 9]", "limits: [-1e308, 1e308]", "limits", "±"),
    Excess("per: 10", "per: 1e-320", "per"),
    Excess("at: 3", "at: 1e308", "marks", "at"),
    Excess("title: \"Runs\"", "title: \"a\\nb\"", "title", "one line"),
    Excess("final(loss.clone) /", "final(loss.clown) /", "measure", "loss.clown", "loss.clone"),
    Excess("metric: \"trainingLoss\"", "metric: \"trainingLos\"", "metric", "trainingLos"),
    Excess("table: \"gap\", curve", "table: \"gop\", curve", "table", "gop", "gain"),
    Excess("title: \"Runs\"", "title: \(String(repeating: "[", count: 100_000))", "JSON5"),
  ]

  @Test(arguments: excesses) func anExcessIsRefusedWithFileAndLine(_ excess: Excess) throws {
    let text = TinyBlocks.chapter
    try #require(text.contains(excess.find))
    let error = #expect(throws: ManuscriptError.self) {
      try plan(text.replacingOccurrences(of: excess.find, with: excess.replace))
    }
    let words = "\(try #require(error))"
    #expect(words.hasPrefix("chapter.md:") && error?.line != nil, "\(words)")
    for part in excess.says { #expect(words.contains(part), "\(words)") }
  }

  @Test func withoutPanelsThereIsNothingToDraw() throws {
    for key in ["panels: []", "panels: [null]", "panels: [{ each: [], id: \"x\" }]"] {
      let block = """
        ```artifact fig-u.1
        {
          experiment: "theory", title: "t", \(key), claims: [],
          tables: { gap: { quantity: "quarticGap", activations: ["relu"], points: 3 } },
        }
        ```
        """
      let error = #expect(throws: ManuscriptError.self) { try plan(block) }
      #expect("\(try #require(error))".hasPrefix("chapter.md:3: fig-u.1: panels"), "\(key)")
    }
  }

  @Test func presetsThatGrowWithoutEndAreRefused() throws {
    let lists = (1...30).map { "p\($0): [\"$p\($0 - 1)\", \"$p\($0 - 1)\", \"$p\($0 - 1)\"]" }
    let texts = (1...30).map { "{ with: { t\($0): \"{t\($0 - 1)}{t\($0 - 1)}{t\($0 - 1)}\" }, x: " }
    for inside in [
      "presets: { p0: [1], \(lists.joined(separator: ", ")) }, tables: \"$p30\"",
      "tables: { with: { t0: \"ab\" }, x: \(texts.joined()) \"{t30}\" \(String(repeating: "}", count: 31))",
      "tables: [{ cross: [\(String(repeating: "[1,2,3,4,5,6,7,8,9,{ a: 1 }],", count: 20))] }]",
    ] {
      let error = #expect(throws: ManuscriptError.self) {
        try plan("```artifact fig-u.1\n{ experiment: \"theory\", title: \"t\", panels: [], \(inside) }\n```")
      }
      #expect(error?.line == 2)
    }
  }

  @Test func jobsOfOtherPlacesAreRefused() throws {
    let jobs = try Plan(
      chapters: [Chapter(file: "chapter.md", text: TinyBlocks.chapter)], context: Book.context(.quick)
    ).jobs
    let drawing: DrawingSpecification = try #require(jobs.first { $0.job.stage == "plot" }).job.parameters
      .decoded()
    for name in ["../x", "a/b", "", ".", "..", "-x", "a\nb", String(repeating: "x", count: 101)] {
      var other = drawing
      other.artifact = name
      #expect(throws: SpecificationProblem.self) { try other.validate() }
    }
    for seeds in [[40, 40], Array(0...1_000)] as [[UInt64]] {
      var other = drawing
      other.seeds = seeds
      #expect(throws: SpecificationProblem.self) { try other.validate() }
    }
    try drawing.validate()
    let folder = try TinyRun().folder
    for (key, value) in [
      ("title", "a\nb"), ("title", String(repeating: "x", count: 2_001)), ("stage", "../plot"),
      ("module", "a/b"),
    ] {
      var job = try #require(jobs.first).job
      if key == "title" {
        job.title = value
      } else if key == "stage" {
        job.stage = value
      } else {
        job.module = value
      }
      let path = folder + "-job.json"
      try JSONEncoder().encode(job).write(to: URL(fileURLWithPath: path))
      defer { try? FileManager.default.removeItem(atPath: path) }
      let error = #expect(throws: StoreError.self) { try Job.read(path) }
      #expect("\(try #require(error))".contains(key))
    }
    #expect(throws: StoreError.self) { try Job.read("/dev/zero") }
  }

  @Test func noModelThatIsValidOverflows() throws {
    let sizes = [1, 2, 7, 64, 4_096, 65_536]
    let shape = ImageShape(channels: 3, height: 64, width: 64)
    for width in sizes {
      for count in [1, 8, 64] {
        let widths = Array(repeating: width, count: count)
        let models = [
          AnyModel(MLP(hiddenSizes: widths)),
          AnyModel(CNN(channels: widths, hiddenSizes: [width])),
          AnyModel(
            ResNet(channels: [width], blocks: Array(repeating: min(width, 1_000), count: min(count, 8)))),
          AnyModel(
            VisionTransformer(
              embeddingSize: width, headWidth: 1, heads: width, feedForwardSize: width, depth: count)),
        ]
        for model in models {
          // A trap would end the process; what is refused is refused in words.
          do throws(SpecificationProblem) {
            try model.validate()
            let extent = try model.validate(for: shape, classes: 200, batchSize: 65_536)
            #expect(extent.bytes > 0 && extent.parameters > 0)
            #expect(model.network(for: shape, classes: 200).trainingOperations > 0)
          } catch { #expect(error.path.hasPrefix("model")) }
        }
      }
    }
  }

  private func plan(_ text: String) throws {
    try Plan(
      chapters: [Chapter(file: "chapter.md", text: text)], context: Book.context(.quick)
    ).requirePanels()
  }
}
