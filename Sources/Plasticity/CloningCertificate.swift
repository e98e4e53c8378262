import LinearAlgebra
import NeuralNetwork

/// The evidence that a network is a clone and stays one (paper, definition A.1: forward preservation, backward
/// preservation, gradients tangent to the manifold), taken from its last forward and backward pass.
///
/// Evaluation and probing passes leave the network as it is; with dropout or batch statistics they differ, and
/// the released code measures in training mode. For layers whose outputs hold a unit's copies in adjacent columns.
public struct CloningCertificate: Hashable, Sendable {
  /// How well the copies of a layer's units agree; 1 is perfect.
  public struct LayerScore: Hashable, Sendable {
    public let layer: String
    /// The score of the layer's outputs.
    public let forward: Double
    /// The score of the loss's gradients with respect to those outputs.
    public let backward: Double
  }

  public let parameters: ManifoldDistance
  public let gradients: ManifoldDistance
  /// Every layer whose units are copied, in network order.
  public let layers: [LayerScore]

  /// - Parameters:
  ///   - network: a clone that has just run forward and backward.
  ///   - factor: copies of each hidden unit.
  ///   - score: rates a matrix of samples × units whose copies are adjacent, such as the cloning R² by the text
  ///     or by the released code. (An argument, so that training code does not depend on any metric.)
  public init<Scalar: Real>(
    of network: Network<Scalar>, factor: Int, score: (_ values: Matrix<Double>, _ factor: Int) -> Double
  ) {
    parameters = ManifoldDistance(ofParametersOf: network, factor: factor)
    gradients = ManifoldDistance(ofGradientsOf: network, factor: factor)
    layers = CopyProfile.copiedLayers(of: network).map { index in
      LayerScore(
        layer: network.layers[index].name,
        forward: withDoubles(of: network.output(of: index)) { score($0, factor) },
        backward: withDoubles(of: network.outputGradient(of: index)) { score($0, factor) })
    }
  }

  /// The mean of all layers' forward and backward scores, as the paper's figures show it; 1 without layers.
  public var meanScore: Double {
    guard !layers.isEmpty else { return 1 }
    return layers.reduce(0) { $0 + $1.forward + $1.backward } / Double(2 * layers.count)
  }
}

/// Calls `body` with a copy of `matrix` in double precision.
private func withDoubles<Scalar: Real, Result>(
  of matrix: Matrix<Scalar>, _ body: (Matrix<Double>) -> Result
) -> Result {
  let arena = Arena<Double>(capacity: Arena<Double>.footprint(rows: matrix.rows, columns: matrix.columns))
  return withExtendedLifetime(arena) {
    let copy = arena.take(rows: matrix.rows, columns: matrix.columns)
    for index in 0..<matrix.count { copy.elements[index] = Double(matrix.elements[index]) }
    return body(copy)
  }
}
