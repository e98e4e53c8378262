import LinearAlgebra
import ManifoldStability
import NeuralNetwork
import Testing

@Suite("The Lanczos iteration")
struct LanczosTests {
  /// A random symmetric matrix.
  private func symmetric(_ size: Int, seed: UInt64, in vectors: Vectors) -> Matrix<Double> {
    let matrix = vectors.zeros(size, size)
    let random = vectors.random(size * size, seed: seed)
    for row in 0..<size {
      for column in 0..<size {
        matrix[row, column] = random.elements[row * size + column] + random.elements[column * size + row]
      }
    }
    return matrix
  }

  @Test("agrees with LAPACK on random symmetric matrices", arguments: [1, 2, 7, 40, 90])
  func dense(size: Int) throws {
    let vectors = Vectors()
    let matrix = symmetric(size, seed: UInt64(size), in: vectors)
    let expected = try matrix.symmetricEigenvalues()
    let ends = try Lanczos(tolerance: 1e-8).extremes(
      length: size, dimension: size, project: { _ in },
      apply: { $1.setProduct(of: matrix, and: $0) })
    #expect(ends.isConverged)
    #expect(abs(ends.smallest - expected[0]) < 1e-7)
    #expect(abs(ends.largest - expected[size - 1]) < 1e-7)
    #expect(ends.products <= size)
  }

  @Test("stays in its subspace")
  func subspace() throws {
    let size = 30
    let vectors = Vectors()
    let matrix = symmetric(size, seed: 5, in: vectors)
    // The first twenty coordinates: the leading block's eigenvalues, which lie strictly inside the whole's.
    let block = vectors.zeros(20, 20)
    for (row, column) in (0..<20).flatMap({ row in (0..<20).map { (row, $0) } }) {
      block[row, column] = matrix[row, column]
    }
    let expected = try block.symmetricEigenvalues()
    let ends = try Lanczos(tolerance: 1e-10).extremes(
      length: size, dimension: 20,
      project: { for index in 20..<size { $0.elements[index] = 0 } },
      apply: { $1.setProduct(of: matrix, and: $0) })
    #expect(abs(ends.smallest - expected[0]) < 1e-9)
    #expect(abs(ends.largest - expected[19]) < 1e-9)
    #expect(try matrix.symmetricEigenvalues()[29] > expected[19] + 0.1)
  }

  @Test("ends where few directions are left to see, and bounds its errors by its residuals")
  func degenerate() throws {
    let size = 64
    // Three distinct eigenvalues: the Krylov space has three dimensions.
    func value(_ index: Int) -> Double { [-2, 0, 5][index % 3] }
    let ends = try Lanczos().extremes(
      length: size, dimension: size, project: { _ in },
      apply: { for index in 0..<size { $1.elements[index] = value(index) * $0.elements[index] } })
    #expect(ends.isConverged && ends.products <= 5)
    #expect(abs(ends.smallest + 2) < 1e-12 && abs(ends.largest - 5) < 1e-12)
    let few = try Lanczos(maximumProducts: 6).extremes(
      length: 200, dimension: 200, project: { _ in },
      apply: { for index in 0..<200 { $1.elements[index] = Double(index) * $0.elements[index] } })
    #expect(!few.isConverged && few.products == 6)
    #expect(few.largest < 199 && few.smallest > 0)
    for (end, residual) in [(few.smallest, few.residuals.smallest), (few.largest, few.residuals.largest)] {
      #expect(abs(end - end.rounded()) <= residual && residual > 0)
    }
    #expect(few.radius == few.largest)
  }

  @Test("depends on nothing but its seed")
  func seeded() throws {
    func run(_ seed: UInt64) throws -> ExtremeEigenvalues {
      try Lanczos(maximumProducts: 8, seed: seed).extremes(
        length: 100, dimension: 100, project: { _ in },
        apply: { for index in 0..<100 { $1.elements[index] = Double(index) * $0.elements[index] } })
    }
    #expect(try run(1) == run(1))
    #expect(try run(1) != run(2))
  }

  @Test("says what it cannot do")
  func errors() throws {
    #expect(throws: LanczosError.emptySubspace) {
      try Lanczos().extremes(
        length: 4, dimension: 0, project: { $0.fill(with: 0) }, apply: { $1.copy(from: $0) })
    }
    #expect(throws: LanczosError.notFinite(iteration: 1)) {
      try Lanczos().extremes(
        length: 4, dimension: 4, project: { _ in }, apply: { $1.fill(with: $0.elements[0] * .nan) })
    }
  }

  @Test("agrees with the dense Hessian in both spaces of a clone", arguments: normalizations, [2, 3])
  func hessian(normalization: Normalization, factor: Int) throws {
    let sample = try Sample(factor: factor, normalization: normalization)
    let projection = sample.projection()
    let hessian = HessianOperator(of: sample.network, batch: sample.batch)
    let vectors = Vectors()
    for space in ManifoldProjection.Space.allCases {
      let input = vectors.zeros(hessian.count)
      let dense = vectors.dense(hessian.count) { vector, result in
        input.copy(from: vector)
        projection.project(input, onto: space)
        hessian.apply(to: input, into: result)
        projection.project(result, onto: space)
      }
      let expected = try dense.symmetricEigenvalues()
      let ends = try Lanczos(tolerance: 1e-6).extremes(
        length: hessian.count, dimension: projection.dimension(of: space),
        project: { projection.project($0, onto: space) },
        apply: { hessian.apply(to: $0, into: $1) })
      let scale = max(abs(expected[0]), abs(expected[hessian.count - 1]))
      #expect(ends.isConverged)
      #expect(abs(ends.smallest - expected[0]) < 1e-5 * scale)
      #expect(abs(ends.largest - expected[hessian.count - 1]) < 1e-5 * scale)
      // Logits are affine in each tensor (unless rows are normalised by their own statistics), and the normal
      // space is a sum over tensors.
      guard space == .normal, normalization != .layer else { continue }
      let trace = (0..<hessian.count).reduce(0.0) { $0 + dense[$1, $1] }
      #expect(abs(trace) < 1e-6 * scale)
    }
  }
}
