import Foundation
import Testing

@testable import BitFlipping

/// What `Fixtures/make_fixtures.py` wrote: a short stream, and how learners that PyTorch runs go through it.
struct PyTorchCourse: Decodable {
  struct Weights: Decodable {
    /// One row an input: bits, constant 1, bias.
    let hidden: [[Double]]
    let output: [Double]
    let outputBias: Double

    var parameters: LearnerParameters {
      LearnerParameters(bits: hidden.count - 2, hidden: hidden, output: output, outputBias: outputBias)
    }
  }

  struct Case: Decodable, CustomTestStringConvertible {
    let name: String
    let activation: HiddenActivation
    let width: Int
    /// Names the stream of fresh weights.
    let seed: UInt64
    let method: LearningMethod
    /// The squared error of each example before its step.
    let losses: [Double]
    /// Step, from 1, and unit of each replacement.
    let replaced: [[Int]]
    let last: Weights
    var testDescription: String { name }
  }

  let stream: StreamSpecification
  /// 0 or 1, task by task.
  let flippingBits: [[Int]]
  let patterns: [UInt8]
  /// By task and pattern.
  let targets: [[Double]]
  /// By width.
  let first: [String: Weights]
  let cases: [Case]

  static func load() throws -> PyTorchCourse {
    let place = try #require(
      Bundle.module.url(forResource: "pytorch", withExtension: "json", subdirectory: "Fixtures"))
    return try JSONDecoder().decode(PyTorchCourse.self, from: Data(contentsOf: place))
  }

  /// Calls `body` for each example with its task and whether the task begins.
  func forEachExample(_ body: (_ number: Int, _ pattern: UInt8, _ task: Int, _ isFirst: Bool) throws -> Void)
    rethrows
  {
    for (number, pattern) in patterns.enumerated() {
      try body(number, pattern, number / stream.period, number % stream.period == 0)
    }
  }
}
