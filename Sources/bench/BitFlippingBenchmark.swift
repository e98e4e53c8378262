import BitFlipping

/// Our side: the learner alone on the paper's stream.
final class BitFlippingBenchmark {
  private var stream = BitFlippingStream(StreamSpecification(), seed: 0)
  private let learner: CollapsedLearner<Float>
  private var patterns = [UInt8](repeating: 0, count: 1_000)
  private var examples = 0

  init(width: Int, replaces: Bool) {
    learner = CollapsedLearner(
      stream: stream.specification,
      parameters: LearnerParameters(bits: stream.specification.bits, width: width, seed: 0),
      learningRate: 0.01)
    learner.beginTask(flippingBits: stream.flippingBits)
    if replaces { learner.begin(ReplacementSpecification(), seed: 0) }
  }

  /// Learns from the next `examples` of the stream, drawing them included.
  func secondsPerExample(examples count: Int) -> Double {
    stopwatch {
      for _ in 0..<count / patterns.count {
        let offset = examples % stream.specification.period
        if offset == 0, examples > 0 {
          stream.advance()
          learner.beginTask(flippingBits: stream.flippingBits)
        }
        patterns.withUnsafeMutableBufferPointer { stream.fill($0, from: offset) }
        _ = patterns.withUnsafeBufferPointer { learner.learn($0, targets: stream.targets) }
        examples += patterns.count
      }
    } / Double(count)
  }

  /// A whole run of the pipeline with its readings.
  static func secondsPerExample(width: Int, replaces: Bool, examples: Int) -> Double {
    var method = LearningMethod()
    if replaces { method.continualBackpropagation = ReplacementSpecification() }
    let specification = BitFlippingSpecification(
      seed: 0, stream: StreamSpecification(examples: examples), width: width, activation: .relu,
      method: method, readings: ReadingSpecification(last: 100_000))
    return stopwatch {
      do { _ = try BitFlippingTable.compute(specification) { _ in } } catch {
        fatalError("the paper's stream has readings: \(error)")
      }
    } / Double(examples)
  }
}
