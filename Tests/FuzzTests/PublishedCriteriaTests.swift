import Foundation
import Testing

@testable import Claims
@testable import Figures
@testable import Manuscript

/// The chapters of this repository and the paper's own curves.
@Suite struct PublishedCriteriaTests {
  @Test func everyPublishedPanelHasItsPlace() throws {
    let book = try Book()
    let folder = Book.repository + "/paper"
    let named = try book.chapters.flatMap(\.blocks).flatMap { block in
      try ArtifactSpecification(block, profile: .paper).panels.compactMap { panel in
        panel.published.map { $0.contains("/") ? $0 : "\(block.id)/\($0)" }
      }
    }
    let shelf = PublishedShelf(besideChapter: folder + "/x.md")
    let files = try FileManager.default.contentsOfDirectory(atPath: shelf.folder).filter {
      $0.hasSuffix(".csv")
    }
    #expect(files.count == 17)
    for figure in files.map({ String($0.dropLast(4)) }) {
      for panel in try shelf.figure(figure).keys.sorted() {
        #expect(named.contains("\(figure)/\(panel)"), "\(figure)/\(panel) is drawn nowhere")
      }
    }
  }

  /// A criterion that the paper's own curves do not meet is wrong, or a finding about the paper that the block states.
  @Test(arguments: Profile.allCases)
  func everyCriterionThatTheOriginalFailsIsExplained(profile: Profile) throws {
    let plan = try Book.plan(profile)
    var judged = 0
    for artifact in plan.artifacts {
      let published = try artifact.published()
      for claim in artifact.artifact.claims {
        let (value, holds) = try ClaimResult.judged(claim, ClaimExpression(claim.measure), on: published)
        guard let holds else { continue }
        judged += 1
        let place = "\(artifact.artifact.block.id) \(claim.id) (\(value ?? .nan))"
        #expect(
          holds == (claim.finding == nil),
          "\(place): \(holds ? "holds, against its finding" : "fails, unexplained")")
      }
    }
    #expect(judged > 100)
  }
}
