import Testing

@testable import Manuscript

@Suite struct ChapterTests {
  @Test func blocksAreFoundWithTheirLines() throws {
    let chapter = try Chapter(
      file: "a.md",
      text: """
        # Title
        ```swift
        let x = 1
        ```
        ```artifact fig-2.1
        { a: 1 }
        ```
        """)
    #expect(chapter.blocks.count == 1)
    #expect(chapter.blocks[0].id == "fig-2.1")
    #expect(chapter.blocks[0].fenceLine == 5)
    #expect(chapter.blocks[0].text == "{ a: 1 }")
  }

  @Test func aBlockWithoutEndIsAnErrorAtItsFence() {
    #expect(throws: ManuscriptError(file: "a.md", line: 2, message: "the block fig-1.1 has no closing ```")) {
      try Chapter(file: "a.md", text: "x\n```artifact fig-1.1\n{")
    }
  }

  @Test(arguments: ["", "2.1", "fig-2.1 b", "fig-2/1"]) func aBlockNeedsAName(_ name: String) {
    #expect(throws: ManuscriptError.self) {
      try Chapter(file: "a.md", text: "```artifact \(name)\n{}\n```")
    }
  }

  @Test func linesOfValuesAreFoundThroughCommentsAndQuotes() {
    let lines = BlockLines(
      """
      { // a comment with { and "
        first: "it's", /* two
        lines */ second: {
          "third key": [1,
            { deep: true },
          ],
        },
      }
      """)
    #expect(lines.line(of: ["first"]) == 1)
    #expect(lines.line(of: ["second"]) == 2)
    #expect(lines.line(of: ["second", "third key"]) == 3)
    #expect(lines.line(of: ["second", "third key", "1", "deep"]) == 4)
    #expect(lines.line(of: ["second", "unknown"]) == 2, "the nearest value around it")
  }
}
