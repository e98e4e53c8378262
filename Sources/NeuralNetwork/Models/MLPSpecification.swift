import LinearAlgebra

/// The shape of a multilayer perceptron: hidden blocks of linear, normalisation, activation, dropout, then a
/// linear output layer.
public struct MLPSpecification: Hashable, Sendable, Codable {
  public typealias Normalization = NeuralNetwork.Normalization

  public var inputSize: Int
  public var hiddenSizes: [Int]
  public var classes: Int
  public var normalization: Normalization
  /// Whether normalisations have trained scales and shifts.
  public var affine: Bool
  public var activation: ActivationKind
  /// The probability of dropout after each activation, in [0, 1).
  public var dropout: Double

  public init(
    inputSize: Int, hiddenSizes: [Int], classes: Int, normalization: Normalization = .none,
    affine: Bool = true, activation: ActivationKind = .relu, dropout: Double = 0
  ) {
    self.inputSize = inputSize
    self.hiddenSizes = hiddenSizes
    self.classes = classes
    self.normalization = normalization
    self.affine = affine
    self.activation = activation
    self.dropout = dropout
  }

  /// The layers of a network of this shape: `linear_1`, `norm_1`, `act_1`, `dropout_1`, …, `out`. Layers
  /// of normalisation and dropout that do nothing are left out.
  public func makeLayers<Scalar: Real>(of type: Scalar.Type) -> [any Layer<Scalar>] {
    var layers: [any Layer<Scalar>] = []
    var width = inputSize
    for (index, size) in hiddenSizes.enumerated() {
      let number = index + 1
      layers.append(Linear(name: "linear_\(number)", inputSize: width, outputSize: size))
      layers += activation.makeLayers(
        number: number, size: size, after: normalization, affine: affine)
      if dropout > 0 {
        layers.append(Dropout(name: "dropout_\(number)", size: size, probability: dropout))
      }
      width = size
    }
    layers.append(Linear(name: "out", inputSize: width, outputSize: classes))
    return layers
  }

  /// The same shape with hidden layers `factor` times as wide.
  public func cloned(by factor: Int) -> MLPSpecification {
    var wider = self
    wider.hiddenSizes = hiddenSizes.map { $0 * factor }
    return wider
  }
}
