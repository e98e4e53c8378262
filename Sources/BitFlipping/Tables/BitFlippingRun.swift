/// A learner on its way along the stream, bin by bin.
struct BitFlippingRun<Learner: OnlineLearner> {
  let specification: BitFlippingSpecification
  private let learner: Learner
  private let probe: LearnerProbe
  private var stream: BitFlippingStream
  private var patterns: [UInt8]
  private(set) var examples = 0
  private(set) var curves: WindowedCurves

  init(_ specification: BitFlippingSpecification, learner: Learner) throws {
    self.specification = specification
    self.learner = learner
    probe = try LearnerProbe(
      stream: specification.stream, width: specification.width,
      samples: specification.readings.samples, seed: specification.seed)
    stream = BitFlippingStream(specification.stream, seed: specification.seed)
    patterns = Array(repeating: 0, count: specification.readings.every)
    curves = WindowedCurves(window: specification.readings.window)
    learner.beginTask(flippingBits: stream.flippingBits)
  }

  var isFinished: Bool { examples >= specification.stream.examples }

  /// Learns from the examples of a bin and reads what is due at its end.
  mutating func learnBin() throws {
    let offset = examples % specification.stream.period
    if offset == 0, examples > 0 {
      stream.advance()
      learner.beginTask(flippingBits: stream.flippingBits)
    }
    if examples == specification.replacementStart,
      let settings = specification.method.continualBackpropagation
    {
      learner.begin(settings, seed: specification.seed)
    }
    patterns.withUnsafeMutableBufferPointer { stream.fill($0, from: offset) }
    let error = patterns.withUnsafeBufferPointer { learner.learn($0, targets: stream.targets) }
    examples += patterns.count
    curves.add(error / Double(patterns.count), to: "loss")
    try read()
    curves.finishBin(at: examples)
  }

  private mutating func read() throws {
    probe.load(learner)
    curves.add(probe.meanSquaredError(on: stream), to: "evaluationLoss")
    let potentials = try probe.potentials()
    curves.add(potentials.effectiveRank, to: "potentialEffectiveRank")
    curves.add(potentials.duplicateFraction, to: "potentialDuplicateFraction")
    if examples % specification.readings.activationsEvery == 0 {
      let activations = try probe.activations()
      curves.add(activations.effectiveRank, to: "effectiveRank")
      curves.add(activations.duplicateFraction, to: "duplicateFraction")
      curves.add(activations.deadFraction, to: "deadFraction")
    }
    if examples % specification.readings.window == 0 {
      curves.add(Double(learner.replacements), to: "replacements")
    }
  }
}
