import LinearAlgebra
import PlasticityMetrics
import Testing

@testable import BitFlipping

/// What the probe works out from small products, against the metrics of whole activation matrices.
@Suite("Learner's probe") struct LearnerProbeTests {
  /// A learner that has followed the stream for a while, so that units are dead and alike.
  private func learner(width: Int, activation: HiddenActivation = .relu) -> CollapsedLearner<Float> {
    var course = Course(width: width, activation: activation, learningRate: 0.02, seed: 3)
    course.examples = 20_000
    let learner = course.learner(of: Float.self)
    course.forEachTask { stream, patterns in
      learner.beginTask(flippingBits: stream.flippingBits)
      _ = patterns.withUnsafeBufferPointer { learner.learn($0, targets: stream.targets) }
    }
    return learner
  }

  /// The layer's outputs on the probe's inputs, one input at a time.
  private func outputs(
    _ probe: LearnerProbe, _ weights: LearnerParameters, _ function: (Double) -> Double
  ) -> [Double] {
    (0..<probe.inputs.rows).flatMap { sample in
      (0..<weights.width).map { unit in
        var potential = weights.hidden[weights.bits + 1][unit]
        for input in 0...weights.bits {
          potential += probe.inputs[sample, input] * weights.hidden[input][unit]
        }
        return function(potential)
      }
    }
  }

  private func metrics(_ values: [Double], width: Int) throws -> [String: Double] {
    var values = values
    return try values.withUnsafeMutableBufferPointer { buffer in
      let matrix = Matrix(
        elements: try #require(buffer.baseAddress), rows: buffer.count / width, columns: width)
      var thresholds = MetricThresholds()
      thresholds.duplicateCosine = LearnerProbe.duplicateCosine
      let sample = LayerSample(
        rows: matrix.rows, units: width, seed: 0,
        metrics: LayerMetricRegistry.standard(thresholds: thresholds))
      sample.add(activations: matrix, gradients: nil)
      return Dictionary(uniqueKeysWithValues: try sample.values().map { ($0.metric, $0.value) })
    }
  }

  @Test(arguments: [1, 5, 21, 22, 60])
  func readsWhatTheMetricsOfTheWholeMatrixSay(width: Int) throws {
    let learner = learner(width: width)
    let probe = try LearnerProbe(stream: StreamSpecification(), width: width, samples: 128, seed: 9)
    probe.load(learner)
    let potentials = try metrics(outputs(probe, learner.parameters) { $0 }, width: width)
    let read = try probe.potentials()
    #expect(abs(read.effectiveRank - (potentials["effectiveRank"] ?? -1)) < 1e-6)
    #expect(read.duplicateFraction == potentials["duplicateFraction"])
    let activations = try metrics(outputs(probe, learner.parameters) { max($0, 0) }, width: width)
    let active = try probe.activations()
    #expect(abs(active.effectiveRank - (activations["effectiveRank"] ?? -1)) < 1e-5)
    #expect(active.duplicateFraction == activations["duplicateFraction"])
    #expect(active.deadFraction == activations["deadFraction"])
  }

  @Test func errorIsTheMeanOverAllPatterns() throws {
    for activation in HiddenActivation.allCases {
      let learner = learner(width: 7, activation: activation)
      var stream = BitFlippingStream(StreamSpecification(), seed: 3)
      stream.advance()
      let probe = try LearnerProbe(stream: stream.specification, width: 7, samples: 64, seed: 9)
      probe.load(learner)
      let weights = learner.parameters
      var sum = 0.0
      for pattern in stream.targets.indices {
        let bits = stream.flippingBits + stream.randomBits(of: pattern)
        var output = weights.outputBias
        for unit in 0..<7 {
          var potential = weights.hidden[20][unit] + weights.hidden[21][unit]
          for bit in bits.indices where bits[bit] { potential += weights.hidden[bit][unit] }
          var value = [potential]
          value.withUnsafeMutableBufferPointer { activation.apply(to: $0) }
          output += value[0] * weights.output[unit]
        }
        let error = output - stream.target.value(of: bits)
        sum += error * error
      }
      #expect(abs(probe.meanSquaredError(on: stream) - sum / 32) < 1e-9 * sum, "\(activation)")
    }
  }

  @Test func aDivergedLearnerHasNoReading() throws {
    let learner = CollapsedLearner<Float>(
      stream: StreamSpecification(),
      parameters: LearnerParameters(
        bits: 20, hidden: Array(repeating: [.nan, 1], count: 22), output: [1, 1], outputBias: 0),
      learningRate: 0.01)
    let probe = try LearnerProbe(stream: StreamSpecification(), width: 2, samples: 64, seed: 0)
    probe.load(learner)
    #expect(try probe.potentials().effectiveRank.isNaN)
    #expect(try probe.activations().deadFraction.isNaN)
  }

  @Test func tooFewInputsAreRefused() {
    #expect(throws: CholeskyError.self) {
      try LearnerProbe(stream: StreamSpecification(), width: 2, samples: 10, seed: 0)
    }
  }
}
