import LinearAlgebra

/// How hidden layers are normalised.
public enum Normalization: String, Hashable, Sendable, Codable, CaseIterable {
  case none
  /// Over the batch (and pixels), feature by feature: ``BatchNormalization``.
  case batch
  /// Over the features (and pixels) of each sample: ``GroupNormalization``.
  case layer

  /// The layer, or nil for none.
  ///
  /// - Parameters:
  ///   - positions: rows a sample.
  ///   - affine: whether scale and shift of each feature are trained.
  func makeLayer<Scalar: Real>(
    name: String, size: Int, positions: Int = 1, affine: Bool
  ) -> (any NormalizationLayer<Scalar>)? {
    switch self {
    case .none: nil
    case .batch:
      BatchNormalization<Scalar>(name: name, size: size, positions: positions, affine: affine)
    case .layer:
      GroupNormalization<Scalar>(name: name, size: size, positions: positions, affine: affine)
    }
  }
}

/// A normalisation that can do the work of the sum and the rectifier behind it in the same pass through memory.
protocol NormalizationLayer<Scalar>: Layer {
  /// The rectifier behind this layer. It has nothing left to do unless the gradients of all layers are to stay:
  /// then the two work one after the other, to the same bits.
  var rectifier: ReLU<Scalar>? { get set }

  /// As ``Layer/forward(_:in:)``, plus `addend` (of the output's shape), rectified on request.
  func forward(
    _ input: Matrix<Scalar>, adding addend: Matrix<Scalar>?, isRectified: Bool, in context: StepContext
  ) -> Matrix<Scalar>

  /// As ``Layer/backward(_:inputGradient:)`` after a forward pass of the same kind.
  ///
  /// - Parameter kept: receives the gradient of the sum in front of the rectifier, that of the addend: given if,
  ///   and only if, there was one and it was rectified. The output gradient may be overwritten all the same.
  func backward(
    _ outputGradient: Matrix<Scalar>, isRectified: Bool, keepingIn kept: Matrix<Scalar>?, inputGradient: Bool
  ) -> Matrix<Scalar>?
}

extension NormalizationLayer {
  /// What the kernels need to know of a rectifier.
  func rectifier(
    isRectified: Bool, from start: Int, output: Matrix<Scalar>, kept: Matrix<Scalar>?
  ) -> NormalizationKernels.Rectifier<Scalar> {
    guard let kept else { return isRectified ? .behindResult : .absent }
    enforce(isRectified, "a gradient is kept in front of a rectifier")
    return .behindSum(output: output.elements + start, kept: kept.elements + start)
  }
}
