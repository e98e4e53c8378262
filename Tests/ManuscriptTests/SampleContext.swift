import ExperimentFamilies
import PreparedImages

@testable import Figures
@testable import Manuscript

extension PlanningContext {
  /// A context without a build or a store: every module has the same fingerprint, images are those of the stand-in.
  static func sample(
    profile: Profile = .quick, contents: String? = String(repeating: "c", count: 64)
  ) -> PlanningContext {
    let modules = Stage.allCases.map(\.rawValue) + ExperimentRegistry.families.map(\.module)
    return PlanningContext(
      profile: profile, seeds: nil,
      fingerprints: Dictionary(uniqueKeysWithValues: Set(modules).map { ($0, "f") }),
      environment: ["compiler": "c"],
      dataSource: { _ in
        PlannedDataSource(
          digest: "d", isSynthetic: true, officialTitle: "CIFAR-10",
          shape: ImageShape(channels: 3, height: 32, width: 32), classes: 10, trainingImages: 1_000)
      }, preparedContents: { _ in contents })
  }
}
