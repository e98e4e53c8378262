import Figures
import Foundation
import Testing

@testable import Manuscript

/// Which paper a figure is from, as the chapters declare it.
@Suite struct PaperTests {
  private static func block(_ id: String, _ change: (String) -> String = { $0 }) -> String {
    change(
      """
      ```paper \(id)
      { title: "On \(id)", authors: ["A"], identifier: "arXiv:\(id)", address: "https://arxiv.org/abs/\(id)" }
      ```

      """)
  }

  private static let figure = "{ experiment: \"theory\", title: \"t\", panels: [], claims: [] }\n```\n"

  @Test func aPaperIsThatOfTheChaptersAfterItToo() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/papers-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, head) in [("a", ""), ("b", Self.block("1")), ("c", ""), ("d", Self.block("2"))] {
      try (head + "```artifact fig-\(name).1\n" + Self.figure)
        .write(toFile: "\(folder)/\(name).md", atomically: true, encoding: .utf8)
    }
    let blocks = try Chapter.all(in: folder).flatMap(\.blocks)
    #expect(blocks.map { $0.paper?.identifier } == [nil, "arXiv:1", "arXiv:1", "arXiv:2"])
    #expect(Paper.all(of: blocks).map(\.title) == ["On 1", "On 2"])
  }

  @Test func everyFigureOfTheRepositoryNamesItsPaper() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("paper").path
    let chapters = try Chapter.all(in: folder)
    #expect(Paper.all(of: chapters.flatMap(\.blocks)).count == 2)
    for block in chapters.flatMap(\.blocks) {
      let isSecond = block.id.hasPrefix("fig-d.") || block.id.hasPrefix("fig-e.")
      #expect(
        block.paper?.identifier == (isSecond ? "OpenReview:vvD0Bre3Dk" : "arXiv:2510.00304"), "\(block.id)")
    }
  }

  @Test func theDrawingIsToldOfIt() throws {
    let text = """
      ```artifact fig-t.1
      {
        experiment: "unconstrained-features", title: "t",
        tables: { a: { dimensions: [1], steps: 10 } },
        panels: [],
        claims: [],
      }
      ```
      """
    let chapter = try Chapter(file: "a.md", text: Self.block("1") + text)
    let artifact = try ArtifactSpecification(try #require(chapter.blocks.first), profile: .quick)
    let jobs = try JobBuilder(artifact: artifact, context: .sample()).ending(on: [])
    let drawing: DrawingSpecification = try #require(jobs.last).job.parameters.decoded()
    #expect(drawing.paper == "arXiv:1")
  }

  @Test(arguments: [
    (["title: \"On 1\", ", ""], 2), (["https:", "ftp:"], 2), (["[\"A\"]", "[]"], 2),
    (["}\n```\n", "}\n```\n```paper 3\n{}\n```\n"], 4),
  ])
  func whatIsNoPaperIsAnErrorWithItsLine(_ change: [String], line: Int) {
    let text = Self.block("1") { $0.replacing(change[0], with: change[1]) }
    #expect {
      try Chapter(file: "a.md", text: text)
    } throws: { ($0 as? ManuscriptError)?.line == line }
  }
}
