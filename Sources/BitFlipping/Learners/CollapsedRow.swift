/// The vectors of sixteen hidden units in a ``CollapsedLearner``, by their place in the chunk; those of the random
/// bits come last.
enum CollapsedRow {
  /// What the inputs that do not change in this task brought to the units when it began.
  static let base = 0
  /// The sum of the updates since then, the same for each of these inputs.
  static let drift = 1
  /// Output weights.
  static let output = 2
  /// Continual backpropagation: mean activation, utility, ηᵃ with a the age, and what the inputs that are 0
  /// throughout this task add to Σ|w_in|.
  static let activation = 3
  static let utility = 4
  static let decayed = 5
  static let constantMagnitude = 6
  static let random = 7
}
