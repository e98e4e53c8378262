import LinearAlgebra
import Specifications

/// The kinds of models that a block can ask for by their `architecture`, in the order of the tables. A new one is one
/// file and one line here.
public enum ModelRegistry {
  public static let standard = Registry<any Model.Type>(
    [MLP.self, CNN.self, ConvNet.self, ResNet.self, VisionTransformer.self], name: { $0.architecture })
}

extension CodingUserInfoKey {
  /// A `Registry<any Model.Type>` for decoders that are to know more models than ``ModelRegistry/standard``.
  public static let models = named("models")
}

/// The `model` object of a chapter's block: a model of any kind, told by its `architecture`.
public struct AnyModel: Codable, Hashable, Sendable {
  public var model: any Model

  public init(_ model: some Model) { self.model = model }

  private enum Tag: String, CodingKey { case architecture }

  /// - Throws: `DecodingError`, also for keys that do not belong to the architecture.
  public init(from decoder: any Decoder) throws {
    let registry = decoder.registry(.models, else: ModelRegistry.standard)
    let container = try decoder.container(keyedBy: NamedKey.self)
    let type = try registry.decode(from: container, at: NamedKey(Tag.architecture.rawValue))
    try container.requireKeys(type.keys.union([Tag.architecture.rawValue]), of: "'\(type.architecture)'")
    model = try type.init(from: decoder)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Tag.self)
    try container.encode(architecture, forKey: .architecture)
    try model.encode(to: encoder)
  }

  public static func == (left: AnyModel, right: AnyModel) -> Bool {
    AnyHashable(left.model) == AnyHashable(right.model)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(architecture)
    hasher.combine(model)
  }

  public var architecture: String { type(of: model).architecture }
  /// In tables.
  public var name: String { type(of: model).name }
  /// See ``Model/hasReplaceableUnits``.
  public var hasReplaceableUnits: Bool { type(of: model).hasReplaceableUnits }

  public var dropout: Double {
    get { model.dropout }
    set { model.dropout = newValue }
  }

  /// See ``Model/continued(as:)``; itself if `later` is of another architecture.
  public func continued(as later: AnyModel) -> AnyModel { Self.continued(model, as: later) }

  private static func continued<M: Model>(_ model: M, as later: AnyModel) -> AnyModel {
    AnyModel((later.model as? M).map { model.continued(as: $0) } ?? model)
  }

  /// Rejects what no network can be built from, naming the key of the block.
  public func validate() throws(SpecificationProblem) {
    do { try model.validate() } catch { throw error.below("model") }
    try require(dropout, in: 0..<1, "model.dropout")
  }

  /// Rejects what is too small for inputs of a shape, or does not divide them.
  public func validate(for input: InputShape) throws(SpecificationProblem) {
    do { try model.validate(for: input) } catch { throw error.below("model") }
  }

  /// The same model with every width between input and output times `factor`.
  public func widened(by factor: Int) -> AnyModel { AnyModel(model.widened(by: factor)) }

  /// The same model with every width divided by `factor`, or nil if one is no multiple of it.
  public func narrowed(by factor: Int) -> AnyModel? {
    guard factor > 1 else { return self }
    return Self.narrow(model, by: factor)
  }

  private static func narrow(_ model: some Model, by factor: Int) -> AnyModel? {
    model.narrowed(by: factor).map { AnyModel($0) }
  }

  /// The description of this model's networks for inputs of a shape.
  public func network(for input: InputShape, classes: Int) -> any NetworkSpecification {
    model.network(for: input, classes: classes)
  }
}
