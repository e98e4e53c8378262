import LinearAlgebra
import Specifications

/// A kind of network: what the `model` object of a chapter's block says of it, and how its layers are made for inputs
/// of any shape. What a block leaves out is the paper's.
///
/// A new kind is a type that conforms and a line in ``ModelRegistry``.
public protocol Model: Codable, Hashable, Sendable {
  /// The keys of a block that belong to it, besides `architecture`.
  associatedtype CodingKeys: CodingKey & CaseIterable

  /// Its name in a block, `cnn`.
  static var architecture: String { get }
  /// Its name in tables, `CNN`.
  static var name: String { get }
  /// Whether all its weights are linear layers and convolutions in a row, skips aside, so that their units can be
  /// replaced one by one.
  static var hasReplaceableUnits: Bool { get }
  /// Whether every number of an input has weights of its own in the first layer.
  static var hasWeightsForEachInput: Bool { get }

  /// Dropout probability, in [0, 1).
  var dropout: Double { get set }
  /// Widths of the hidden linear layers, whose measurement is what takes long.
  var linearWidths: [Int] { get }
  /// Whether ``widened(by:)`` describes networks that can compute what this one's compute.
  var isClonedExactly: Bool { get }
  /// Such as `5 × 128`.
  var sizesInWords: String { get }
  /// Such as `batch without affine`.
  var normalizationInWords: String { get }

  /// This model with what a later phase of training may have otherwise, as `later` has it: its dropout.
  func continued(as later: Self) -> Self

  /// Rejects what no network can be built from, naming the key.
  func validate() throws(SpecificationProblem)
  /// Rejects what is too small for inputs of a shape, or does not divide them.
  func validate(for input: InputShape) throws(SpecificationProblem)

  /// The same model with `factor` times as many units everywhere between input and output. What would overflow stays
  /// too large to be valid.
  func widened(by factor: Int) -> Self
  /// The model that this one is by `factor` wider than; nil if a width is no multiple of it.
  func narrowed(by factor: Int) -> Self?

  /// The layers of a network for inputs of a shape. They have no memory.
  ///
  /// Precondition: the model is valid for inputs of that shape.
  func makeLayers<Scalar: Real>(
    of type: Scalar.Type, for input: InputShape, classes: Int
  ) -> [any Layer<Scalar>]

  /// As ``NetworkSpecification/multiplications``.
  func multiplications(for input: InputShape, classes: Int) -> (first: Int, rest: Int)
}

extension Model {
  public static var hasReplaceableUnits: Bool { false }
  public static var hasWeightsForEachInput: Bool { false }
  public var linearWidths: [Int] { [] }
  public var isClonedExactly: Bool { true }
  public var normalizationInWords: String { Normalization.none.rawValue }
  public func validate(for input: InputShape) throws(SpecificationProblem) {}

  public func continued(as later: Self) -> Self {
    var model = self
    model.dropout = later.dropout
    return model
  }

  /// The keys of a block that belong to it.
  static var keys: Set<String> { Set(CodingKeys.allCases.map(\.stringValue)) }

  /// The description of this model's networks for inputs of a shape.
  public func shaped(for input: InputShape, classes: Int) -> ShapedModel<Self> {
    ShapedModel(self, input: input, classes: classes)
  }

  /// The same, of any kind.
  func network(for input: InputShape, classes: Int) -> any NetworkSpecification {
    shaped(for: input, classes: classes)
  }
}

/// A model whose hidden layers can be normalised.
public protocol NormalizedModel: Model {
  var normalization: Normalization { get set }
  /// Whether normalisation has trained scales and shifts.
  var affine: Bool { get set }
}

extension NormalizedModel {
  public var normalizationInWords: String {
    normalization.rawValue + (affine ? "" : " without affine")
  }
}

/// Rejects lists of sizes that are too short, too long or out of range.
func requireSizes(
  _ sizes: [Int], count: ClosedRange<Int> = 1...1, _ key: String
) throws(SpecificationProblem) {
  guard count.contains(sizes.count), sizes.allSatisfy({ (1...65_536).contains($0) }) else {
    throw SpecificationProblem(
      key, "needs \(count.upperBound == 1 ? "one number" : "one or more numbers") between 1 and 65536")
  }
}

extension Int {
  /// The product, or the largest number if it is larger.
  func widened(by factor: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: factor)
    return overflow ? .max : product
  }

  /// The quotient, or nil if there is a rest.
  func narrowed(by factor: Int) -> Int? { self % factor == 0 ? self / factor : nil }
}

extension [Int] {
  func widened(by factor: Int) -> [Int] { map { $0.widened(by: factor) } }

  func narrowed(by factor: Int) -> [Int]? {
    let narrow = compactMap { $0.narrowed(by: factor) }
    return narrow.count == count ? narrow : nil
  }

  /// Such as `5 × 128` or `64, 128, 256`.
  var sizesInWords: String {
    guard count > 1, Set(self).count == 1 else { return map(String.init).joined(separator: ", ") }
    return "\(count) × \(self[0])"
  }
}
