import LinearAlgebra
import NeuralNetwork

/// What the loss does in directions normal to the cloning manifold at a clone (paper, definition A.2).
///
/// For a chain of linear layers, rectifiers and normalisation with running statistics, the answer is known in
/// kind: a saddle, or flat. Three facts make it so, wherever no rectifier stands at its kink.
///
/// - Every logit is unchanged when a unit's copies change places, so its gradient is tangent: along normal
///   directions the logits do not change to first order, and the Hessian is the sum over samples and classes of
///   (probability − target) times the Hessian of the logit.
/// - Every logit is affine in each tensor alone, so that Hessian is zero on each tensor's own directions.
/// - The normal space is the sum of the tensors' normal spaces. So the normal Hessian has trace zero: unless it
///   vanishes, it has eigenvalues of both signs.
///
/// Without normalisation its only couplings are between what enters a unit's copies (weights, bias) and what
/// leaves them, so its spectrum is also symmetric about zero; see ``UnitSplitting``. What remains to be
/// measured is how fast the manifold is left, and how that compares with the curvature along it.
public struct StabilityReport: Hashable, Sendable {
  public enum Classification: String, Hashable, Sendable, CaseIterable, Codable {
    /// No negative eigenvalue and a positive one: small perturbations return, or at least do not grow.
    case stable
    /// No positive eigenvalue and a negative one: perturbations grow.
    case unstable
    /// Both signs: it depends on the direction.
    case saddle
    /// No eigenvalue apart from zero, or no normal directions: the second order does not decide.
    case flat

    /// - Parameters:
    ///   - smallest, largest: the ends of the spectrum in the normal space.
    ///   - negligible: the absolute value up to which an eigenvalue counts as zero; at least 0.
    public init(smallest: Double, largest: Double, negligible: Double) {
      switch (smallest < -negligible, largest > negligible) {
      case (false, true): self = .stable
      case (true, false): self = .unstable
      case (true, true): self = .saddle
      case (false, false): self = .flat
      }
    }
  }

  /// The number of parameters in the normal and in the tangent space.
  public let normalDimension: Int
  public let tangentDimension: Int
  /// The ends of the spectrum in the normal space; nil if its dimension is 0 (a factor of 1).
  public let normal: ExtremeEigenvalues?
  /// The ends of the spectrum in the tangent space: the base network's own curvature.
  public let tangent: ExtremeEigenvalues
  /// The mean cross-entropy on the batch.
  public let loss: Double
  /// The norm of its gradient, which at a point of the manifold is tangent.
  public let gradientNorm: Double
  /// ‖normal part of θ‖ / ‖θ‖: 0 at a point of the manifold, where alone the definition applies.
  public let distanceFromManifold: Double
  /// The absolute value up to which an eigenvalue counts as zero, relative to the largest of either space.
  public let tolerance: Double
  /// Hessian products in both spaces, the gradients that they took, and how many of them no step could keep
  /// clear of the rectifiers' kinks.
  public let products: Int
  public let gradients: Int
  public let productsAcrossKinks: Int

  /// The report for `network`, a clone that repeats its base as `expansion` says, on `batch`, in evaluation mode. Its parameters are the same
  /// bit for bit afterwards; its gradients and activations are overwritten.
  ///
  /// - Parameters:
  ///   - tolerance: the part of the largest absolute eigenvalue of either space up to which an eigenvalue
  ///     counts as zero; differences of gradients leave about 10⁻⁸ of it.
  ///   - lanczos: the iteration's tolerance, limit and seed.
  /// - Throws: ``LanczosError`` if the loss or its gradient is not finite. An iteration that has not converged is no error: see
  ///   ``ExtremeEigenvalues/isConverged``.
  public init(
    of network: Network<Double>, expansion: NetworkExpansion, batch: Batch<Double>, tolerance: Double = 1e-6,
    lanczos: Lanczos = Lanczos()
  ) throws {
    enforce(tolerance >= 0, "a tolerance of at least zero")
    let projection = ManifoldProjection(of: network, expansion: expansion)
    let hessian = HessianOperator(of: network, batch: batch)
    func extremes(in space: ManifoldProjection.Space) throws -> ExtremeEigenvalues {
      try lanczos.extremes(
        length: hessian.count, dimension: projection.dimension(of: space),
        project: { projection.project($0, onto: space) },
        apply: { hessian.apply(to: $0, into: $1) })
    }
    normalDimension = projection.normalDimension
    tangentDimension = projection.tangentDimension
    normal = normalDimension > 0 ? try extremes(in: .normal) : nil
    tangent = try extremes(in: .tangent)
    loss = hessian.loss
    gradientNorm = hessian.gradient.norm
    distanceFromManifold =
      projection.distance(of: network.values) / max(network.values.norm, .leastNormalMagnitude)
    self.tolerance = tolerance
    products = hessian.products
    gradients = hessian.gradients
    productsAcrossKinks = hessian.productsAcrossKinks
  }

  /// By definition A.2, with eigenvalues up to `tolerance` × the largest of either space taken for zero.
  public var classification: Classification {
    guard let normal else { return .flat }
    return Classification(
      smallest: normal.smallest, largest: normal.largest,
      negligible: tolerance * max(normal.radius, tangent.radius))
  }

  /// The largest absolute eigenvalue in the normal space over that in the tangent space; nil if the latter is 0.
  public var normalToTangentRatio: Double? {
    tangent.radius > 0 ? (normal?.radius ?? 0) / tangent.radius : nil
  }

  /// Whether both iterations converged.
  public var isConverged: Bool { (normal?.isConverged ?? true) && tangent.isConverged }
}
