import Manuscript
import Testing

@testable import Report

@Suite struct ProseTableTests {
  private static let block = """
    ```table lasts
    {
      columns: ["run", "last", ""],
      rows: [
        { each: [["clone", 12], ["clone", "x"]], of: [["{key}, {label}", "{{fig-2.1: final(r2.{key}) as 0.00}} → {{fig-2.1@standard: final(r2.{key}) as 0.0}}", "{label}"]] },
        ["", 0.5, ""],
      ],
    }
    ```
    """

  private func lines(_ text: String) throws -> [String] {
    let chapter = try Chapter(file: "t.md", text: text)
    return try ProseTable.lines(of: chapter.proseTables[0], profile: .quick)
  }

  @Test func aTemplateMakesTheRowsOfAMarkdownTable() throws {
    let cell = "{{fig-2.1: final(r2.clone) as 0.00}} → {{fig-2.1@standard: final(r2.clone) as 0.0}}"
    #expect(
      try lines(Self.block) == [
        "| run | last | |", "|---|---|---|", "| clone, 12 | \(cell) | 12 |", "| clone, x | \(cell) | x |",
        "| | 0.5 | |",
      ])
  }

  @Test func itsQuotationsAreWovenInPlace() throws {
    let samples = try Samples()
    let edition = try samples.edition("Before.\n\n\(Self.block)\n\nAfter.")
    let woven = try ChapterWeaver(edition: edition, language: PlainLanguage()).weave(edition.chapters[0])
    #expect(woven.contains("| run | last | |\n|---|---|---|\n| clone, 12 | 0.75 → 0.5 | 12 |\n"))
    #expect(!woven.contains("```table"))
  }

  @Test func aQuotationOfNothingNamesTheBlock() throws {
    let samples = try Samples()
    let edition = try samples.edition(Self.block.replacing("r2.{key}", with: "r2.{label}"))
    let error = #expect(throws: ManuscriptError.self) {
      try ChapterWeaver(edition: edition, language: PlainLanguage()).weave(edition.chapters[0])
    }
    #expect(error?.line == 3)
    #expect(error?.message.contains("lasts: fig-2.1 draws no 'r2.") == true)
  }

  @Test func rowsHaveACellForEachColumn() throws {
    let error = #expect(throws: ManuscriptError.self) {
      try lines("```table t\n{ columns: [\"a\", \"b\"], rows: [[1, 2], [1]] }\n```")
    }
    #expect(error?.message == "t: rows[1] has 1 cells for 2 columns")
  }
}
