import ContentStore
import ExperimentFamilies
import Figures
import Foundation
import ImageSources
import Mutations
import PreparedImages

@testable import Manuscript

/// The chapters of this repository and the tiny one, and what it takes to plan them without a build or a store.
struct Book {
  static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  let chapters: [Chapter]
  let tiny: Chapter

  init() throws {
    chapters = try Chapter.all(in: Self.repository + "/paper")
    tiny = try Chapter(file: "tiny.md", text: TinyBlocks.chapter)
  }

  /// An artifact's block, and with it those of families and presets that it refers to: of the tiny chapter, now and
  /// then of the others, where it takes long.
  func excerpt(by mutator: inout Mutator) throws -> [(kind: String, block: ArtifactBlock)] {
    let isTiny = mutator.draw(below: 16) > 0
    let chapters = isTiny ? [tiny] : chapters
    let artifacts = chapters.flatMap(\.blocks)
    let block = artifacts[mutator.draw(below: artifacts.count)]
    let artifact = try ArtifactSpecification(block, profile: .quick)
    let families = chapters.flatMap(\.families).filter { artifact.families.contains($0.id) }
    let presets = try families.reduce(Set(artifact.presets)) {
      $0.union(try ExpandedBlock.plain($1, profile: .quick).presets)
    }
    return [("artifact", block)] + families.map { ("family", $0) }
      + chapters.flatMap(\.presets).filter { presets.contains($0.id) }.map { ("presets", $0) }
  }

  /// What the chapters ask for at each profile, planned once for all tests.
  private static let plans = Result {
    let chapters = try Self().chapters
    return try Profile.allCases.map { try Plan(chapters: chapters, context: context($0)) }
  }

  static func plan(_ profile: Profile) throws -> Plan {
    try plans.get()[Profile.allCases.firstIndex(of: profile) ?? 0]
  }

  static func context(_ profile: Profile) -> PlanningContext {
    let modules = Stage.allCases.map(\.rawValue) + ExperimentRegistry.families.map(\.module)
    let digest = String(repeating: "c", count: 64)
    return PlanningContext(
      profile: profile, seeds: 1,
      fingerprints: Dictionary(uniqueKeysWithValues: Set(modules).map { ($0, digest) }),
      environment: ["compiler": "c"],
      dataSource: { set in
        let description = try DataSetDescription.named(set)
        return PlannedDataSource(
          digest: digest, isSynthetic: true, officialTitle: description.title, shape: description.shape,
          classes: description.classCount, trainingImages: description.trainingCount)
      }, preparedContents: { _ in digest })
  }
}
