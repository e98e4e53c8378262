import LinearAlgebra
import Specifications

/// A kind of optimiser: what the `optimizer` object of a chapter's block says of it, and how it is made.
///
/// A new kind is a type that conforms and a line in ``OptimizerRegistry``.
public protocol OptimizerRule: Codable, Hashable, Sendable {
  /// The keys of a block that belong to it, besides `kind` and those of remedies.
  associatedtype CodingKeys: CodingKey & CaseIterable

  /// Its name in a block, `sgd`; also that of the state that it keeps in snapshots.
  static var kind: String { get }
  /// Its name in tables, `SGD`.
  static var name: String { get }
  /// The remedies that are part of it and cannot be added once more.
  static var remedies: Set<String> { get }

  /// Positive.
  var learningRate: Double { get set }
  /// What tables say besides name and rate: `momentum 0.9`.
  var additions: [String] { get }
  /// Numbers that tables list by symbol: σ, λ.
  var settings: [(symbol: String, value: Double)] { get }
  /// As a clone by this factor would move, if anything.
  var asCloneBy: Int? { get }
  /// As if every number of an input came so many times, if anything.
  var inputCopies: Int? { get }

  /// Rejects values out of range, naming the key.
  func validate() throws(SpecificationProblem)

  /// The optimiser of a network.
  ///
  /// - Throws: `CloningError` if it has no clone that ``asCloneBy`` wants.
  func makeOptimizer<Scalar: Real>(
    for network: Network<Scalar>, in setting: OptimizerSetting
  ) throws -> any Optimizer<Scalar>
}

extension OptimizerRule {
  public static var remedies: Set<String> { [] }
  public var additions: [String] { [] }
  public var settings: [(symbol: String, value: Double)] { [] }
  public var asCloneBy: Int? { nil }
  public var inputCopies: Int? { nil }

  /// The keys of a block that belong to it.
  static var keys: Set<String> { Set(CodingKeys.allCases.map(\.stringValue)) }
}

/// What optimisers and remedies are made for, besides a network.
public struct OptimizerSetting {
  /// The shape of the network, which tells how a clone of it would move.
  public let shape: any NetworkSpecification
  /// Names their random streams.
  public let seed: UInt64

  public init(shape: any NetworkSpecification, seed: UInt64) {
    self.shape = shape
    self.seed = seed
  }
}
