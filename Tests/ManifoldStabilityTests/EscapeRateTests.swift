import LinearAlgebra
import ManifoldStability
import NeuralNetwork
import Testing

@Suite("The escape from the manifold")
struct EscapeRateTests {
  /// A clone whose base has settled, so that the normal Hessian hardly changes on the way out.
  private func settled() throws -> Sample {
    try Sample(hiddenSizes: [3], rows: 40, steps: 4000, learningRate: 0.2)
  }

  private func smallest(_ sample: Sample) throws -> Double {
    let report = try StabilityReport(of: sample.network, factor: sample.factor, batch: sample.batch)
    return try #require(report.normal).smallest
  }

  @Test("grows at the rate of the smallest eigenvalue")
  func growth() throws {
    let sample = try settled()
    let curvature = try smallest(sample)
    #expect(curvature < -0.01)
    let rate = 0.1
    let escape = try EscapeRate(
      of: sample.network, factor: 2, batches: [sample.batch],
      following: .init(relativeSize: 1e-6, learningRate: rate, steps: 1500))
    let measured = try #require(escape.rate)
    #expect(abs(measured + rate * curvature) < 0.2 * rate * abs(curvature))
    #expect(escape.distances.count == 1501)
    #expect(abs(escape.distances[0] - 1e-6) < 1e-12)
    #expect(escape.fittedSteps.upperBound <= 1501)
  }

  @Test("becomes a return where weight decay outweighs the smallest eigenvalue")
  func decay() throws {
    let sample = try settled()
    let curvature = try smallest(sample)
    let escape = try EscapeRate(
      of: sample.network, factor: 2, batches: [sample.batch],
      following: .init(relativeSize: 1e-6, learningRate: 0.1, weightDecay: -5 * curvature + 0.2, steps: 200))
    #expect(try #require(escape.rate) < 0)
    #expect(escape.distances[200] < 0.5 * escape.distances[0])
  }

  @Test("does not begin by itself while the copies' rounding is the same, and is measured if it does")
  func unpushed() throws {
    let sample = try Sample()
    let escape = try EscapeRate(
      of: sample.network, factor: 2, batches: [sample.batch],
      following: .init(relativeSize: 0, learningRate: 0.1, steps: 50))
    #expect(escape.distances[0] == 0)
    #expect(escape.distances.allSatisfy { $0 < 1e-12 })
  }

  @Test("leaves the network as it was and depends on nothing but its seed", arguments: normalizations)
  func restoration(normalization: MLPSpecification.Normalization) throws {
    let sample = try Sample(normalization: normalization)
    let network = sample.network
    func bits() -> [UInt64] {
      network.values.buffer.map(\.bitPattern)
        + network.buffers.flatMap { $0.parameter.value.buffer.map(\.bitPattern) }
    }
    let before = bits()
    func run(_ seed: UInt64) throws -> EscapeRate {
      try EscapeRate(
        of: network, factor: 2, batches: [sample.batch, sample.batch],
        following: .init(relativeSize: 1e-4, seed: seed, learningRate: 0.05, steps: 10, mode: .training))
    }
    let first = try run(1)
    #expect(bits() == before)
    #expect(try run(1) == first)
    #expect(try run(2) != first)
  }

  @Test("needs a clone")
  func noClone() throws {
    let sample = try Sample()
    #expect(throws: ManifoldError.self) {
      try EscapeRate(
        of: sample.network, factor: 4, batches: [sample.batch],
        following: .init(relativeSize: 0, learningRate: 0.1, steps: 1))
    }
  }
}
