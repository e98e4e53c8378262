import LinearAlgebra
import Testing

@testable import PlasticityMetrics

@Suite("Cloning R²")
struct CloningR2Tests {
  @Test("agrees with NumPy, by the text and by the released code")
  func reference() throws {
    let expected = try Reference.load().cloning
    withMatrix(expected.values, columns: expected.units) { values in
      #expect(abs(cloningR2(values, factor: expected.factor) - expected.cloningR2) < 1e-12)
      #expect(abs(cloningR2Released(values, factor: expected.factor) - expected.cloningR2Released) < 1e-12)
    }
  }

  @Test("of exact copies is exactly 1", arguments: [1, 2, 3, 4])
  func copies(factor: Int) {
    let base = normals(30, seed: 6)
    withMatrix(base.flatMap { [Double](repeating: $0, count: factor) }, columns: 6 * factor) { values in
      #expect(cloningR2(values, factor: factor) == 1)
      #expect(cloningR2Released(values, factor: factor) == 1)
    }
  }

  @Test("of unrelated units falls to what chance leaves: 1/k by the text")
  func unrelated() {
    withMatrix(normals(2000 * 60, seed: 8), columns: 60) { values in
      // Of a pair of independent units the mean explains half the variance, of a triple a third.
      #expect(abs(cloningR2(values, factor: 2) - 0.5) < 0.02)
      #expect(abs(cloningR2(values, factor: 3) - 1.0 / 3) < 0.02)
      #expect(cloningR2Released(values, factor: 2) < 0.3)
    }
  }

  @Test("of a layer whose units are all equal is 1")
  func equalUnits() {
    withMatrix([0.1, 0.1, 0.1, 0.1, 0, 0, 0, 0], columns: 4) { values in
      #expect(cloningR2(values, factor: 2) == 1)
      #expect(cloningR2Released(values, factor: 2) == 1)
    }
  }
}
