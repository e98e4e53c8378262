import Foundation
import Testing

/// Promise: the folder of figures is there from the beginning, and making figures leaves the checkout as it was.
@Suite struct FiguresFolderTests {
  @Test func aFreshCloneSaysWhatWillBeThere() throws {
    let page = try String(contentsOfFile: Workbench.repository + "/figures/ABOUT.md", encoding: .utf8)
    #expect(page.contains("README.md") && page.contains("make figures"))
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: Workbench.repository + "/.git")))
  func versionControlPassesOverWhatIsMade() throws {
    let made = ["README.md", "fig-2.1.pdf", "fig-2.1.claims.txt", "table-claims.csv"].map { "figures/" + $0 }
    let outcome = try Running(
      "/usr/bin/env", ["git", "-C", Workbench.repository, "check-ignore", "figures/ABOUT.md"] + made
    ).wait()
    #expect(outcome.text.split(separator: "\n").map(String.init) == made)
  }
}
