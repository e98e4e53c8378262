import LinearAlgebra

/// The shape of a multilayer perceptron: hidden blocks of linear, normalisation, ReLU, dropout, then a linear
/// output layer.
public struct MLPSpecification: Hashable, Sendable, Codable {
  public enum Normalization: String, Hashable, Sendable, Codable, CaseIterable {
    case none
    case batch
  }

  public var inputSize: Int
  public var hiddenSizes: [Int]
  public var classes: Int
  public var normalization: Normalization
  /// The probability of dropout after each activation, in [0, 1).
  public var dropout: Double

  public init(
    inputSize: Int, hiddenSizes: [Int], classes: Int, normalization: Normalization = .none,
    dropout: Double = 0
  ) {
    self.inputSize = inputSize
    self.hiddenSizes = hiddenSizes
    self.classes = classes
    self.normalization = normalization
    self.dropout = dropout
  }

  /// A network of this shape, not yet initialised: `linear_1`, `norm_1`, `act_1`, `dropout_1`, …, `out`. Layers
  /// of normalisation and dropout that do nothing are left out.
  public func makeNetwork<Scalar: Real>(of type: Scalar.Type) -> Network<Scalar> {
    var layers: [any Layer<Scalar>] = []
    var width = inputSize
    for (index, size) in hiddenSizes.enumerated() {
      let number = index + 1
      layers.append(Linear(name: "linear_\(number)", inputSize: width, outputSize: size))
      switch normalization {
      case .none: break
      case .batch: layers.append(BatchNormalization(name: "norm_\(number)", size: size))
      }
      layers.append(ReLU(name: "act_\(number)", size: size))
      if dropout > 0 {
        layers.append(Dropout(name: "dropout_\(number)", size: size, probability: dropout))
      }
      width = size
    }
    layers.append(Linear(name: "out", inputSize: width, outputSize: classes))
    return Network(layers: layers)
  }

  /// The same shape with hidden layers `factor` times as wide.
  public func cloned(by factor: Int) -> MLPSpecification {
    var wider = self
    wider.hiddenSizes = hiddenSizes.map { $0 * factor }
    return wider
  }
}
