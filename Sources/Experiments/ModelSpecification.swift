import LinearAlgebra
import NeuralNetwork

/// Which network a run trains: the `model` object of a chapter's block.
public struct ModelSpecification: Codable, Hashable, Sendable {
  /// `mlp`, so far.
  public var architecture: String
  /// Widths of the hidden layers.
  public var hiddenSizes: [Int]
  /// `batch` or `none`, between a hidden linear layer and its activation.
  public var normalization: String
  /// Dropout probability after every hidden activation, in [0, 1).
  public var dropout: Double

  /// Rejects what no network can be built from.
  public func validate() throws(SpecificationProblem) {
    guard architecture == "mlp" else {
      throw SpecificationProblem("model.architecture", "is '\(architecture)'; known: mlp")
    }
    guard !hiddenSizes.isEmpty, hiddenSizes.allSatisfy({ (1...65_536).contains($0) }) else {
      throw SpecificationProblem("model.hiddenSizes", "needs one or more widths between 1 and 65536")
    }
    guard ["batch", "none"].contains(normalization) else {
      throw SpecificationProblem("model.normalization", "is '\(normalization)'; known: batch, none")
    }
    guard dropout >= 0, dropout < 1 else {
      throw SpecificationProblem("model.dropout", "is \(dropout); it must lie in [0, 1)")
    }
  }

  /// The same model with every hidden width times `factor`.
  public func widened(by factor: Int) -> ModelSpecification {
    var wide = self
    wide.hiddenSizes = hiddenSizes.map { $0 * factor }
    return wide
  }

  /// The same model with every hidden width divided by `factor`, or nil if one is no multiple of it.
  public func narrowed(by factor: Int) -> ModelSpecification? {
    guard hiddenSizes.allSatisfy({ $0 % factor == 0 }) else { return nil }
    var narrow = self
    narrow.hiddenSizes = hiddenSizes.map { $0 / factor }
    return narrow
  }

  /// The engine's description, for images of `inputSize` values and `classes` classes.
  public func mlp(inputSize: Int, classes: Int) -> MLPSpecification {
    MLPSpecification(
      inputSize: inputSize, hiddenSizes: hiddenSizes, classes: classes,
      normalization: normalization == "batch" ? .batch : .none, dropout: dropout)
  }

  /// A new network, its parameters zero, for images of `inputSize` values and `classes` classes.
  public func makeNetwork<Scalar: Real>(
    of type: Scalar.Type, inputSize: Int, classes: Int
  ) -> Network<Scalar> {
    mlp(inputSize: inputSize, classes: classes).makeNetwork(of: type)
  }
}
