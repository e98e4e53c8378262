import Foundation
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

  @Test(arguments: ["\r\n", "\r"]) func lineEndsOfOtherSystemsAreLineEnds(_ end: String) throws {
    let text = "\u{FEFF}# Title\n\n```artifact fig-2.1\n{ a: 1 }\n```\n"
    let chapter = try Chapter(file: "a.md", text: text.replacing("\n", with: end))
    #expect(chapter.blocks.map(\.id) == ["fig-2.1"])
    #expect(chapter.blocks.first?.text == "{ a: 1 }")
    #expect(chapter.blocks.first?.fenceLine == 3)
    #expect(chapter.text.hasPrefix("# Title\n"))
  }

  /// A chapter whose block would vanish, with its artifact, if nobody said so.
  @Test(arguments: [
    ("``` artifact fig-2.1\n{}\n```", 1), ("~~~artifact fig-2.1\n{}\n~~~", 1),
    ("````artifact fig-2.1\n{}\n````", 1), ("```Artifact fig-2.1\n{}\n```", 1),
    ("```{.artifact} fig-2.1\n{}\n```", 1), ("```artefact fig-2.1\n{}\n```", 1),
    ("> ```artifact fig-2.1\n> {}\n> ```", 1), ("x\n- ```artifact fig-2.1\n{}\n```", 2),
    ("1. ```family a\n{}\n```", 1), ("\u{2060}```artifact fig-2.1\n{}\n```", 1),
    ("```sh\nls\n\n```artifact fig-2.1\n{}\n```", 4), ("```sh\nls\n", 1), ("x\n~~~\nls\n```\n", 2),
    ("```artifact\tfig-2.1 x\n{}\n```", 1),
  ])
  func whatIsNearlyABlockIsAnErrorWithItsLine(_ text: String, line: Int) {
    do {
      let chapter = try Chapter(file: "a.md", text: text)
      Issue.record("taken as \(chapter.blocks.count) blocks: \(text)")
    } catch let error as ManuscriptError {
      #expect(error.line == line, "\(error)")
      #expect(!error.message.contains("\n"))
    } catch {
      Issue.record(error)
    }
  }

  @Test func examplesOfBlocksAreNone() throws {
    let chapter = try Chapter(
      file: "a.md",
      text: """
        A block opens with ```artifact and a name.
        ````
        ```artifact fig-1.1
        {}
        ```
        ````
        ~~~markdown
        ```artifact fig-1.2
        ~~~
        ```artifact fig-1.3
        {}
        ```
        """)
    #expect(chapter.blocks.map(\.id) == ["fig-1.3"])
  }

  @Test func onlyChaptersThatAreMeantAreRead() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/chapters-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    func write(_ text: String, _ name: String) throws {
      try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }
    try write("```artifact fig-1.1\n{}\n```", "a.md")
    // An editor's lock leads nowhere, and other systems leave copies of their own.
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/.#a.md", withDestinationPath: "somebody@machine")
    try write("```artifact fig-1.1\n{}\n```", "._a.md")
    try write("```artifact fig-1.1\n{}\n```", "a.md~")
    try write("Not a chapter", "notes.markdown")
    #expect(try Chapter.all(in: folder).flatMap(\.blocks).map(\.id) == ["fig-1.1"])
    try write("```artifact fig-1.2\n{}\n```", "b.MD")
    #expect(throws: ManuscriptError.self) { try Chapter.all(in: folder) }
    try FileManager.default.removeItem(atPath: folder + "/b.MD")
    try #require("```artifact fig-1.2\n{}\n```".data(using: .utf16)).write(
      to: URL(fileURLWithPath: folder + "/b.md"))
    #expect(throws: ManuscriptError(file: folder + "/b.md", message: "is not in UTF-8; save it so")) {
      try Chapter.all(in: folder)
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
