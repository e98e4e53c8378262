import LinearAlgebra
import Testing

@testable import PlasticityMetrics

@Suite("Layer metrics")
struct LayerMetricTests {
  @Test("agree with NumPy and SciPy", arguments: try Reference.load().cases)
  func reference(_ expected: Reference.Case) throws {
    let measured = try allMetrics(
      expected.activations, gradients: expected.gradients, units: expected.units)
    #expect(measured.count == expected.metrics.count)
    for (name, value) in expected.metrics {
      // SciPy's weights use normal quantiles to nine digits.
      let tolerance = name == "nonGaussianity" ? 1e-7 : 1e-10 * max(1, value.magnitude)
      let difference = try #require(measured[name]) - value
      #expect(difference.magnitude <= tolerance, "\(name): \(measured[name] ?? .nan) against \(value)")
    }
  }

  @Test("are registered under the names of metrics.csv")
  func names() {
    let names = LayerMetricRegistry.standard(thresholds: MetricThresholds()).map(\.name)
    #expect(
      names == [
        "deadFraction", "duplicateFraction", "saturatedFraction", "effectiveRank", "stableRank",
        "nonGaussianity", "kolmogorovSmirnov", "andersonDarling", "excessKurtosis", "unitMean",
        "unitStandardDeviation",
      ])
  }

  @Test("of a layer of zeros: all dead, none duplicate, no rank, as far from Gaussian as can be")
  func zeros() throws {
    let values = try allMetrics(
      [Double](repeating: 0, count: 60), gradients: [Double](repeating: 0, count: 60), units: 6)
    #expect(
      values == [
        "deadFraction": 1, "duplicateFraction": 0, "saturatedFraction": 1, "effectiveRank": 0,
        "stableRank": 0,
        "nonGaussianity": 1, "kolmogorovSmirnov": 1, "andersonDarling": 10, "excessKurtosis": 10,
        "unitMean": 0, "unitStandardDeviation": 0,
      ])
  }

  @Test("of constant units: alive, one direction, no shape")
  func constants() throws {
    let row = [0.1, 0.2, 0.3]
    let values = try allMetrics((0..<50).flatMap { _ in row }, units: 3)
    #expect(values["deadFraction"] == 0)
    #expect(values["duplicateFraction"] == 2.0 / 3)
    #expect(values["saturatedFraction"] == nil)
    #expect(abs((values["effectiveRank"] ?? 0) - 1) < 1e-9)
    #expect(values["stableRank"] == 0)
    #expect(values["nonGaussianity"] == 1)
    #expect(values["andersonDarling"] == 10)
  }

  @Test("of one unit")
  func oneUnit() throws {
    let values = try allMetrics(normals(40, seed: 3), units: 1)
    #expect(values["duplicateFraction"] == 0)
    #expect(abs((values["effectiveRank"] ?? 0) - 1) < 1e-9)
    #expect(abs((values["stableRank"] ?? 0) - 1) < 1e-12)
    #expect((values["nonGaussianity"] ?? 1) < 0.1)
  }

  @Test("of one sample: no shape, no deviation")
  func oneSample() throws {
    let values = try allMetrics([1, -2, 0, 4], units: 4)
    #expect(
      Set(values.keys) == ["deadFraction", "duplicateFraction", "effectiveRank", "stableRank", "unitMean"])
    #expect(values["deadFraction"] == 0.25)
    // 1 and 4 point one way, −2 the other, 0 nowhere.
    #expect(values["duplicateFraction"] == 0.25)
    #expect(values["stableRank"] == 0)
    #expect(values["unitMean"] == 0.75)
  }

  @Test("are not defined for an empty sample or activations that are not finite")
  func undefined() throws {
    #expect(try allMetrics([], units: 4).isEmpty)
    for bad in [Double.nan, .infinity] {
      for place in [0, 8, 26] {
        var values = normals(27, seed: 5)
        values[place] = bad
        #expect(try allMetrics(values, units: 3).isEmpty)
      }
    }
  }

  @Test("count a threshold as the text says: strictly more than the share")
  func thresholds() throws {
    // Unit 0 is silent in 19 of 20 samples, exactly 95 %: not dead. Unit 1 in all 20.
    let activations = (0..<20).flatMap { [$0 == 0 ? 1.0 : 0, 1e-8] }
    #expect(try allMetrics(activations, units: 2)["deadFraction"] == 0.5)
    var loose = MetricThresholds()
    loose.deadShare = 0.9
    #expect(try allMetrics(activations, units: 2, thresholds: loose)["deadFraction"] == 1)
  }

  @Test("of a tall layer take capped rows by the seed")
  func caps() throws {
    let values = normals(3000 * 4, seed: 9)
    let first = try allMetrics(values, units: 4, seed: 1)
    #expect(try allMetrics(values, units: 4, seed: 1) == first)
    let second = try allMetrics(values, units: 4, seed: 2)
    for name in ["effectiveRank", "stableRank", "nonGaussianity", "kolmogorovSmirnov"] {
      #expect(first[name] != second[name])
    }
    for name in ["deadFraction", "duplicateFraction", "unitMean", "unitStandardDeviation"] {
      #expect(first[name] == second[name])
    }
  }

  @Test("draw distinct rows, fewer being the first of more")
  func rows() {
    // Of all rows, and of 450 drawn ones.
    for kept in [500, 450] {
      let rows = DrawnRows(of: 500, units: 1, limit: kept, seed: 4)
      for start in stride(from: 0, to: 500, by: 125) {
        withMatrix((start..<start + 125).map(Double.init), columns: 1) { rows.add($0, start: start) }
      }
      let many = rows.withRows(limit: 400) { Array($0.buffer) }
      let few = rows.withRows(limit: 30) { Array($0.buffer) }
      #expect(Set(many).count == 400)
      #expect(few == Array(many[..<30]))
      if kept == 500 {
        #expect(rows.withRows(limit: 500) { Array($0.buffer) } == (0..<500).map(Double.init))
      }
    }
  }

  @Test("count duplicates of layers wider than one block of the product")
  func wide() throws {
    let units = 1100
    var values = normals(12 * units, seed: 11)
    for sample in 0..<12 {
      values[sample * units + 1099] = values[sample * units + 3] * 2
      values[sample * units + 600] = values[sample * units + 511]
    }
    var strict = MetricThresholds()
    strict.duplicateCosine = 1 - 1e-9
    let share = try allMetrics(values, units: units, thresholds: strict)["duplicateFraction"]
    #expect(share == 2.0 / 1100)
  }
}
