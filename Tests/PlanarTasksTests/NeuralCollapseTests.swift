import Foundation
import LinearAlgebra
import Testing

@testable import PlanarTasks

@Suite struct NeuralCollapseTests {
  private static func matrix(_ rows: [[Float]], in memory: Arena<Float>) -> Matrix<Float> {
    let matrix = memory.take(rows: rows.count, columns: rows[0].count)
    for (row, values) in rows.enumerated() {
      for (column, value) in values.enumerated() { matrix[row, column] = value }
    }
    return matrix
  }

  /// Means (±2, 0); along the line between them points are ±1 off, which is a variance of 1 where Σ_B has 4; across, what
  /// they do does not count.
  @Test func theQuantitiesAreThoseWorkedOutByHand() {
    let memory = Arena<Float>(capacity: 256)
    let points = Self.matrix([[3, 5], [1, -5], [-3, 7], [-1, -7]], in: memory)
    let aligned = Self.matrix([[2, 0], [-2, 0]], in: memory)
    let collapse = NeuralCollapse(points, labels: [0, 0, 1, 1], classifier: aligned)
    #expect(abs(collapse.variability - 1.0 / 4 / 2) < 1e-9 && collapse.misalignment < 1e-7)
    let across = NeuralCollapse(
      points, labels: [0, 0, 1, 1], classifier: Self.matrix([[0, 1], [0, -1]], in: memory))
    #expect(abs(across.misalignment - 2.0.squareRoot()) < 1e-7)
    let opposite = NeuralCollapse(points, labels: [1, 1, 0, 0], classifier: aligned)
    #expect(abs(opposite.misalignment - 2) < 1e-7)
  }

  /// What `Fixtures/make_fixtures.py` wrote.
  private struct Reference: Decodable {
    struct Case: Decodable {
      let name: String
      let width: Int
      let labels: [Int32]
      let representation: [Float]
      let classifier: [Float]
      let biases: [Float]
      let quantities: [String: Double]
    }
    let cases: [Case]
  }

  @Test func theQuantitiesAreThoseOfNumPy() throws {
    let place = try #require(
      Bundle.module.url(forResource: "neural-collapse", withExtension: "json", subdirectory: "Fixtures"))
    let reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: place))
    #expect(reference.cases.count == 4)
    for sample in reference.cases {
      func rows(_ values: [Float]) -> [[Float]] {
        stride(from: 0, to: values.count, by: sample.width).map { Array(values[$0..<$0 + sample.width]) }
      }
      let memory = Arena<Float>(capacity: 4_096)
      let found = NeuralCollapse(
        Self.matrix(rows(sample.representation), in: memory), labels: sample.labels,
        classifier: Self.matrix(rows(sample.classifier), in: memory), biases: sample.biases)
      let quantities = [
        "variability": found.variability, "spread": found.spread, "equinorm": found.equinorm,
        "equiangularity": found.equiangularity, "simplexAngles": found.simplexAngles,
        "misalignment": found.misalignment, "disagreement": found.disagreement,
      ]
      #expect(Set(quantities.keys) == Set(sample.quantities.keys))
      for (name, expected) in sample.quantities {
        let value = try #require(quantities[name])
        // Of two classes NC2 is 0 but for rounding.
        #expect(abs(value - expected) < 1e-9 * max(1, abs(expected)), "\(sample.name), \(name): \(value)")
      }
    }
    // The classifiers of the fixture are random: NC4 is neither 0 nor 1 throughout.
    #expect(reference.cases.allSatisfy { (0.1..<1).contains($0.quantities["disagreement"] ?? 0) })
  }

  /// Worked out by hand: means ±2, the classifier's border at 1.5 instead of 0, and one point of six between.
  @Test func theShareOfDisagreementIsThatOfPointsBetweenTheBorders() {
    let memory = Arena<Float>(capacity: 256)
    let points = Self.matrix([[1], [2], [3], [-1], [-2], [-3]], in: memory)
    let collapse = NeuralCollapse(
      points, labels: [0, 0, 0, 1, 1, 1], classifier: Self.matrix([[1], [-1]], in: memory),
      biases: [-1.5, 1.5])
    #expect(abs(collapse.disagreement - 1.0 / 6) < 1e-12)
    #expect(abs(collapse.spread - 2.0 / 3 / 4) < 1e-12)
  }

  @Test func aSimplexHasCollapsed() {
    let memory = Arena<Float>(capacity: 256)
    let corners: [[Float]] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    let collapse = NeuralCollapse(
      Self.matrix(corners + corners, in: memory), labels: [0, 1, 2, 0, 1, 2],
      classifier: Self.matrix([[2, -1, -1], [-1, 2, -1], [-1, -1, 2]], in: memory))
    for value in [
      collapse.variability, collapse.spread, collapse.equinorm, collapse.equiangularity,
      collapse.simplexAngles, collapse.misalignment, collapse.disagreement,
    ] { #expect(abs(value) < 1e-7) }
  }

  @Test func equalMeansAreNoCollapse() {
    let memory = Arena<Float>(capacity: 64)
    let points = Self.matrix([[1], [-1], [1], [-1]], in: memory)
    let collapse = NeuralCollapse(
      points, labels: [0, 0, 1, 1], classifier: Self.matrix([[1], [-1]], in: memory))
    #expect(collapse.variability == .infinity && collapse.spread == .infinity)
  }
}
