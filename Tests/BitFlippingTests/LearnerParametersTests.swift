import Testing

@testable import BitFlipping

@Suite("Learner's first weights") struct LearnerParametersTests {
  @Test("are uniform within Kaiming's bounds, biases zero", arguments: [5, 100])
  func bounds(width: Int) {
    let samples = (0..<200 / UInt64(width) * 5).map { LearnerParameters(bits: 20, width: width, seed: $0) }
    for parameters in samples {
      #expect(parameters.hidden.count == 22)
      #expect(parameters.hidden[21] == [Double](repeating: 0, count: width))
      #expect(parameters.outputBias == 0)
    }
    check(samples.flatMap { $0.hidden[..<21].flatMap { $0 } }, bound: (6.0 / 21).squareRoot())
    check(samples.flatMap(\.output), bound: (3 / Double(width)).squareRoot())
    #expect(Set(samples.map(\.output)).count == samples.count)
  }

  /// Uniform in ±b has the standard deviation b / √3, and the mean of n of them one of b / √(3n).
  private func check(_ values: [Double], bound: Double) {
    let count = Double(values.count)
    #expect(values.allSatisfy { abs($0) <= bound })
    #expect((values.map { abs($0) }.max() ?? 0) > 0.98 * bound)
    #expect(abs(values.reduce(0, +) / count) < 6 * bound / (3 * count).squareRoot())
    let variance = values.reduce(0) { $0 + $1 * $1 } / count
    #expect(abs(variance / (bound * bound / 3) - 1) < 6 * (0.8 / count).squareRoot())
  }
}
