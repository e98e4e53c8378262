import LinearAlgebra
import Testing

@testable import BitFlipping

@Suite("Bit-flipping stream") struct BitFlippingStreamTests {
  @Test("flips one bit a task, every one of them as often")
  func flips() {
    var stream = BitFlippingStream(StreamSpecification(targetUnits: 1), seed: 1)
    var counts = [Int](repeating: 0, count: 15)
    for task in 1...1_500 {
      let before = stream.flippingBits
      stream.advance()
      #expect(stream.task == task)
      let flipped = before.indices.filter { before[$0] != stream.flippingBits[$0] }
      #expect(flipped.count == 1)
      for bit in flipped { counts[bit] += 1 }
    }
    // 100 expected each, standard deviation 9.7.
    #expect(counts.allSatisfy { abs($0 - 100) < 45 })
  }

  @Test("starts at random bits")
  func start() {
    let starts = (0..<400).map {
      BitFlippingStream(StreamSpecification(targetUnits: 1), seed: $0).flippingBits
    }
    #expect(Set(starts).count > 390)
    // 200 expected each, standard deviation 10.
    for bit in 0..<15 { #expect(abs(starts.count { $0[bit] } - 200) < 50) }
  }

  @Test("is its seed's")
  func seeds() {
    func beginning(_ seed: UInt64) -> (patterns: [UInt8], targets: [Double], flippingBits: [Bool]) {
      var stream = BitFlippingStream(StreamSpecification(), seed: seed)
      stream.advance()
      return (patterns(stream, count: 50), stream.targets, stream.flippingBits)
    }
    #expect(beginning(1) == beginning(1))
    let (one, two) = (beginning(1), beginning(2))
    #expect(one.patterns != two.patterns)
    #expect(one.targets != two.targets)
    #expect(one.flippingBits != two.flippingBits)
  }

  @Test("draws all patterns alike, one after the other independently", arguments: [0, 1, 5, 8])
  func patternsAreUniform(randomBits: Int) {
    var stream = BitFlippingStream(StreamSpecification(flippingBits: 20 - randomBits), seed: 2)
    stream.advance()
    let patterns = patterns(stream, count: 64_000).map(Int.init)
    let kinds = 1 << randomBits
    var counts = [Int](repeating: 0, count: kinds)
    for pattern in patterns { counts[pattern] += 1 }
    // χ² has mean n and standard deviation √(2n) with n degrees of freedom.
    #expect(chiSquare(counts) <= six(kinds - 1))
    guard kinds <= 32 else { return }
    // Neighbours, two apart, those of the same byte of the next word, and those of the next block.
    for distance in [1, 2, 4, 16] {
      var pairs = [Int](repeating: 0, count: kinds * kinds)
      for index in distance..<patterns.count {
        pairs[patterns[index - distance] * kinds + patterns[index]] += 1
      }
      #expect(chiSquare(pairs) <= six(kinds * kinds - 1))
    }
  }

  @Test("draws anew each task")
  func tasksDiffer() {
    var stream = BitFlippingStream(StreamSpecification(), seed: 3)
    let first = patterns(stream, count: 3_200)
    stream.advance()
    let second = patterns(stream, count: 3_200)
    // 100 of 3,200 are the same by chance, standard deviation 9.8.
    #expect(abs(zip(first, second).count { $0 == $1 } - 100) < 60)
  }

  @Test("fills the same patterns from any offset")
  func offsets() {
    var stream = BitFlippingStream(StreamSpecification(), seed: 4)
    stream.advance()
    let whole = patterns(stream, count: 401)
    for offset in stride(from: 0, through: 60, by: 4) {
      for count in [0, 1, 2, 3, 4, 5, 15, 16, 17, 63, 64, 65, 340] {
        #expect(patterns(stream, from: offset, count: count) == Array(whole[offset..<offset + count]))
      }
    }
  }

  @Test("tells the target's value for every pattern", arguments: StreamSpecification.Target.allCases)
  func targets(kind: StreamSpecification.Target) {
    for (bits, flippingBits) in [(20, 15), (8, 5), (12, 4), (6, 6)] {
      let specification = StreamSpecification(bits: bits, flippingBits: flippingBits, target: kind)
      var stream = BitFlippingStream(specification, seed: 5)
      for _ in 0..<20 {
        #expect(stream.targets.count == 1 << (bits - flippingBits))
        for (pattern, target) in stream.targets.enumerated() {
          let bits = example(pattern, stream)
          #expect(stream.randomBits(of: pattern) == Array(bits[flippingBits...]))
          #expect(target == bruteForceTarget(stream.target, bits))
        }
        stream.advance()
      }
      #expect(Set(stream.targets).count > 1 || bits == flippingBits)
    }
  }

  @Test("has a target of signs")
  func signs() {
    let network = TargetNetwork(StreamSpecification(targetUnits: 1_000), seed: 6)
    #expect(network.weights.count == 21_000)
    #expect(network.weights.allSatisfy { abs($0) == 1 })
    // The sum of n signs has the standard deviation √n.
    #expect(abs(network.weights.reduce(0, +)) < 6 * 145)
    #expect(network.outputWeights.count == 1_000)
    #expect(network.outputWeights.allSatisfy { abs($0) == 1 })
    #expect(abs(network.outputWeights.reduce(0, +)) < 6 * 32)
    let outputBiases = (0..<64).map {
      TargetNetwork(StreamSpecification(targetUnits: 1), seed: $0).outputBias
    }
    #expect(Set(outputBiases) == [-1, 1])
    let withoutBias = TargetNetwork(StreamSpecification(targetUnits: 1, target: .dohare), seed: 6)
    #expect(withoutBias.outputBias == 0)
  }

  @Test("has thresholds by their formulas", arguments: [0.3, 0.7])
  func thresholds(beta: Double) {
    for bits in [6, 20] {
      let released = TargetNetwork(
        StreamSpecification(bits: bits, flippingBits: bits - 2, beta: beta), seed: 7)
      let dohare = TargetNetwork(
        StreamSpecification(bits: bits, flippingBits: bits - 2, beta: beta, target: .dohare), seed: 7)
      #expect(released.weights == dohare.weights)
      #expect(released.thresholds.count == 100)
      for unit in 0..<100 {
        let weights = (0..<bits).map { released.weights[unit * (bits + 1) + $0] }
        let bias = released.weights[unit * (bits + 1) + bits]
        // Of n signs with the sum s, (n − s) / 2 are negative.
        let negative = (Double(bits) - weights.reduce(0, +)) / 2
        let bound = beta * Double(bits + 1) - negative + bias / 2
        #expect(abs(released.thresholds[unit] - bound) < 1e-12)
        #expect(abs(dohare.thresholds[unit] - (beta * Double(bits) - negative - (1 - bias) / 2)) < 1e-12)
      }
    }
  }

  private func patterns(_ stream: BitFlippingStream, from offset: Int = 0, count: Int) -> [UInt8] {
    var patterns = [UInt8](repeating: .max, count: count)
    patterns.withUnsafeMutableBufferPointer { stream.fill($0, from: offset) }
    return patterns
  }

  private func chiSquare(_ counts: [Int]) -> Double {
    let expected = Double(counts.reduce(0, +)) / Double(counts.count)
    return counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
  }

  /// Six standard deviations above the mean of χ².
  private func six(_ degrees: Int) -> Double { Double(degrees) + 6 * (2 * Double(degrees)).squareRoot() }
}
