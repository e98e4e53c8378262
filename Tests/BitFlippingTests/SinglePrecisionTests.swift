import Testing

@testable import BitFlipping

/// ``CollapsedLearner`` in `Float` against the reference in `Double`, step by step.
///
/// Rounding keeps weights within 10⁻⁵ of one another for as long as the same units fire and the same are
/// replaced. A potential that lies within rounding of zero parts them: a ReLU that fires in one and not in the
/// other takes a step of its own, and the weights end up to 0.6 apart.
///
/// So it went in 8 of 60 runs of 10,000 examples with ReLU and plain descent (periods 10,000 and 500; one of 24
/// of width 5, one of 24 of width 10, six of 12 of width 100), at potentials of 1.2 · 10⁻⁶ at most; until then
/// the weights differed by 1.5 · 10⁻⁵ at most, 7 · 10⁻⁶ at widths 5 and 100. LeakyReLU does likewise. The smooth
/// functions never part; in the same 60 runs each they stayed within 5.4 · 10⁻⁵ (tanh), 2.2 · 10⁻⁵ (sigmoid, ELU) and 2 · 10⁻⁵ (SiLU).
@Suite("Single precision") struct SinglePrecisionTests {
  struct Comparison {
    /// The largest difference between weights, every hundred steps, while the same units fire.
    var deviation = 0.0
    /// The first step at which different units fire, and how far from zero their potential is.
    var parting: (step: Int, potential: Double)?
    var replacements: (single: Int, double: Int) = (0, 0)
    var steps = 0
  }

  private func compare(_ course: Course) -> Comparison {
    let learner = course.learner(of: Float.self)
    var reference = course.referenceLearner
    var comparison = Comparison()
    course.forEachTask { stream, patterns in
      guard comparison.parting == nil else { return }
      learner.beginTask(flippingBits: stream.flippingBits)
      for pattern in patterns {
        _ = [pattern].withUnsafeBufferPointer { learner.learn($0, targets: stream.targets) }
        _ = reference.learn(example(Int(pattern), stream), target: stream.targets[Int(pattern)])
        comparison.steps += 1
        if course.activation == .relu {
          let parted = (0..<course.width).filter {
            (learner.hidden[$0 / 16][$0 % 16] > 0) != (reference.hidden[$0] > 0)
          }
          if let potential = parted.map({ abs(reference.potentials[$0]) }).max() {
            comparison.parting = (comparison.steps, potential)
            return
          }
        }
        guard comparison.steps % 100 == 0 else { continue }
        for (single, double) in zip(learner.parameters.values, reference.parameters.values) {
          comparison.deviation = max(comparison.deviation, abs(single - double))
        }
      }
    }
    comparison.replacements = (learner.replacements, reference.replaced.count)
    return comparison
  }

  /// Measured: at most 1.9 · 10⁻⁶ in these five; 2.7 · 10⁻⁶ for plain descent with the seeds 1 to 12, of which
  /// none parts.
  @Test(
    "stays with the reference at width 5 over a task of the paper's length",
    arguments: (1...3).map { Course(stream: StreamSpecification(), seed: $0) }
      + [
        Course(stream: StreamSpecification(), continual: ReplacementSpecification(replacementRate: 1e-3)),
        Course(stream: StreamSpecification(), continual: ReplacementSpecification(variant: .released)),
      ])
  func narrow(_ course: Course) {
    let comparison = compare(course)
    #expect(comparison.parting == nil)
    #expect(comparison.steps == 10_000)
    #expect(comparison.deviation < 1e-5)
    #expect(comparison.replacements.single == comparison.replacements.double)
  }

  /// Measured: at most 1.7 · 10⁻⁶. Seed 2 parts at step 1,729, at a potential of 2.8 · 10⁻⁷; of the seeds 1 to 6
  /// five part within 10,000 steps, the others later.
  @Test("stays with the reference at width 100 until a unit fires in one alone", arguments: [1, 2])
  func wide(seed: UInt64) {
    let comparison = compare(
      Course(stream: StreamSpecification(), width: 100, seed: seed, examples: 2_000))
    #expect(comparison.deviation < 1e-5)
    #expect((comparison.parting != nil) == (seed == 2))
    #expect((comparison.parting?.step ?? 2_000) > 1_000)
    #expect((comparison.parting?.potential ?? 0) < 1e-5)
  }

  /// Measured: at most 1.3 · 10⁻⁶.
  @Test(
    "stays with the reference where the derivative has no jump",
    arguments: [HiddenActivation.tanh, .sigmoid, .elu, .silu])
  func smooth(activation: HiddenActivation) {
    let comparison = compare(Course(activation: activation, examples: 2_500))
    #expect(comparison.deviation < 1e-5)
  }
}
