import LinearAlgebra

/// The elementwise activations that a network can be made of. A new one is a case here, its formula and a line
/// each in the two functions of ``ActivationKernels``.
public enum ActivationKind: String, Hashable, Sendable, Codable, CaseIterable {
  /// max(x, 0).
  case relu
  /// x above zero, x / 10 below.
  case leakyReLU
  case tanh
  /// 1 / (1 + e⁻ˣ).
  case sigmoid
  /// x above zero, eˣ − 1 below (Clevert et al. 2015, arXiv 1511.07289).
  case elu
  /// λx above zero, λα(eˣ − 1) below (Klambauer et al. 2017, arXiv 1706.02515).
  case selu
  /// x / (1 + e⁻ˣ) (Ramachandran et al. 2017, arXiv 1710.05941).
  case silu
  /// x · Φ(x), exact rather than by the approximation with tanh (Hendrycks and Gimpel 2016, arXiv 1606.08415).
  case gelu
  /// x, for linear networks.
  case identity

  /// A layer of this kind.
  ///
  /// - Parameter positions: rows a sample.
  public func makeLayer<Scalar: Real>(name: String, size: Int, positions: Int = 1) -> any Layer<Scalar> {
    switch self {
    case .relu: ReLU(name: name, size: size, positions: positions)
    default: Activation(name: name, kind: self, size: size, positions: positions)
    }
  }

  /// `norm_<number>`, unless there is no normalisation, and `act_<number>`, which rectifies in the same pass
  /// through memory where it can.
  func makeLayers<Scalar: Real>(
    number: Int, size: Int, positions: Int = 1, after normalization: Normalization, affine: Bool
  ) -> [any Layer<Scalar>] {
    let activation: any Layer<Scalar> = makeLayer(name: "act_\(number)", size: size, positions: positions)
    guard
      let norm: any NormalizationLayer<Scalar> = normalization.makeLayer(
        name: "norm_\(number)", size: size, positions: positions, affine: affine)
    else { return [activation] }
    norm.rectifier = activation as? ReLU<Scalar>
    return [norm, activation]
  }
}
