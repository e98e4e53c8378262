import LinearAlgebra

/// A layer that is convolutions with what belongs to them, one after the other, skips aside.
protocol ConvolutionSequence<Scalar>: Layer {
  /// From the input to the output.
  var mainPath: [ConvolutionUnit<Scalar>] { get }
}

extension Stem: ConvolutionSequence {}
extension ResidualBlock: ConvolutionSequence {}

/// A linear layer or a convolution on a network's way from the input to the output, as continual backpropagation sees
/// it.
struct WeightedStage<Scalar: Real> {
  let name: String
  /// The place among the network's layers of the one that it is, or is inside.
  let index: Int
  /// Weight and, if there is one, bias.
  let parameters: [Parameter<Scalar>]
  /// Where it is inside a layer: the normalisation behind it there.
  let normalization: (any NormalizationLayer<Scalar>)?
  /// Where it is inside a layer: what came out of it in the last pass, normalised and rectified.
  let features: (() -> Matrix<Scalar>)?

  /// The stages of `network`, in order.
  ///
  /// - Throws: ``ContinualBackpropagationError/unsupportedLayer(name:)`` for weights of another kind.
  static func all(in network: Network<Scalar>) throws -> [WeightedStage] {
    try network.layers.enumerated().flatMap { index, layer -> [WeightedStage] in
      if layer is Linear<Scalar> || layer is Convolution<Scalar> {
        return [
          WeightedStage(
            name: layer.name, index: index, parameters: layer.parameters, normalization: nil, features: nil)
        ]
      }
      if let sequence = layer as? any ConvolutionSequence<Scalar> {
        return sequence.mainPath.map { unit in
          WeightedStage(
            name: unit.convolution.name, index: index, parameters: unit.convolution.parameters,
            normalization: unit.normalization, features: { [unowned unit] in unit.lastOutput })
        }
      }
      guard layer.parameters.isEmpty || layer is any NormalizationLayer<Scalar> else {
        throw ContinualBackpropagationError.unsupportedLayer(name: layer.name)
      }
      return []
    }
  }
}
