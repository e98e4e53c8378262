import ContentStore
import Figures
import Foundation
import Mutations
import Report
import Testing

@testable import Manuscript

/// Promise: whatever stands in a block, it is planned or refused in one line that names file and line. What would end
/// the process ends these tests.
@Suite struct BlockFuzzTests {
  private let book: Book

  init() throws { book = try Book() }

  @Test func anArtifactIsPlannedOrRefused() throws {
    var accepted = 0
    let cases = FuzzCases.numbers(250)
    for number in cases {
      var mutator = Mutator(number)
      let blocks = try book.excerpt(by: &mutator)
      let profile = Profile.allCases[mutator.draw(below: Profile.allCases.count)]
      let wrong = mutator.draw(below: 3) > 0 ? 0 : mutator.draw(below: blocks.count)
      var text = ""
      for (index, (kind, block)) in blocks.enumerated() {
        let inside = try index == wrong ? mutated(block, by: &mutator) : block.text
        text += "```\(kind) \(block.id)\n\(inside)\n```\n"
      }
      let isAccepted = try FuzzCases.attempt(number, of: "block", text: text) {
        do {
          try plan(text, at: profile)
        } catch let error as ManuscriptError {
          #expect(error.file == "chapter.md" && error.line != nil, "block \(number): \(error)")
          throw error
        }
      }
      accepted += isAccepted ? 1 : 0
    }
    FuzzCases.expectBoth(accepted, of: cases.count)
  }

  @Test func aTableIsReadOrRefused() throws {
    let tables = book.chapters.flatMap { $0.tables + $0.proseTables }
    var accepted = 0
    let cases = FuzzCases.numbers(300)
    for number in cases {
      var mutator = Mutator(number)
      let table = tables[mutator.draw(below: tables.count)]
      let text = try mutated(table, by: &mutator)
      let block = ArtifactBlock(
        id: table.id, file: "chapter.md", fenceLine: 1, text: text, presets: table.presets)
      let isAccepted = try FuzzCases.attempt(number, of: "table", text: text) {
        do {
          if table.isTable {
            _ = try TableSpecification.Declared(block, profile: .quick).figures(among: ["fig-2.1"])
          } else {
            _ = try ProseTable.lines(of: block, profile: .quick)
          }
        } catch let error as ManuscriptError {
          #expect(error.line != nil, "table \(number): \(error)")
          throw error
        }
      }
      accepted += isAccepted ? 1 : 0
    }
    FuzzCases.expectBoth(accepted, of: cases.count)
  }

  private func mutated(_ block: ArtifactBlock, by mutator: inout Mutator) throws -> String {
    mutator.draw(below: 4) == 0 ? mutator.mutated(text: block.text) : mutator.mutated(try block.parsed())
  }

  /// As `weave tangle` does it.
  private func plan(_ text: String, at profile: Profile) throws {
    let chapter = try Chapter(file: "chapter.md", text: text)
    let plan = try Plan(chapters: [chapter], context: Book.context(profile))
    let graph = MakeGraph(plan, folder: "graph")
    #expect(!graph.text.contains("\u{0}"))
    for job in plan.jobs {
      let isOneLine = !job.job.title.contains { $0.isNewline }
      #expect(isOneLine)
      _ = try JSONEncoder().encode(job.job)
    }
  }
}
