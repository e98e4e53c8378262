/// How much of a network's passes can be read afterwards. More takes more memory and time.
public enum Retention: Sendable {
  /// What training needs: layers may do the work of the next one (a normalisation's output may be rectified
  /// already), and gradients share a few places.
  case nothing
  /// Every layer's output; gradients share a few places, and can be read while they are there
  /// (``Network/backward(_:visit:)``).
  case outputs
  /// Every layer's output and the gradient with respect to it.
  case outputsAndGradients
}
