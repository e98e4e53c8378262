import LinearAlgebra
import Testing

@testable import BitFlipping

@Suite("Collapsed learner") struct CollapsedLearnerTests {
  @Test(
    "in Double is the reference, task after task",
    arguments: Course.plain + Course.activations + Course.continual)
  func reference(_ course: Course) {
    let collapsed = course.run(Double.self)
    let reference = course.runReference()
    #expect(collapsed.deviation(from: reference) < 1e-9)
    #expect(collapsed.lossDeviation(from: reference) < 1e-9)
    #expect(collapsed.replacements == reference.replacements)
    #expect((collapsed.replacements > 0) == (course.continual != nil))
    #expect(collapsed.parameters != course.beginning)
  }

  @Test(
    "gives the same bits however its examples come",
    arguments: [
      Course(width: 5, examples: 1_300),
      Course(
        width: 5, activation: .silu,
        continual: ReplacementSpecification(variant: .released), examples: 1_300),
      Course(width: 17, continual: ReplacementSpecification(replacementRate: 1e-3), examples: 1_300),
    ].map { course in
      var course = course
      course.stream.period = 1_100
      return course
    })
  func pieces(_ course: Course) {
    func check<Scalar: LaneScalar>(_: Scalar.Type) {
      let whole = course.run(Scalar.self)
      #expect(course.run(Scalar.self) == whole)
      for piece in [4, 1_000] {
        let pieces = course.run(Scalar.self, piece: piece)
        #expect(pieces.parameters == whole.parameters)
        #expect(pieces.replacements == whole.replacements)
        // The sums of losses are rounded once a piece.
        #expect(pieces.lossDeviation(from: whole) < 1e-12)
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test(
    "tells its weights at any time", arguments: [nil, ReplacementSpecification.Variant.published, .released])
  func parameters(variant: ReplacementSpecification.Variant?) {
    var course = Course(stream: StreamSpecification(period: 60), width: 17, examples: 600)
    course.continual = variant.map { ReplacementSpecification(variant: $0, replacementRate: 1e-2) }
    let learner = course.learner(of: Double.self)
    #expect(learner.parameters == course.beginning)
    var reference = course.referenceLearner
    course.forEachTask { stream, patterns in
      let before = learner.parameters
      learner.beginTask(flippingBits: stream.flippingBits)
      #expect(learner.parameters == before)
      for pattern in patterns {
        let examples = [pattern]
        let loss = examples.withUnsafeBufferPointer { learner.learn($0, targets: stream.targets) }
        let expected = reference.learn(example(Int(pattern), stream), target: stream.targets[Int(pattern)])
        #expect(abs(loss - expected) <= 1e-9 * max(1, expected))
        #expect(learner.replacements == reference.replaced.count)
        let differences = zip(learner.parameters.values, reference.parameters.values).map { abs($0 - $1) }
        #expect(differences.allSatisfy { $0 < 1e-9 })
      }
      let during = learner.parameters
      learner.endTask()
      #expect(learner.parameters == during)
      learner.endTask()
      #expect(learner.parameters == during)
    }
  }

  @Test("begins continual backpropagation between tasks or within one", arguments: [500, 600, 740])
  func late(beginning: Int) {
    let course = Course(stream: StreamSpecification(period: 500), width: 17, examples: 1_500)
    let settings = ReplacementSpecification(replacementRate: 1e-2)
    let learner = course.learner(of: Double.self)
    var reference = course.referenceLearner
    var step = 0
    course.forEachTask { stream, patterns in
      if step == beginning { learner.begin(settings, seed: 3) }
      learner.beginTask(flippingBits: stream.flippingBits)
      for pattern in patterns {
        if step == beginning {
          if step % 500 != 0 { learner.begin(settings, seed: 3) }
          reference.begin(settings, seed: 3)
        }
        _ = [pattern].withUnsafeBufferPointer { learner.learn($0, targets: stream.targets) }
        _ = reference.learn(example(Int(pattern), stream), target: stream.targets[Int(pattern)])
        step += 1
      }
    }
    #expect(reference.replaced.count > 50)
    #expect(learner.replacements == reference.replaced.count)
    let differences = zip(learner.parameters.values, reference.parameters.values).map { abs($0 - $1) }
    #expect(differences.allSatisfy { $0 < 1e-9 })
  }

  /// Units that never fire have utility zero, less than all others, and are told apart by their number only.
  @Test("replaces the first of equal units, in whatever order they came of age")
  func ties() {
    let silent = [3, 7, 15, 16, 18]
    let course = Course(width: 20, examples: 1_500)
    var parameters = course.beginning
    for unit in silent { parameters.hidden[course.stream.bits + 1][unit] = -100 }
    let learner = CollapsedLearner<Float>(stream: course.stream, parameters: parameters, learningRate: 0.01)
    learner.begin(ReplacementSpecification(replacementRate: 1e-3, maturity: 50), seed: 1)
    var order: [Int] = []
    course.forEachTask { stream, patterns in
      learner.beginTask(flippingBits: stream.flippingBits)
      for pattern in patterns {
        _ = [pattern].withUnsafeBufferPointer { learner.learn($0, targets: stream.targets) }
        // Fresh units begin without a bias.
        let biases = learner.parameters.hidden[course.stream.bits + 1]
        order += silent.filter { biases[$0] > -50 && !order.contains($0) }
      }
    }
    #expect(order == silent)
  }

  /// A unit that has stopped firing keeps a utility of ηᵗ times what it had, and the smallest of these would go
  /// first. Below 10⁻³⁰ they are all zero to the learner: with η = 0.99 after some 6,900 steps, with 0.9 after 650.
  @Test("takes units that have been silent for long for equal", arguments: [1, 2])
  func longSilence(seed: UInt64) {
    let settings = ReplacementSpecification(replacementRate: 1e-4, decay: 0.9)
    let course = Course(
      stream: StreamSpecification(period: 2_500), width: 10, continual: settings, seed: seed, examples: 5_000)
    let collapsed = course.run(Double.self)
    #expect(collapsed.deviation(from: course.runReference(negligible: 1e-30)) < 1e-9)
    #expect(collapsed.deviation(from: course.runReference()) > 0.1)
  }
}
