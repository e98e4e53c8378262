import LinearAlgebra
import ManifoldStability
import NeuralNetwork
import Plasticity
import Testing

@Suite("The projection onto the manifold and its normal space")
struct ManifoldProjectionTests {
  @Test(
    "is idempotent, symmetric and orthogonal, and the two parts make the whole", arguments: normalizations,
    [2, 3])
  func algebra(normalization: Normalization, factor: Int) throws {
    let sample = try Sample(factor: factor, normalization: normalization)
    let projection = sample.projection()
    let vectors = Vectors()
    let (first, second) = (
      vectors.random(projection.count, seed: 1), vectors.random(projection.count, seed: 2)
    )
    var parts: [Matrix<Double>] = []
    for space in ManifoldProjection.Space.allCases {
      let (one, other) = (vectors.copy(first), vectors.copy(second))
      projection.project(one, onto: space)
      projection.project(other, onto: space)
      #expect(length(one) > 0.1)
      #expect(abs(inner(one, second) - inner(first, other)) < 1e-12)
      let again = vectors.copy(one)
      projection.project(again, onto: space)
      #expect(largestDifference(one, again) < 1e-14)
      parts += [one, other]
    }
    #expect(abs(inner(parts[0], parts[3])) < 1e-12)
    #expect(abs(inner(parts[2], parts[1])) < 1e-12)
    for tensor in sample.network.parameters.map(\.parameter) {
      let offset = tensor.value.elements - sample.network.values.elements
      for index in offset..<offset + tensor.count {
        #expect(abs(parts[0].elements[index] + parts[2].elements[index] - first.elements[index]) < 1e-14)
      }
    }
  }

  @Test("has the dimensions of its ranges", arguments: [1, 2, 3])
  func dimensions(factor: Int) throws {
    let sample = try Sample(factor: factor)
    let projection = sample.projection()
    let base = 6 * 3 + 3 + 3 * 3 + 3 + 3 * 3 + 3
    #expect(projection.dimension(of: .tangent) == base)
    let entries = sample.network.parameters.reduce(0) { $0 + $1.parameter.count }
    #expect(projection.tangentDimension + projection.normalDimension == entries)
    let vectors = Vectors()
    for space in ManifoldProjection.Space.allCases {
      let matrix = vectors.dense(projection.count) { vector, result in
        result.copy(from: vector)
        projection.project(result, onto: space)
      }
      let trace = (0..<projection.count).reduce(0.0) { $0 + matrix[$1, $1] }
      #expect(abs(trace - Double(projection.dimension(of: space))) < 1e-10)
    }
  }

  @Test("knows a clone, and how far a push takes it", arguments: normalizations, [2, 3])
  func distance(normalization: Normalization, factor: Int) throws {
    let sample = try Sample(factor: factor, normalization: normalization)
    let projection = sample.projection()
    #expect(projection.distance(of: sample.network.values) == 0)
    sample.network.parameters[0].parameter.value.elements[0] += 1
    let expected = (1 - 1 / Double(factor)).squareRoot()
    #expect(abs(projection.distance(of: sample.network.values) - expected) < 1e-12)
  }

  @Test("of a point of the manifold: the gradient is tangent", arguments: normalizations, [2, 3])
  func gradient(normalization: Normalization, factor: Int) throws {
    let sample = try Sample(factor: factor, normalization: normalization)
    let hessian = HessianOperator(of: sample.network, batch: sample.batch)
    #expect(length(hessian.gradient) > 1e-3)
    #expect(sample.projection().distance(of: hessian.gradient) < 1e-10)
  }
}
