import LinearAlgebra

/// Why the ends of a spectrum could not be found.
public enum LanczosError: Error, Equatable, CustomStringConvertible {
  /// The subspace holds no vector but zero.
  case emptySubspace
  /// The operator gave a NaN or an infinity.
  case notFinite(iteration: Int)
  /// `SymmetricTridiagonal` failed on the projected problem.
  case projectedProblem(SymmetricEigenvalueError)

  public var description: String {
    switch self {
    case .emptySubspace:
      "no eigenvalues: the subspace has dimension 0; check that the network is a clone by a factor above 1"
    case .notFinite(let iteration):
      "no eigenvalues: the operator gave a NaN or an infinity in iteration \(iteration); check for divergence"
    case .projectedProblem(let error):
      "no eigenvalues of the operator's projection: \(error)"
    }
  }
}

/// The Lanczos iteration (Lanczos 1950) with full reorthogonalisation, for the smallest and the largest
/// eigenvalue of a symmetric operator on a subspace.
///
/// Every vector is projected onto the subspace, which rounding would otherwise leave. The iteration ends when
/// both ends' residuals are at most `tolerance` times the largest absolute eigenvalue, when the subspace is
/// exhausted, or after `maximumProducts`, in which case the result says that it has not converged.
public struct Lanczos: Hashable, Sendable {
  /// The residual at which an end is found, relative to the largest absolute eigenvalue; above 0. An
  /// eigenvalue's error is at most its residual, and of the order of the residual's square where it is apart
  /// from the others.
  public var tolerance: Double
  /// The most applications of the operator; each keeps one vector in memory.
  public var maximumProducts: Int
  /// Names the random vector that the iteration starts from.
  public var seed: UInt64

  /// Precondition: a positive tolerance and at least one product.
  public init(tolerance: Double = 1e-5, maximumProducts: Int = 300, seed: UInt64 = 0) {
    enforce(tolerance > 0 && maximumProducts > 0, "a positive tolerance and at least one product")
    self.tolerance = tolerance
    self.maximumProducts = maximumProducts
    self.seed = seed
  }

  /// The extreme eigenvalues of the operator `apply` on the subspace that `project` projects onto.
  ///
  /// - Parameters:
  ///   - length: the length of the vectors.
  ///   - dimension: the dimension of the subspace, at which the iteration has seen all of it.
  ///   - project: replaces a vector (length × 1) by its orthogonal projection onto the subspace.
  ///   - apply: sets the second vector to the operator's product with the first (each length × 1).
  /// - Throws: ``LanczosError``.
  public func extremes(
    length: Int, dimension: Int, project: (Matrix<Double>) -> Void,
    apply: (_ vector: Matrix<Double>, _ result: Matrix<Double>) -> Void
  ) throws(LanczosError) -> ExtremeEigenvalues {
    let arena = Arena<Double>(capacity: Arena<Double>.footprint(rows: length, columns: 1))
    defer { withExtendedLifetime(arena) {} }
    let next = arena.take(rows: length, columns: 1)
    let basis = KrylovBasis(length: length)
    var stream = RandomStream(seed: seed, purpose: "Lanczos start")
    Double.fillNormal(next.buffer, from: &stream)
    project(next)
    var norm = next.norm
    guard dimension > 0, norm > 0 else { throw .emptySubspace }

    var matrix = SymmetricTridiagonal(diagonal: [], offDiagonal: [])
    let last = min(dimension, maximumProducts)
    var scale = 0.0
    for iteration in 1...last {
      basis.append(next, dividedBy: norm)
      if iteration > 1 { matrix.offDiagonal.append(norm) }
      let newest = basis[iteration - 1]
      apply(newest, next)
      let productNorm = next.norm
      guard productNorm.isFinite else { throw .notFinite(iteration: iteration) }
      scale = max(scale, productNorm)
      project(next)
      matrix.diagonal.append(newest.dot(next))
      basis.orthogonalize(next)
      project(next)
      norm = next.norm
      // What is left at the level of rounding is no direction: the Krylov space is invariant.
      let isExhausted = iteration == dimension || norm <= 1e-14 * scale
      if isExhausted { norm = 0 }
      // The projected problem is small, but its cost grows with the cube of the iterations.
      guard isExhausted || iteration == last || iteration.isMultiple(of: 5) else { continue }
      let ends = try ends(of: matrix, residualNorm: norm)
      if ends.isConverged || isExhausted || iteration == last { return ends }
    }
    fatalError("the last iteration returns")
  }

  private func ends(
    of matrix: SymmetricTridiagonal, residualNorm: Double
  ) throws(LanczosError) -> ExtremeEigenvalues {
    let system: SymmetricTridiagonal.EigenSystem
    do { system = try matrix.eigenSystem() } catch { throw .projectedProblem(error) }
    let size = system.values.count
    let residuals = system.lastComponents.map { abs($0) * residualNorm }
    let scale = max(abs(system.values[0]), abs(system.values[size - 1]))
    return ExtremeEigenvalues(
      smallest: system.values[0], largest: system.values[size - 1],
      residuals: .init(smallest: residuals[0], largest: residuals[size - 1]), products: size,
      isConverged: max(residuals[0], residuals[size - 1]) <= tolerance * scale)
  }
}
