/// Which tokens of each sample are read of what a layer computes.
///
/// A classifier with a class token reads the first token of the last block alone. In training that block therefore
/// leaves out what serves the other tokens' outputs only, and what follows has one row a sample. Nothing else
/// changes: gradients are those of the full computation, where the others are zero, and dropout draws the same masks.
public enum TokensRead: Hashable, Sendable {
  case all
  /// The first token in training; all tokens in evaluation and probing, for those who measure layers.
  ///
  /// Precondition: what follows computes each row by itself, as batch normalisation does not.
  case firstInTraining

  /// Whether a pass is about the first token of each sample alone.
  func isFirstAlone(in context: StepContext) -> Bool { self == .firstInTraining && context.mode == .training }
}
