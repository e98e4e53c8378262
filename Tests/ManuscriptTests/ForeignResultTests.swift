import ContentStore
import PublishedSamples
import Testing

@testable import Manuscript

/// A figure of other results is another figure.
@Suite struct ForeignResultTests {
  @Test func otherFilesUnderTheSameKeyHaveOtherReaders() throws {
    let inputs = try ["1", "2", "1"].map { contents in
      let entry = try sampleEntry(
        stage: "measure", title: "metrics", file: "metrics.csv", contents: Digest(of: contents))
      return ForeignResult(manifest: entry.manifest).input(named: "base/1", stage: "measure")
    }
    #expect(Set(inputs.map(\.key)).count == 1)
    #expect(inputs[0] == inputs[2])
    #expect(inputs[0].recipe != inputs[1].recipe)
    #expect(inputs.allSatisfy { $0.recipe != $0.key })
  }
}
