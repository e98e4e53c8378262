import Foundation
import Testing

@testable import LinearAlgebra

@Suite struct NormalNoiseTests {
  private let key = RandomStream.Key(seed: 3, purpose: "noise")

  private func noise<Scalar: Real>(_ count: Int, first: Int = 0, index: UInt64 = 9, as: Scalar.Type)
    -> [Scalar]
  {
    var values = [Scalar](repeating: 0, count: count)
    values.withUnsafeMutableBufferPointer { values in
      guard let base = values.baseAddress else { return }
      NormalNoise(key, index: index).mix(into: base, count: count, first: first, scale: 0, factor: 1)
    }
    return values
  }

  /// Philox4x32 of seven rounds, word by word.
  private func block(_ position: UInt64, index: UInt64) -> [UInt32] {
    var counter = [
      UInt32(truncatingIfNeeded: position), UInt32(truncatingIfNeeded: position >> 32),
      UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32),
    ]
    for round in 0..<UInt32(7) {
      let first = UInt64(0xd251_1f53) * UInt64(counter[0])
      let second = UInt64(0xcd9e_8d57) * UInt64(counter[2])
      counter = [
        UInt32(second >> 32) ^ counter[1] ^ (key.low &+ round &* 0x9e37_79b9),
        UInt32(truncatingIfNeeded: second),
        UInt32(first >> 32) ^ counter[3] ^ (key.high &+ round &* 0xbb67_ae85),
        UInt32(truncatingIfNeeded: first),
      ]
    }
    return counter
  }

  @Test(arguments: [1, 15, 16, 31, 32, 33, 512, 513, 4_000])
  func followsItsDefinition(count: Int) {
    let index: UInt64 = 0x1_2345_6789
    let values = noise(count, first: 64, index: index, as: Float.self)
    var worst = 0.0
    for position in 0..<count {
      let (group, place) = ((64 + position) / 32, (64 + position) % 32)
      let t = place % 16 % 8
      let word = block(UInt64(4 * group + t / 2), index: index)[place / 16 * 2 + t % 2]
      let radius = (-2 * log((Double(word >> 12) + 1) * 0x1p-20)).squareRoot()
      let angle = Double.pi / 2 * (Double(word & 0x3ff) + 0.5) * 0x1p-10
      let isSine = place % 16 >= 8
      let sign = (word >> (isSine ? 10 : 11)) & 1 == 1 ? -1.0 : 1
      let expected = sign * radius * (isSine ? sin(angle) : cos(angle))
      worst = max(worst, abs(expected - Double(values[position])) / (radius < 0.015 ? 50 : 1))
    }
    #expect(worst < 1e-4)
  }

  @Test func isTheSameInParts() {
    let whole = noise(1_000, as: Float.self)
    for first in [32, 512, 544, 992] {
      #expect(noise(1_000 - first, first: first, as: Float.self) == Array(whole[first...]))
    }
    #expect(noise(1_000, as: Double.self) == whole.map { Double($0) })
    #expect(noise(1_000, index: 10, as: Float.self) != whole)
  }

  @Test func mixes() {
    let noise = noise(100, as: Double.self)
    var values = (0..<100).map { Double($0) }
    values.withUnsafeMutableBufferPointer { values in
      guard let base = values.baseAddress else { return }
      NormalNoise(key, index: 9).mix(into: base, count: 100, first: 0, scale: 0.5, factor: 0.25)
    }
    for index in 0..<100 {
      #expect(abs(values[index] - (0.5 * Double(index) + 0.25 * noise[index])) < 1e-12)
    }
  }

  @Test func isNormal() {
    let count = 200_000
    let values = noise(count, as: Double.self)
    let n = Double(count)
    let moments = (1...4).map { power in values.map { pow($0, Double(power)) }.reduce(0, +) / n }
    // Five standard errors of each moment: variances 1, 2, 15 and 96 over n.
    #expect(abs(moments[0]) < 5 * (1 / n).squareRoot())
    #expect(abs(moments[1] - 1) < 5 * (2 / n).squareRoot())
    #expect(abs(moments[2]) < 5 * (15 / n).squareRoot())
    #expect(abs(moments[3] - 3) < 5 * (96 / n).squareRoot())
    // Neighbours and the two numbers of a word are uncorrelated, and so are their squares.
    for distance in [1, 8, 16, 32] {
      let pairs = zip(values, values.dropFirst(distance))
      #expect(abs(pairs.map { $0 * $1 }.reduce(0, +) / n) < 5 * (1 / n).squareRoot())
      var squares = 0.0
      for (first, second) in pairs { squares += (first * first - 1) * (second * second - 1) / n }
      #expect(abs(squares) < 5 * 2 / n.squareRoot())
    }
    var distance = 0.0
    for (rank, value) in values.sorted().enumerated() {
      let expected = 0.5 * erfc(-value / 2.0.squareRoot())
      distance = max(distance, abs(expected - (Double(rank) + 0.5) / n))
    }
    // The 0.1 % point of the Kolmogorov–Smirnov statistic.
    #expect(distance * n.squareRoot() < 1.95)
  }
}
