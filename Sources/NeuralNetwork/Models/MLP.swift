import LinearAlgebra
import Specifications

/// A multilayer perceptron: hidden blocks of linear, normalisation, activation, dropout, then a linear output layer.
public struct MLP: NormalizedModel {
  public static let architecture = "mlp"
  public static let name = "MLP"
  public static let hasReplaceableUnits = true
  public static let hasWeightsForEachInput = true

  public var hiddenSizes: [Int]
  public var normalization: Normalization
  public var affine: Bool
  public var activation: ActivationKind
  /// The probability of dropout after each activation, in [0, 1).
  public var dropout: Double

  public enum CodingKeys: String, CodingKey, CaseIterable {
    case hiddenSizes, normalization, affine, activation, dropout
  }

  public init(
    hiddenSizes: [Int], normalization: Normalization = .none, affine: Bool = true,
    activation: ActivationKind = .relu, dropout: Double = 0
  ) {
    self.hiddenSizes = hiddenSizes
    self.normalization = normalization
    self.affine = affine
    self.activation = activation
    self.dropout = dropout
  }

  public init(from decoder: any Decoder) throws {
    let block = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      hiddenSizes: try block.decode([Int].self, forKey: .hiddenSizes),
      normalization: try block.decodeCase(of: Normalization.self, forKey: .normalization),
      affine: try block.decodeIfPresent(Bool.self, forKey: .affine) ?? true,
      activation: try block.decodeIfPresent(ActivationKind.self, forKey: .activation) ?? .relu,
      dropout: try block.decode(Double.self, forKey: .dropout))
  }

  public var linearWidths: [Int] { hiddenSizes }
  public var sizesInWords: String { hiddenSizes.sizesInWords + activation.addition }

  public func validate() throws(SpecificationProblem) {
    try requireSizes(hiddenSizes, count: 1...64, "hiddenSizes")
  }

  public func widened(by factor: Int) -> MLP {
    var wide = self
    wide.hiddenSizes = hiddenSizes.widened(by: factor)
    return wide
  }

  public func narrowed(by factor: Int) -> MLP? {
    guard let sizes = hiddenSizes.narrowed(by: factor) else { return nil }
    var narrow = self
    narrow.hiddenSizes = sizes
    return narrow
  }

  /// The layers: `linear_1`, `norm_1`, `act_1`, `dropout_1`, …, `out`. Layers of normalisation and dropout that do
  /// nothing are left out.
  public func makeLayers<Scalar: Real>(
    of type: Scalar.Type, for input: InputShape, classes: Int
  ) -> [any Layer<Scalar>] {
    var layers: [any Layer<Scalar>] = []
    var width = input.count
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

  public func multiplications(for input: InputShape, classes: Int) -> (first: Int, rest: Int) {
    let widths = [input.count] + hiddenSizes + [classes]
    let products = zip(widths, widths.dropFirst()).map { $0 * $1 }
    return (products[0], products.dropFirst().reduce(0, +))
  }
}
