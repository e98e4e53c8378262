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

/// Calls `body` with a matrix over `values`, of which there is at least one.
func withMatrix<Scalar: Real, Result>(
  _ values: [Scalar], columns: Int, _ body: (Matrix<Scalar>) throws -> Result
) rethrows -> Result {
  var values = values
  return try values.withUnsafeMutableBufferPointer { buffer in
    guard let start = buffer.baseAddress else { preconditionFailure("a matrix with elements") }
    return try body(Matrix(elements: start, rows: buffer.count / columns, columns: columns))
  }
}

/// All metrics of a sample by name.
///
/// - Parameter parts: rows of the parts in which the sample is taken in, again and again; all at once if empty.
func allMetrics(
  _ activations: [Double], gradients: [Double]? = nil, units: Int,
  thresholds: MetricThresholds = MetricThresholds(), seed: UInt64 = 1, parts: [Int] = []
) throws -> [String: Double] {
  let rows = activations.count / units
  let sample = LayerSample(
    rows: rows, units: units, seed: seed, metrics: LayerMetricRegistry.standard(thresholds: thresholds))
  var first = 0
  var sizes = parts.makeIterator()
  while first < rows {
    if parts.isEmpty { sizes = [rows].makeIterator() }
    guard let size = sizes.next() else {
      sizes = parts.makeIterator()
      continue
    }
    let place = first * units..<min(first + size, rows) * units
    withMatrix(Array(activations[place]), columns: units) { activations in
      guard let gradients else { return sample.add(activations: activations, gradients: nil) }
      withMatrix(Array(gradients[place]), columns: units) {
        sample.add(activations: activations, gradients: $0)
      }
    }
    first += size
  }
  return Dictionary(uniqueKeysWithValues: try sample.values().map { ($0.metric, $0.value) })
}

/// `count` standard normal numbers.
func normals(_ count: Int, seed: UInt64) -> [Double] {
  var stream = RandomStream(seed: seed, purpose: "test")
  return (0..<count).map { _ in
    (-2 * log(1 - stream.uniform())).squareRoot() * cos(2 * .pi * stream.uniform())
  }
}
