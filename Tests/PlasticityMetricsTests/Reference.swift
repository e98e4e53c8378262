import Foundation
import LinearAlgebra
import Testing

@testable import PlasticityMetrics

/// What `Fixtures/make_fixtures.py` wrote.
struct Reference: Decodable {
  struct Case: Decodable, CustomTestStringConvertible {
    let name: String
    let units: Int
    let activations: [Double]
    let gradients: [Double]
    let metrics: [String: Double]
    var testDescription: String { name }
  }

  struct Cloning: Decodable {
    let factor: Int
    let units: Int
    let values: [Double]
    let cloningR2: Double
    let cloningR2Released: Double
  }

  let cases: [Case]
  let cloning: Cloning

  static func load() throws -> Reference {
    let place = try #require(
      Bundle.module.url(forResource: "reference", withExtension: "json", subdirectory: "Fixtures"))
    return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: place))
  }
}

/// Calls `body` with a matrix over `values`.
func withMatrix<Result>(
  _ values: [Double], columns: Int, _ body: (Matrix<Double>) throws -> Result
) rethrows -> Result {
  var values = values
  return try values.withUnsafeMutableBufferPointer { buffer in
    guard let start = buffer.baseAddress else {
      return try withScratch(rows: 0, columns: columns, body)
    }
    return try body(Matrix(elements: start, rows: buffer.count / columns, columns: columns))
  }
}

/// All metrics of a sample by name.
func allMetrics(
  _ activations: [Double], gradients: [Double]? = nil, units: Int,
  thresholds: MetricThresholds = MetricThresholds(), seed: UInt64 = 1
) throws -> [String: Double] {
  try withMatrix(activations, columns: units) { activations in
    func evaluate(_ gradients: Matrix<Double>?) throws -> [String: Double] {
      let sample = LayerSample(activations: activations, gradients: gradients, seed: seed)
      var result: [String: Double] = [:]
      for metric in LayerMetricRegistry.standard(thresholds: thresholds) {
        result[metric.name] = try metric.value(for: sample)
      }
      return result
    }
    guard let gradients else { return try evaluate(nil) }
    return try withMatrix(gradients, columns: units) { try evaluate($0) }
  }
}

/// `count` standard normal numbers.
func normals(_ count: Int, seed: UInt64) -> [Double] {
  var stream = RandomStream(seed: seed, purpose: "test")
  return (0..<count).map { _ in
    (-2 * log(1 - stream.uniform())).squareRoot() * cos(2 * .pi * stream.uniform())
  }
}
