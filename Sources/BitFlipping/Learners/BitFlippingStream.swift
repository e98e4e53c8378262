import LinearAlgebra

/// The examples of a run, task by task.
///
/// Within a task only the random bits change, so an example is told by their *pattern*: bit r of the number is
/// the r-th random bit. Target values are tabulated by pattern once a task.
public struct BitFlippingStream: Sendable {
  public let specification: StreamSpecification
  public let target: TargetNetwork
  /// The current task, from 0.
  public private(set) var task = 0
  /// The values that the flipping bits have in the current task.
  public private(set) var flippingBits: [Bool]
  /// The target's value for each pattern in the current task.
  public private(set) var targets: [Double]

  private let patternKey: RandomStream.Key
  private var flips: RandomStream

  /// The stream of a run at its first task.
  public init(_ specification: StreamSpecification, seed: UInt64) {
    self.specification = specification
    target = TargetNetwork(specification, seed: seed)
    patternKey = RandomStream.Key(seed: seed, purpose: "bit-flipping patterns")
    flips = RandomStream(seed: seed, purpose: "bit-flipping flips")
    var start = RandomStream(seed: seed, purpose: "bit-flipping start")
    flippingBits = (0..<specification.flippingBits).map { _ in start.integer(below: 2) == 1 }
    targets = []
    tabulateTargets()
  }

  /// Goes on to the next task: one flipping bit, uniformly chosen, inverts.
  public mutating func advance() {
    task += 1
    flippingBits[Int(flips.integer(below: UInt32(flippingBits.count)))].toggle()
    tabulateTargets()
  }

  /// The random bits of a pattern.
  public func randomBits(of pattern: Int) -> [Bool] {
    (0..<specification.randomBits).map { pattern >> $0 & 1 == 1 }
  }

  /// Fills `patterns` with those of examples `offset` and following of the current task.
  ///
  /// Precondition: `offset` is a multiple of four.
  public func fill(_ patterns: UnsafeMutableBufferPointer<UInt8>, from offset: Int) {
    precondition(offset % 4 == 0, "whole words")
    let mask = UInt32(1 << specification.randomBits - 1)
    // A word makes four patterns, a byte each; the stream is one a task.
    var position = UInt64(offset / 16)
    var word = offset / 4 % 4
    var block = RandomStream.block(key: patternKey, index: UInt64(task), position: position)
    for first in stride(from: 0, to: patterns.count, by: 4) {
      if word == 4 {
        position += 1
        word = 0
        block = RandomStream.block(key: patternKey, index: UInt64(task), position: position)
      }
      var value = block[word]
      word += 1
      for index in first..<min(first + 4, patterns.count) {
        patterns[index] = UInt8(value & mask)
        value >>= 8
      }
    }
  }

  private mutating func tabulateTargets() {
    let fixed = flippingBits
    targets = (0..<1 << specification.randomBits).map { target.value(of: fixed + randomBits(of: $0)) }
  }
}
