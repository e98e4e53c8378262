import BitFlipping
import Experiments
import ImageStretching
import LabelRules
import ManifoldStability
import PlanarTasks
import RankTheory
import StretchingFields
import UnconstrainedFeatures

/// The families that `compute` can run and blocks can name.
public enum ExperimentRegistry {
  /// A line each.
  public static let families: [any ExperimentFamily] = [
    BitFlippingFamily(),
    StabilityFamily(),
    ImageStretchingFamily(),
    PlanarFamily(),
    FieldFamily(),
    RuleFamily(),
    TheoryFamily(),
    FeatureFamily(),
  ]

  /// The family that blocks name so, nil if there is none.
  public static func family(named name: String) -> (any ExperimentFamily)? {
    families.first { $0.name == name }
  }
}
