import Foundation
import LinearAlgebra
import Testing

@Suite struct RandomFillTests {
  private func words(_ key: RandomStream.Key, index: UInt64, count: Int) -> [UInt32] {
    var stream = RandomStream(key, index: index)
    return (0..<count).map { _ in stream.nextWord() }
  }

  private func filled<Scalar>(
    _ count: Int, _ zero: Scalar, _ fill: (UnsafeMutableBufferPointer<Scalar>) -> Void
  ) -> [Scalar] {
    var values = [Scalar](repeating: zero, count: count)
    values.withUnsafeMutableBufferPointer { fill($0) }
    return values
  }

  /// The definition in words: library functions in double precision of the same bits.
  @Test(arguments: [1, 2, 31, 32, 33, 1000, 20_001])
  func normalNumbersFollowTheirDefinition(count: Int) {
    let key = RandomStream.Key(seed: 3, purpose: "normal")
    let words = words(key, index: 9, count: count + 1)
    var stream = RandomStream(key, index: 9)
    let values = filled(count, Float(0)) { stream.fillNormal($0) }
    var worst = 0.0
    for position in 0..<count {
      let pair = position / 2 * 2
      let u = Double(Float(words[pair]) * 0x1p-32 + 0x1p-32)
      let radius = (-2 * log(u)).squareRoot()
      let fraction = Double((words[pair + 1] << 2) >> 9) * 0x1p-23 - 0.5
      let angle = Double.pi / 2 * (Double(words[pair + 1] >> 30) + fraction)
      let expected = radius * (position % 2 == 0 ? cos(angle) : sin(angle))
      worst = max(worst, abs(expected - Double(values[position])))
    }
    #expect(worst < 2e-6)
  }

  @Test func doubleAndFloatDrawTheSameNormalNumbers() {
    let key = RandomStream.Key(seed: 3, purpose: "normal")
    var first = RandomStream(key)
    var second = RandomStream(key)
    let floats = filled(1001, Float(0)) { first.fillNormal($0) }
    let doubles = filled(1001, 0.0) { second.fillNormal($0) }
    // Where the radius is near zero the rounding of u weighs more.
    #expect(zip(floats, doubles).allSatisfy { abs(Double($0) - $1) < 1e-3 })
    #expect(zip(floats, doubles).filter { abs(Double($0) - $1) < 1e-5 }.count > 990)
  }

  @Test func normalNumbersAreNormal() {
    let count = 100_000
    var stream = RandomStream(seed: 11, purpose: "distribution")
    let values = filled(count, Float(0)) { stream.fillNormal($0) }.map { Double($0) }
    let n = Double(count)
    let moments = (1...4).map { power in values.map { pow($0, Double(power)) }.reduce(0, +) / n }
    // Five standard errors of each moment: variances 1, 2, 15 and 96 over n.
    #expect(abs(moments[0]) < 5 * (1 / n).squareRoot())
    #expect(abs(moments[1] - 1) < 5 * (2 / n).squareRoot())
    #expect(abs(moments[2]) < 5 * (15 / n).squareRoot())
    #expect(abs(moments[3] - 3) < 5 * (96 / n).squareRoot())
    // Neighbours are uncorrelated, inside a pair and across pairs.
    let products = zip(values, values.dropFirst()).map { $0 * $1 }.reduce(0, +) / n
    #expect(abs(products) < 5 * (1 / n).squareRoot())
    let distance = kolmogorovSmirnov(values) { 0.5 * erfc(-$0 / 2.0.squareRoot()) }
    // The 0.1 % point of the statistic.
    #expect(distance * n.squareRoot() < 1.95)
  }

  @Test func uniformNumbersAreUniformAndFollowTheWords() {
    let key = RandomStream.Key(seed: 4, purpose: "uniform")
    let count = 20_003
    let words = words(key, index: 0, count: count)
    var stream = RandomStream(key)
    let floats = filled(count, Float(0)) { stream.fillUniform($0, from: -2, to: 6) }
    var other = RandomStream(key)
    let doubles = filled(count, 0.0) { other.fillUniform($0, from: -2, to: 6) }
    for index in 0..<count {
      #expect(floats[index] == Float(words[index] >> 8) * (8 * 0x1p-24) - 2)
      #expect(doubles[index] == Double(words[index]) * 0x1p-32 * 8 - 2)
    }
    #expect(floats.allSatisfy { $0 >= -2 && $0 < 6 })
    let distance = kolmogorovSmirnov(doubles) { ($0 + 2) / 8 }
    #expect(distance * Double(count).squareRoot() < 1.95)
  }

  @Test func fillsContinueAtTheNextBlock() {
    let key = RandomStream.Key(seed: 4, purpose: "continued")
    var whole = RandomStream(key)
    var parts = RandomStream(key)
    let all = filled(64, Float(0)) { whole.fillNormal($0) }
    let first = filled(40, Float(0)) { parts.fillNormal($0) }
    let second = filled(24, Float(0)) { parts.fillNormal($0) }
    #expect(all == first + second)
    var begun = RandomStream(key)
    _ = begun.nextWord()
    let afterWord = filled(8, Float(0)) { begun.fillNormal($0) }
    #expect(afterWord == Array(all[4..<12]))
  }

  @Test(arguments: [0, 0.1, 0.5, 0.9])
  func dropoutFactorsFollowTheWords(probability: Double) {
    let key = RandomStream.Key(seed: 6, purpose: "mask")
    let count = 1003
    let words = words(key, index: 2, count: count)
    var stream = RandomStream(key, index: 2)
    var other = RandomStream(key, index: 2)
    let floats = filled(count, Float(7)) { stream.fillDropoutFactors($0, probability: probability) }
    let doubles = filled(count, 7.0) { other.fillDropoutFactors($0, probability: probability) }
    for index in 0..<count {
      let kept = Double(words[index]) >= (probability * 0x1p32).rounded(.down)
      #expect(doubles[index] == (kept ? 1 / (1 - probability) : 0))
      #expect(floats[index] == Float(doubles[index]))
    }
  }

  @Test(arguments: [(columns: 1, every: 3), (3, 5), (15, 7), (48, 2), (77, 1), (64, 17)])
  func firstRowsOfFactorsAreThoseOfAll(shape: (columns: Int, every: Int)) {
    let (columns, every) = shape
    let key = RandomStream.Key(seed: 6, purpose: "mask")
    func check<Scalar: Real>(_ zero: Scalar) {
      var stream = RandomStream(key, index: 2)
      var other = RandomStream(key, index: 2)
      let all = filled(9 * every * columns, zero) { stream.fillDropoutFactors($0, probability: 0.4) }
      let first = filled(9 * columns, zero) {
        other.fillDropoutFactors($0, probability: 0.4, columns: columns, firstOfEvery: every)
      }
      for row in 0..<9 {
        let start = row * every * columns
        #expect(first[row * columns..<(row + 1) * columns] == all[start..<start + columns])
      }
      #expect(stream.next() == other.next())
    }
    check(Float(7))
    check(7.0)
  }

  private func kolmogorovSmirnov(_ values: [Double], _ distribution: (Double) -> Double) -> Double {
    let n = Double(values.count)
    return values.sorted().enumerated().map { index, value in
      let expected = distribution(value)
      return max(expected - Double(index) / n, Double(index + 1) / n - expected)
    }.max() ?? 0
  }
}
