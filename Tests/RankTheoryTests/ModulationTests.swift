import Testing

@testable import RankTheory

@Suite struct ModulationTests {
  @Test func strengthGrowsAsTheBiasOfReLUFalls() throws {
    let biases = (0...80).map { 4 - 12 * Double($0) / 80 }
    let points = try ModulationPoint.grid(.reLU, scales: [1], biases: biases)
    let strengths = try points.map { try #require($0.decorrelationStrength) }
    let excesses = try points.map { try #require($0.slopeExcess) }
    let frozen = points.map(\.frozenProbability)
    for curve in [strengths, excesses, frozen] {
      #expect(zip(curve, curve.dropFirst()).allSatisfy { $0 < $1 })
    }
    // Maximal decorrelation comes with a unit that is frozen for all inputs.
    #expect(strengths[80] > 0.999_999)
    #expect(1 - frozen[80] < 1e-12)
    #expect(strengths[0] < 1e-4)
    #expect(frozen[0] < 1e-4)
  }

  @Test func strengthGrowsWithTheGainOfTanh() throws {
    var gains = [0.02]
    while gains.count < 41 { gains.append(gains[gains.count - 1] * 1.35) }
    let points = try ModulationPoint.grid(.tanh, scales: gains, biases: [0])
    let strengths = try points.map { try #require($0.decorrelationStrength) }
    let excesses = try points.map { try #require($0.slopeExcess) }
    for curve in [strengths, excesses] {
      #expect(zip(curve, curve.dropFirst()).allSatisfy { $0 < $1 })
    }
    #expect(strengths[0] < 1e-6)
    // The limit is the sign.
    #expect(abs(strengths[40] - (1 - 2 / .pi)) < 1e-3)
    #expect(points[0].frozenProbability < 1e-12)
    #expect(points[40].frozenProbability > 0.99)
  }

  @Test func aDeadUnitHasNoStrength() throws {
    let point = try ModulationPoint(.reLU, scale: 1, bias: -20)
    #expect(point.decorrelationStrength == nil)
    #expect(point.slopeExcess == nil)
    #expect(abs(point.frozenProbability - 1) < 1e-12)
  }

  @Test func aGridGoesScaleByScale() throws {
    let points = try ModulationPoint.grid(.gELU, scales: [1, 2], biases: [-1, 0, 1])
    #expect(points.map(\.scale) == [1, 1, 1, 2, 2, 2])
    #expect(points.map(\.bias) == [-1, 0, 1, -1, 0, 1])
    #expect(points[4] == (try ModulationPoint(.gELU, scale: 2, bias: 0)))
  }
}
