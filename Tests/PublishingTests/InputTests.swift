import ContentStore
import Foundation
import PublishedSamples
import Testing

@testable import Publishing

/// What a result says that it was made from is what lies under the key that it names.
@Suite struct InputTests {
  private let images: PublishedIndex.Entry
  /// Two runs on the images.
  private let runs: [PublishedIndex.Entry]

  init() throws {
    let dataSet: JSONValue = ["name": "cifar-10", "count": 20]
    images = try sampleEntry(stage: "prepare", title: "images", file: "images.bin", dataSet: dataSet)
    let data = JobInput(
      name: "data", stage: "prepare", key: images.manifest.key,
      recipe: try PublishedIndex.contents(ofDataSet: dataSet))
    runs = try [1, 2].map {
      try sampleEntry(
        stage: "train", title: "run \($0)", file: "history.csv",
        parameters: ["seed": .integer($0)], inputs: [data])
    }
  }

  private func metrics(of run: PublishedIndex.Entry, at key: String) throws -> PublishedIndex.Entry {
    try sampleEntry(
      stage: "measure", title: "metrics", file: "metrics.csv",
      inputs: [JobInput(name: "run", stage: "train", key: key, recipe: run.recipe)])
  }

  private func read(_ entries: [PublishedIndex.Entry]) throws {
    var index = PublishedIndex()
    index.entries = entries
    _ = try PublishedIndex(index.encoded(), place: "there")
  }

  @Test func metricsOfAnotherRunAreRefused() throws {
    try read([images] + runs + [metrics(of: runs[0], at: runs[0].manifest.key)])
    // Who was read is not there: nothing is said of another one.
    try read([images, runs[1], metrics(of: runs[0], at: runs[0].manifest.key)])
    let forged = try metrics(of: runs[0], at: runs[1].manifest.key)
    #expect(forged.manifest.key == (try metrics(of: runs[0], at: runs[0].manifest.key)).manifest.key)
    let error = #expect(throws: PublishingError.self) { try read([images] + runs + [forged]) }
    #expect("\(try #require(error))".contains("entries.3.manifest.job.inputs.0.key"))
  }

  @Test func otherImagesAndOtherStagesAreRefused() throws {
    let others = try sampleEntry(
      stage: "prepare", title: "images", file: "images.bin", dataSet: ["name": "cifar-10", "count": 21])
    #expect(others.manifest.key == images.manifest.key)
    #expect(throws: PublishingError.self) { try read([others] + runs) }
    var input = try #require(runs[0].manifest.job.inputs.first)
    input.stage = "measure"
    let misled = try sampleEntry(stage: "train", title: "run", file: "history.csv", inputs: [input])
    #expect(throws: PublishingError.self) { try read([images, misled]) }
  }

  @Test func imagesAreMadeFromNoResult() throws {
    let input = JobInput(name: "run", stage: "train", key: runs[0].manifest.key, recipe: runs[0].recipe)
    let entry = try sampleEntry(
      stage: "prepare", title: "images", file: "images.bin", inputs: [input], dataSet: ["name": "x"])
    #expect(throws: PublishingError.self) { try read([entry, images] + runs) }
  }

  @Test func aResultOfAFigureIsTheOneThatItNames() throws {
    var index = PublishedIndex()
    index.entries = [images] + runs
    func artifact(_ recipe: String) -> PublishedIndex.Artifact {
      PublishedIndex.Artifact(
        id: "fig-t.1", title: "A figure", profile: "quick", seeds: [1], commit: "", sources: "", made: "",
        host: "there", processor: "", dataSets: [],
        results: [.init(slot: "train", recipe: recipe, key: runs[0].manifest.key)], figure: [:])
    }
    index.artifacts = [artifact(runs[0].recipe)]
    _ = try PublishedIndex(index.encoded(), place: "there")
    index.artifacts = [artifact(runs[1].recipe)]
    #expect(throws: PublishingError.self) { try PublishedIndex(index.encoded(), place: "there") }
  }
}
