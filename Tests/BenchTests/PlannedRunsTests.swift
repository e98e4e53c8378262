import Figures
import Foundation
import NeuralNetwork
import PreparedImages
import Testing

@testable import Manuscript
@testable import bench

/// Promise: what the benchmark times is what the chapters' profiles run.
@Suite struct PlannedRunsTests {
  private static let chapters =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path + "/paper"

  @Test(arguments: Profile.allCases) func everyKindIsTakenFromThePlan(_ profile: Profile) throws {
    let planned = try PlannedRuns(chapters: Self.chapters, profile: profile)
    #expect(!planned.training.isEmpty && !planned.measuring.isEmpty)
    for runs in planned.training {
      #expect(runs.runs > 0 && runs.images > 0 && runs.operations > 0)
      let kind = try JSONDecoder().decode(RunKind.self, from: runs.kind.encoded())
      #expect(kind == runs.kind)
    }
    for measuring in planned.measuring {
      #expect(measuring.runs > 0 && measuring.snapshots > 0)
      let kind = try JSONDecoder().decode(MeasuringKind.self, from: measuring.kind.encoded())
      #expect(kind == measuring.kind)
    }
    #expect(Set(planned.training.map(\.kind.inWords)).count == planned.training.count)
    #expect(Set(planned.measuring.map(\.kind.inWords)).count == planned.measuring.count)
  }

  @Test func theQuickProfileHasSmallBatchesAndEveryRemedy() throws {
    let kinds = try PlannedRuns(chapters: Self.chapters, profile: .quick).training.map(\.kind)
    #expect(kinds.contains { $0.batchSize <= 16 })
    #expect(kinds.contains { $0.image.height == 8 })
    #expect(kinds.contains { $0.activeClasses < $0.classes })
    #expect(kinds.contains { $0.model.dropout > 0 })
    for remedy in RemedyRegistry.standard.names {
      #expect(kinds.contains { $0.optimizer.remedies.map(\.key).contains(remedy) }, "\(remedy)")
    }
  }

  @Test func kindsAreChosenByTheirWords() throws {
    let planned = try PlannedRuns(chapters: Self.chapters, profile: .quick)
    let chosen = planned.filtered(by: "mlp, gradient noise")
    #expect(!chosen.training.isEmpty && chosen.training.count < planned.training.count)
    #expect(chosen.training.allSatisfy { $0.kind.inWords.contains("MLP") })
    #expect(planned.filtered(by: "").training.count == planned.training.count)
  }
}
