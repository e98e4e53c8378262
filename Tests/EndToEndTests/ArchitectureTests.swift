import Foundation
import Testing

/// Promise: every architecture goes through the whole pipeline: trained, cloned, measured, drawn.
@Suite struct ArchitectureTests {
  @Test(arguments: [
    "architecture: \"cnn\", channels: [4, 4, 4], hiddenSizes: [8]",
    "architecture: \"resnet\", channels: [2]",
    "architecture: \"vit\", embeddingSize: 64, depth: 1, patchSize: 16",
  ])
  func isTrainedClonedAndMeasured(model: String) throws {
    var chapter = TinyChapter()
    chapter.model = model
    chapter.baseEpochs = 1
    chapter.cloneEpochs = 1
    let layers = model.contains("cnn") ? "act_*" : "block_*"
    let bench = try Workbench(
      chapter: chapter.text.replacingOccurrences(of: "layers: \"act_*\"", with: "layers: \"\(layers)\""))
    let outcome = try bench.make("fig-t.1")
    #expect(outcome.code == 0, "\(outcome.text)")
    let csv = String(decoding: try #require(bench.contents(bench.figures + "/fig-t.1.csv")), as: UTF8.self)
    // Right after cloning, all copies agree.
    let first = try #require(csv.split(separator: "\n").first { $0.hasPrefix("r2,clone,") })
    let score = try #require(Double(first.split(separator: ",")[3]))
    #expect(score > 0.999999, "\(first)")
  }

  @Test func sizesThatAnArchitectureDoesNotHaveAreRefused() throws {
    var chapter = TinyChapter()
    chapter.model = "architecture: \"resnet\", channels: [8], hiddenSizes: [3]"
    let outcome = try Workbench(chapter: chapter.text).make("fig-t.1")
    #expect(outcome.code == 2)
    #expect(outcome.text.contains("model.hiddenSizes does not belong to 'resnet'"), "\(outcome.text)")
  }
}
