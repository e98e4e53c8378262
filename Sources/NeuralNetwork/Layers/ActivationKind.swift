import Activations
import LinearAlgebra
import Specifications

/// The activations that a block can ask for by name. A new one is one file, a formula, and one line here.
public enum ActivationRegistry {
  public static let standard = Registry<ActivationKind>(
    [.relu, .leakyReLU, .tanh, .sigmoid, .elu, .selu, .silu, .gelu, .linear], name: { $0.name })
}

extension CodingUserInfoKey {
  /// A `Registry<ActivationKind>` for decoders that are to know more than ``ActivationRegistry/standard``.
  public static let activations = named("activations")
}

/// An elementwise activation that a network can be made of.
public struct ActivationKind: Hashable, Sendable, Codable {
  /// max(x, 0).
  public static let relu = ActivationKind(Rectifier.self)
  /// x above zero, x / 10 below.
  public static let leakyReLU = ActivationKind(LeakyRectifier.self)
  public static let tanh = ActivationKind(HyperbolicTangent.self)
  /// 1 / (1 + e⁻ˣ).
  public static let sigmoid = ActivationKind(Logistic.self)
  /// x above zero, eˣ − 1 below.
  public static let elu = ActivationKind(ExponentialLinear.self)
  /// λx above zero, λα(eˣ − 1) below.
  public static let selu = ActivationKind(ScaledExponentialLinear.self)
  /// x / (1 + e⁻ˣ).
  public static let silu = ActivationKind(LogisticLinear.self)
  /// x · Φ(x), exact rather than by the approximation with tanh.
  public static let gelu = ActivationKind(GaussianLinear.self)
  /// x, for linear networks.
  public static let linear = ActivationKind(Identity.self)

  public let formula: any ActivationFormula.Type

  public init(_ formula: any ActivationFormula.Type) { self.formula = formula }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    let registry = decoder.registry(.activations, else: ActivationRegistry.standard)
    guard let kind = registry[name] else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: unknownName(name, known: registry.names))
    }
    self = kind
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }

  public static func == (left: ActivationKind, right: ActivationKind) -> Bool {
    left.formula == right.formula
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(formula)) }

  /// Its name in chapters, `leakyReLU`.
  public var name: String { formula.definition.name }

  /// What tables add to the sizes of a network that has other activations than the paper's.
  var addition: String { self == .relu ? "" : ", \(formula.definition.label)" }

  /// A layer of this kind.
  ///
  /// - Parameter positions: rows a sample.
  public func makeLayer<Scalar: Real>(name: String, size: Int, positions: Int = 1) -> any Layer<Scalar> {
    if self == .relu { return ReLU(name: name, size: size, positions: positions) }
    return ActivationLayer(name: name, kind: self, size: size, positions: positions)
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
