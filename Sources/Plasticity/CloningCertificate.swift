import LinearAlgebra
import NeuralNetwork

/// The evidence that a network is a clone and stays one (paper, definition A.1), taken from its last forward and
/// backward pass: the conditions MC1–MC3 for every layer and tensor.
///
/// Evaluation and probing passes leave the network as it is; with dropout or batch statistics they differ, and
/// the released code measures in training mode.
public struct CloningCertificate: Hashable, Sendable {
  /// What has to hold; the raw value is the paper's name and its part.
  public enum Condition: String, Hashable, Sendable, CaseIterable {
    /// MC1, forward preservation: the copies of a unit have equal activations.
    case equalActivations
    /// MC1: these are the base's, so that the clone computes what the base computes.
    case activationsOfBase
    /// MC2, backward preservation: the copies of a unit have equal errors.
    case equalErrors
    /// MC2: together they are the base's, so that each is its share.
    case errorsOfBase
    /// MC3, gradient closedness: the gradients of all copies of a parameter are equal, so that a step stays on
    /// the manifold.
    case constantGradients
  }

  /// One layer's part in MC1 and MC2.
  public struct LayerScore: Hashable, Sendable {
    public let layer: String
    /// How the layer's outputs repeat the base's.
    public let profile: CloningProfile
    /// How well the copies of a unit agree in the layer's outputs; 1 is perfect, and so are units that are not
    /// copied.
    public let forward: Double
    /// How well they agree in the loss's gradients with respect to those outputs.
    public let backward: Double
    /// The largest difference of an output from the base's, over the base's largest output; nil without a base.
    public let forwardDifference: Double?
    /// The largest difference of a gradient, times the number of copies, from the base's, over the base's largest
    /// there; nil without a base.
    public let backwardDifference: Double?
  }

  /// One tensor's part in MC3.
  public struct TensorScore: Hashable, Sendable {
    public let tensor: String
    /// The largest difference of a gradient from the mean over its block, over the largest gradient of the whole
    /// network: some tensors (a bias in front of a normalisation) have no gradient but rounding.
    public let gradient: Double
  }

  /// Where a condition fails first, and by how much.
  public struct Failure: Hashable, Sendable, CustomStringConvertible {
    public let condition: Condition
    /// The layer or tensor.
    public let place: String
    /// How far the score is below 1, or a difference as ``LayerScore`` and ``TensorScore`` have it.
    public let amount: Double

    /// One line.
    public var description: String {
      switch condition {
      case .equalActivations:
        "layer \(place): the copies of a unit have unequal activations, by 1 − R² = \(amount)"
      case .activationsOfBase:
        "layer \(place): the activations are not the base's, by \(amount) of the largest"
      case .equalErrors:
        "layer \(place): the copies of a unit receive unequal errors, by 1 − R² = \(amount)"
      case .errorsOfBase:
        "layer \(place): the errors that it passes down are not the base's, by \(amount) of the largest"
      case .constantGradients:
        "tensor \(place): the copies of a parameter have unequal gradients, by \(amount) of the largest"
      }
    }
  }

  /// How far the parameters are from the manifolds.
  public let parameters: ManifoldDistance
  /// How far their gradients are: zero in every part if MC3 holds.
  public let gradients: ManifoldDistance
  /// Every layer, in network order.
  public let layers: [LayerScore]
  /// Every tensor that is trained, in network order.
  public let tensors: [TensorScore]

  /// - Parameters:
  ///   - network: a clone that has just run forward and backward, its gradients retained.
  ///   - expansion: how it repeats its base.
  ///   - base: the base, if it has just run on the same batch in the same mode and is to be compared.
  ///   - score: rates a matrix of samples × units whose copies are adjacent, such as the cloning R² by the text
  ///     or by the released code. (An argument, so that training code does not depend on any metric.)
  public init<Scalar: Real>(
    of network: Network<Scalar>, expansion: NetworkExpansion, base: Network<Scalar>? = nil,
    score: (_ values: Matrix<Double>, _ factor: Int) -> Double
  ) {
    enforce(network.layers.count == expansion.layers.count, "a network of the expansion's shape")
    parameters = ManifoldDistance(ofParametersOf: network, expansion: expansion)
    layers = network.layers.indices.map { index in
      let profile = expansion.layers[index].output
      let (output, gradient) = (network.output(of: index), network.outputGradient(of: index))
      return LayerScore(
        layer: network.layers[index].name, profile: profile,
        forward: rate(output, profile, score), backward: rate(gradient, profile, score),
        forwardDifference: base.map { difference(output, from: $0.output(of: index), profile) },
        backwardDifference: base.map {
          difference(gradient, times: profile.copies, from: $0.outputGradient(of: index), profile)
        })
    }
    let largest = magnitude(network.gradients)
    let distances = zip(network.parameters, expansion.parameters).map {
      ManifoldDistance(of: $0.parameter.gradient, expansion: $1)
    }
    gradients = ManifoldDistance(largestOf: distances)
    tensors = zip(network.parameters, distances).map {
      TensorScore(tensor: $0.name, gradient: relative($1.fromBlockwiseConstant, to: largest))
    }
  }

