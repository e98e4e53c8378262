import LinearAlgebra
import Specifications

/// The kinds of optimisers that a block can ask for by their `kind`, in the order of the tables. A new one is one
/// file and one line here.
public enum OptimizerRegistry {
  public static let standard = Registry<any OptimizerRule.Type>(
    [SGDRule.self, AdamRule.self, RMSpropRule.self, NoisySGDRule.self], name: { $0.kind })
}

extension CodingUserInfoKey {
  /// A `Registry<any OptimizerRule.Type>` for decoders that are to know more than ``OptimizerRegistry/standard``.
  public static let optimizers = named("optimizers")
  /// A `Registry<any Remedy.Type>` for decoders that are to know more than ``RemedyRegistry/standard``.
  public static let remedies = named("remedies")
}

/// How a run moves its parameters: the `optimizer` object of a chapter's block. A rule of any kind, told by its
/// `kind`, with any remedies around it.
public struct OptimizerSpecification: Codable, Hashable, Sendable {
  public var rule: any OptimizerRule
  /// In the order in which they are put around the rule, each around those before it: that of the registry.
  public private(set) var remedies: [any Remedy]

  private static let tag = NamedKey("kind")

  /// - Parameters:
  ///   - remedies: at most one of each kind, in any order.
  ///   - registry: tells in which order they are applied.
  public init(
    _ rule: any OptimizerRule, remedies: [any Remedy] = [],
    registry: Registry<any Remedy.Type> = RemedyRegistry.standard
  ) {
    self.rule = rule
    self.remedies = remedies.enumerated().sorted {
      (registry.place(of: $0.element.key), $0.offset) < (registry.place(of: $1.element.key), $1.offset)
    }.map(\.element)
  }

  /// - Throws: `DecodingError`, also for keys that belong to another kind.
  public init(from decoder: any Decoder) throws {
    let rules = decoder.registry(.optimizers, else: OptimizerRegistry.standard)
    let known = decoder.registry(.remedies, else: RemedyRegistry.standard)
    let container = try decoder.container(keyedBy: NamedKey.self)
    let type = try rules.decode(from: container, at: Self.tag)
    let keys = type.keys.union(known.names).union([Self.tag.stringValue])
    try container.requireKeys(keys, of: type.kind)
    rule = try type.init(from: decoder)
    remedies = try known.elements.compactMap { try Self.remedy($0, in: container) }
  }

  private static func remedy(
    _ type: (some Remedy).Type, in container: KeyedDecodingContainer<NamedKey>
  ) throws -> (any Remedy)? {
    try container.decodeIfPresent(type, forKey: NamedKey(type.key))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: NamedKey.self)
    try container.encode(kind, forKey: Self.tag)
    try rule.encode(to: encoder)
    for remedy in remedies { try container.encode(remedy, forKey: NamedKey(remedy.key)) }
  }

  public static func == (left: OptimizerSpecification, right: OptimizerSpecification) -> Bool {
    AnyHashable(left.rule) == AnyHashable(right.rule)
      && left.remedies.map { AnyHashable($0) } == right.remedies.map { AnyHashable($0) }
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(rule)
    for remedy in remedies { hasher.combine(remedy) }
  }

  public var kind: String { type(of: rule).kind }

  public var learningRate: Double {
    get { rule.learningRate }
    set { rule.learningRate = newValue }
  }

  /// Names what state the optimiser keeps: a phase goes on with its predecessor's state only if both names agree.
  public var stateName: String { ([kind] + remedies.map(\.key)).joined(separator: "+") }

  /// Rejects values out of range and remedies that do not go with rule or model, naming the key of the block.
  public func validate(for model: AnyModel) throws(SpecificationProblem) {
    try requirePositive(learningRate, "optimizer.learningRate")
    do { try rule.validate() } catch { throw error.below("optimizer") }
    if rule.asCloneBy != nil, !model.model.isClonedExactly {
      throw SpecificationProblem(
        "optimizer.asCloneBy", "needs a clone that computes what its base computes; the model's does not")
    }
    if rule.inputCopies != nil, !type(of: model.model).hasWeightsForEachInput {
      let suitable = ModelRegistry.standard.elements.filter { $0.hasWeightsForEachInput }.map {
        $0.architecture
      }
      throw SpecificationProblem(
        "optimizer.inputCopies",
        "needs a network with weights for every number of an input: "
          + "\(suitable.joined(separator: ", ")), not \(model.architecture)")
    }
    for remedy in remedies {
      let path = "optimizer.\(remedy.key)"
      guard !type(of: rule).remedies.contains(remedy.key) else {
        throw SpecificationProblem(path, "is what \(kind) does already")
      }
      do {
        try remedy.validate()
        try remedy.validate(for: model)
      } catch { throw error.below(path) }
    }
  }

  /// The optimiser for `network`, with the remedies around it.
  ///
  /// - Parameters:
  ///   - shape: the shape of `network`, which tells how a clone of it would move.
  ///   - seed: names its random streams.
  /// - Throws: `CloningError` if the network has no clone as the rule wants it, ``ContinualBackpropagationError`` if
  ///   that cannot work on `network`.
  public func makeOptimizer<Scalar: Real>(
    for network: Network<Scalar>, of shape: any NetworkSpecification, seed: UInt64
  ) throws -> any Optimizer<Scalar> {
    let setting = OptimizerSetting(shape: shape, seed: seed)
    var optimizer = try rule.makeOptimizer(for: network, in: setting)
    for remedy in remedies {
      optimizer = try remedy.makeOptimizer(around: optimizer, for: network, in: setting)
    }
    return optimizer
  }
}
