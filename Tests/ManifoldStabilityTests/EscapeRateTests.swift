import LinearAlgebra
import NeuralNetwork
import Testing

@testable import ManifoldStability

@Suite("The escape from the manifold")
struct EscapeRateTests {
  /// A clone whose base has settled at a point where neither the gradient nor the error vanishes along the way
  /// out: a single linear unit, which explains what one direction can. No rectifier means no kink.
  private func settled(seed: UInt64 = 1) throws -> Sample {
    try Sample(
      hiddenSizes: [1], classes: 4, isRectified: false, rows: 40, steps: 1000, learningRate: 0.3, seed: seed)
  }

  private func smallest(_ sample: Sample) throws -> Double {
    let report = try StabilityReport(of: sample.network, expansion: sample.expansion, batch: sample.batch)
    #expect(report.gradientNorm < 1e-5)
    return try #require(report.normal).smallest
  }

  @Test("grows at the rate of the smallest eigenvalue", arguments: [1, 3, 5])
  func growth(seed: UInt64) throws {
    let sample = try settled(seed: seed)
    let curvature = try smallest(sample)
    #expect(curvature < -0.1)
    let rate = 0.05
    let escape = EscapeRate(
      of: sample.network, expansion: sample.expansion, batches: [sample.batch],
      following: .init(relativeSize: 1e-6, learningRate: rate, steps: 2000))
    let measured = try #require(escape.rate)
    #expect(abs(measured + rate * curvature) < 0.05 * rate * abs(curvature))
    #expect(escape.distances.count == 2001)
    #expect(abs(escape.distances[0] - 1e-6) < 1e-10)
    #expect(escape.distances[escape.fittedSteps].allSatisfy { $0 < 0.01 })
    #expect(escape.distances[2000] > 0.01)
  }

  @Test("happens with rectifiers too")
  func rectified() throws {
    let sample = try Sample(hiddenSizes: [3], rows: 40, steps: 1000, seed: 2)
    let escape = EscapeRate(
      of: sample.network, expansion: sample.expansion, batches: [sample.batch],
      following: .init(relativeSize: 1e-6, learningRate: 0.1, steps: 1500))
    #expect(try #require(escape.rate) > 0.001)
    #expect(escape.distances[1500] > 1e3 * escape.distances[0])
  }

  @Test("becomes a return where weight decay outweighs the smallest eigenvalue")
  func decay() throws {
    let sample = try settled()
    let curvature = try smallest(sample)
    let escape = EscapeRate(
      of: sample.network, expansion: sample.expansion, batches: [sample.batch],
      following: .init(relativeSize: 1e-6, learningRate: 0.1, weightDecay: -3 * curvature, steps: 200))
    #expect(try #require(escape.rate) < 0)
    #expect(escape.distances[200] < 0.5 * escape.distances[0])
  }

  @Test("is fitted to the second half of the steps before saturation")
  func fit() throws {
    let growth = (0..<100).map { 1e-6 * Double.exp(0.1 * Double($0)) }
    let fit = EscapeRate.fit(growth, saturation: 1e-3)
    // e^6.9 is a thousand: step 70 is the first at which the distance is larger.
    #expect(fit.steps == 35..<70)
    #expect(abs(try #require(fit.rate) - 0.1) < 1e-12)
    #expect(EscapeRate.fit([0, 0, 0, 0, 0, 0, 0], saturation: 1).rate == nil)
    let late = EscapeRate.fit([0, 0, 0] + growth, saturation: 1)
    #expect(late.steps == 53..<103)
    #expect(abs(try #require(late.rate) - 0.1) < 1e-12)
  }

  @Test("does not begin by itself while the copies' rounding is the same, and is measured if it does")
  func unpushed() throws {
    let sample = try Sample()
    let escape = EscapeRate(
      of: sample.network, expansion: sample.expansion, batches: [sample.batch],
      following: .init(relativeSize: 0, learningRate: 0.1, steps: 50))
    #expect(escape.distances[0] == 0)
    #expect(escape.distances.allSatisfy { $0 < 1e-12 })
  }

  @Test("leaves the network as it was and depends on nothing but its seed", arguments: normalizations)
  func restoration(normalization: Normalization) throws {
    let sample = try Sample(normalization: normalization)
    let network = sample.network
    func bits() -> [UInt64] {
      network.values.buffer.map(\.bitPattern)
        + network.buffers.flatMap { $0.parameter.value.buffer.map(\.bitPattern) }
    }
    let before = bits()
    func run(_ seed: UInt64) -> EscapeRate {
      EscapeRate(
        of: network, expansion: sample.expansion, batches: [sample.batch, sample.batch],
        following: .init(relativeSize: 1e-4, seed: seed, learningRate: 0.05, steps: 10, mode: .training))
    }
    let first = run(1)
    #expect(bits() == before)
    #expect(run(1) == first)
    #expect(run(2) != first)
  }
}