  /// The certificate of `network` as a clone of `base`, both of which have just run forward and backward on the same
  /// batch in the same mode.
  ///
  /// - Throws: `CloningError` if it has not the shape of one.
  public init<Scalar: Real>(
    of network: Network<Scalar>, clonedFrom base: Network<Scalar>,
    score: (_ values: Matrix<Double>, _ factor: Int) -> Double
  ) throws {
    self.init(of: network, expansion: try base.expansion(into: network), base: base, score: score)
  }

  /// The layers whose units are copied.
  public var copiedLayers: [LayerScore] { layers.filter { $0.profile.isCloned } }

  /// The mean of all copied layers' forward and backward scores, as the paper's figures show it; 1 without any.
  public var meanScore: Double {
    let layers = copiedLayers
    guard !layers.isEmpty else { return 1 }
    return layers.reduce(0) { $0 + $1.forward + $1.backward } / Double(2 * layers.count)
  }

  /// The first failure of every condition that fails, in the order of the conditions; none of a certified clone.
  ///
  /// First means as the pass goes: from the input for activations, from the loss for errors. Errors are named by
  /// the layer that passes them down. Behind the first place a condition may fail because its premise does: a layer
  /// that receives unequal copies need not make them equal, so later failures tell nothing, and neither do those of
  /// a condition whose predecessor fails.
  ///
  /// - Parameter tolerance: how large an ``Failure/amount`` may be. What is not a number fails.
  public func failures(tolerance: Double) -> [Failure] {
    func first(_ condition: Condition, _ amounts: some Sequence<(place: String, amount: Double)>) -> Failure?
    {
      amounts.first { !($0.amount <= tolerance) }.map {
        Failure(condition: condition, place: $0.place, amount: $0.amount)
      }
    }
    // The gradient with respect to a layer's output is what the layer above passed down.
    let above = layers.indices.reversed().map { (min($0 + 1, layers.count - 1), $0) }
    let failures = [
      first(.equalActivations, layers.lazy.map { ($0.layer, 1 - $0.forward) }),
      first(.activationsOfBase, layers.lazy.map { ($0.layer, $0.forwardDifference ?? 0) }),
      first(.equalErrors, above.lazy.map { (layers[$0].layer, 1 - layers[$1].backward) }),
      first(.errorsOfBase, above.lazy.map { (layers[$0].layer, layers[$1].backwardDifference ?? 0) }),
      first(.constantGradients, tensors.lazy.map { ($0.tensor, $0.gradient) }),
    ]
    return failures.compactMap { $0 }
  }
}

/// What `score` says of the copies in `matrix`, whose columns are put in an order that makes them adjacent.
private func rate<Scalar: Real>(
  _ matrix: Matrix<Scalar>, _ profile: CloningProfile, _ score: (Matrix<Double>, Int) -> Double
) -> Double {
  enforce(matrix.columns == profile.features, "the features of the profile")
  guard profile.isCloned else { return 1 }
  // A score may take what has no variance for perfect.
  guard matrix.buffer.allSatisfy(\.isFinite) else { return .nan }
  let columns = (0..<profile.units).flatMap { Array(profile.features(of: $0)) }
  let arena = Arena<Double>(capacity: Arena<Double>.footprint(rows: matrix.rows, columns: matrix.columns))
  return withExtendedLifetime(arena) {
    let copy = arena.take(rows: matrix.rows, columns: matrix.columns)
    for row in 0..<matrix.rows {
      for (place, column) in columns.enumerated() { copy[row, place] = Double(matrix[row, column]) }
    }
    return score(copy, profile.copies)
  }
}

/// The largest difference of `factor` times an entry of a clone's `matrix` from the one of the base that it
/// repeats, over the base's largest.
private func difference<Scalar: Real>(
  _ matrix: Matrix<Scalar>, times factor: Int = 1, from base: Matrix<Scalar>, _ profile: CloningProfile
) -> Double {
  enforce(matrix.rows == base.rows && base.columns == profile.units, "the same batch")
  var largest = 0.0
  let origins = (0..<matrix.columns).map { profile.origin(of: $0) }
  let factor = Double(factor)
  for row in 0..<matrix.rows {
    let (entries, baseEntries) = (
      matrix.elements + row * matrix.columns, base.elements + row * base.columns
    )
    for (column, origin) in origins.enumerated() {
      largest = larger(largest, abs(Double(entries[column]) * factor - Double(baseEntries[origin])))
    }
  }
  return relative(largest, to: magnitude(base))
}

/// The largest absolute value.
private func magnitude<Scalar: Real>(_ matrix: Matrix<Scalar>) -> Double {
  matrix.buffer.reduce(0) { larger($0, abs(Double($1))) }
}

/// `difference / size`, or the difference itself where there is no size.
private func relative(_ difference: Double, to size: Double) -> Double {
  size == 0 ? difference : difference / size
}
