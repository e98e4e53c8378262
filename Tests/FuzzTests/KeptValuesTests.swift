import Foundation
import Testing

@testable import Claims
@testable import Figures
@testable import Manuscript

/// The records of this repository: what they say of claims follows from the values of each seed that are kept with them.
@Suite struct KeptValuesTests {
  @Test(arguments: [Profile.quick, .standard])
  func claimsFollowFromCurves(profile: Profile) throws {
    let folder = Book.repository + "/paper/records/\(profile)"
    let plan = try Book.plan(profile)
    var compared = 0
    for artifact in plan.artifacts {
      let id = artifact.artifact.block.id
      guard FileManager.default.fileExists(atPath: "\(folder)/\(id).json") else { continue }
      let record = try FigureRecord(contentsOf: "\(folder)/\(id).json")
      let data = try FigureData(
        panels: artifact.artifact.panels, seeds: record.seeds, kept: "\(folder)/\(id).csv")
      // Some older records have no values of seeds.
      guard data.tellsSeeds else { continue }
      let drawn = Set(data.curves.map(\.name))
      for claim in artifact.artifact.claims {
        let expression = try ClaimExpression(claim.measure)
        guard expression.curves.allSatisfy(drawn.contains) else { continue }
        let kept = try ClaimResult(claim, kept: record, profile: profile)
        // A criterion that is newer than the record has no value there to compare.
        guard kept.measured != nil else { continue }
        let follows = try ClaimResult(claim, data: data, profile: profile)
        #expect(kept.perSeed == follows.perSeed, "\(id) at \(profile): \(claim.id)")
        #expect(kept.verdict == follows.verdict, "\(id) at \(profile): \(claim.id)")
        compared += 1
      }
    }
    #expect(compared > 100)
  }
}
