import LinearAlgebra
import Testing

@testable import PlasticityMetrics

/// What is taken in part by part must be what it is of the whole.
@Suite("Samples in parts")
struct PartsTests {
  /// A layer of 1,500 rows: more than the caps, units of very different scale, some dead, constant or copies, and
  /// gradients that vanish now and then.
  private static let units = 21
  private static let rows = 1500

  private static func activations() -> [Double] {
    var values = normals(rows * units, seed: 21)
    for row in 0..<rows {
      let start = row * units
      for unit in 0..<units { values[start + unit] *= Double(1 << unit) / 1000 }
      values[start + 2] = 0
      values[start + 4] = max(0, values[start + 4] - (row % 30 == 0 ? 0 : 1))
      values[start + 7] = 0.3
      values[start + 9] = 3 * values[start + 8]
      values[start + 11] = 1000 + 1e-3 * values[start + 11]
    }
    return values
  }

  private static func gradients() -> [Double] {
    var values = normals(rows * units, seed: 22)
    for row in 0..<rows {
      for unit in 0..<units where row * 7 % 1500 < 3 * unit { values[row * units + unit] *= 1e4 }
      for unit in 0..<units { values[row * units + unit] *= Double(1 << unit) * 1e-9 }
    }
    return values
  }

  @Test(
    "have the metrics of the whole",
    arguments: [[1], [2, 3], [125], [128], [999, 1], [1499, 1], [64, 1, 500, 7]])
  func parts(sizes: [Int]) throws {
    let (activations, gradients) = (Self.activations(), Self.gradients())
    let whole = try allMetrics(activations, gradients: gradients, units: Self.units)
    let parts = try allMetrics(activations, gradients: gradients, units: Self.units, parts: sizes)
    #expect(whole.count == 11 && parts.count == 11)
    for (name, value) in whole {
      let difference = try #require(parts[name]) - value
      #expect(difference.magnitude <= 1e-12 * max(1, value.magnitude), "\(name)")
    }
    // The sample is one on which the shares say something.
    for name in ["deadFraction", "duplicateFraction", "saturatedFraction"] {
      #expect(try #require(whole[name]) > 0)
      #expect(try #require(whole[name]) < 1)
    }
    #expect(try allMetrics(activations, gradients: gradients, units: Self.units, parts: sizes) == parts)
  }

  @Test("have the shares that counting gives", arguments: [[1500], [125], [7, 64]])
  func shares(sizes: [Int]) throws {
    let (activations, gradients) = (Self.activations(), Self.gradients())
    for share in [-1, 0, 0.3, 0.5, 0.95, 0.99, 0.999, 1, 2] {
      var thresholds = MetricThresholds()
      thresholds.saturatedShare = share
      let saturated = (0..<Self.units).count { unit in
        let column = stride(from: unit, to: activations.count, by: Self.units)
        let mean = column.reduce(0) { $0 + activations[$1].magnitude } / Double(Self.rows)
        let vanishing = column.count { gradients[$0].magnitude < 1e-4 * max(mean, 1e-12) }
        return Double(vanishing) > share * Double(Self.rows)
      }
      let measured = try allMetrics(
        activations, gradients: gradients, units: Self.units, thresholds: thresholds, parts: sizes)
      #expect(measured["saturatedFraction"] == Double(saturated) / Double(Self.units), "\(share)")
    }
  }

  @Test("wider than tall have the metrics of the whole", arguments: [[1], [3, 5], [11]])
  func wide(sizes: [Int]) throws {
    let (activations, gradients) = (normals(12 * 40, seed: 5), normals(12 * 40, seed: 6))
    let whole = try allMetrics(activations, gradients: gradients, units: 40)
    let parts = try allMetrics(activations, gradients: gradients, units: 40, parts: sizes)
    #expect(whole.count == 11 && parts.count == 11)
    for (name, value) in whole {
      #expect(abs(try #require(parts[name]) - value) <= 1e-12 * max(1, value.magnitude), "\(name)")
    }
  }

  @Test("count the duplicates of tall layers as those of wide ones")
  func duplicates() throws {
    // 60 units over 50 rows, and over 100 of which the second half repeats the first.
    var values = normals(50 * 60, seed: 8)
    for row in 0..<50 {
      values[row * 60 + 59] = values[row * 60] * 2
      values[row * 60 + 30] = -values[row * 60 + 1]
      values[row * 60 + 31] = values[row * 60 + 1] * 1e-3
      values[row * 60 + 5] = 0
    }
    let wide = try allMetrics(values, units: 60)["duplicateFraction"]
    let tall = try allMetrics(values + values, units: 60, parts: [33])["duplicateFraction"]
    #expect(wide == 2.0 / 60)
    #expect(tall == wide)
  }

  @Test("know no gradients unless all parts have finite ones")
  func missingGradients() throws {
    let sample = LayerSample(rows: 4, units: 2, seed: 1, metrics: LayerMetricRegistry.standard())
    withMatrix([1.0, 2, 3, 4], columns: 2) {
      sample.add(activations: $0, gradients: $0)
      sample.add(activations: $0, gradients: nil)
    }
    #expect(try sample.values().contains { $0.metric == "deadFraction" })
    #expect(try !sample.values().contains { $0.metric == "saturatedFraction" })
    let measured = try allMetrics([1, 2, 3, 4], gradients: [1, 2, .nan, 4], units: 2, parts: [1])
    #expect(measured["saturatedFraction"] == nil && measured["unitMean"] == 2.5)
  }

  @Test("have the cloning R² of the whole", arguments: [1, 7, 64])
  func cloning(size: Int) {
    let values = normals(200 * 12, seed: 3)
    for factor in [2, 3] {
      var score = CloningR2(factor: factor)
      var released = CloningR2Released(factor: factor)
      for first in stride(from: 0, to: 200, by: size) {
        let part = values[first * 12..<min(first + size, 200) * 12]
        withMatrix(part.map(Float.init), columns: 12) {
          score.add($0)
          released.add($0)
        }
      }
      // In parts from single precision, as a whole in double.
      withMatrix(values.map { Double(Float($0)) }, columns: 12) {
        #expect(abs(score.value - cloningR2($0, factor: factor)) < 1e-13)
        #expect(abs(released.value - cloningR2Released($0, factor: factor)) < 1e-13)
      }
    }
  }

  @Test("leave the largest magnitudes of each unit", arguments: [1, 2, 10, 100, 299, 300])
  func largest(kept: Int) {
    // The second unit has ties, the third nothing but zeros; the others make up a whole vector.
    var values = normals(300 * 20, seed: 14)
    for row in 0..<300 {
      values[row * 20 + 1] = (values[row * 20 + 1] * 2).rounded()
      values[row * 20 + 2] = 0
    }
    let largest = LargestMagnitudes(units: 20, rows: 300, kept: kept)
    for first in stride(from: 0, to: 300, by: 75) {
      withMatrix(Array(values[first * 20..<(first + 75) * 20]), columns: 20) { largest.add($0) }
    }
    for unit in 0..<20 {
      let sorted = (0..<300).map { values[$0 * 20 + unit].magnitude }.sorted(by: >)
      #expect(largest.smallestKept(unit) == sorted[kept - 1])
    }
  }
}
