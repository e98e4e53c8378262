import Specifications
import Tables
import Testing

@testable import BitFlipping

@Suite("Bit-flipping tables") struct BitFlippingTableTests {
  private func specification(
    _ method: LearningMethod = LearningMethod(), width: Int = 5, examples: Int = 8_000
  ) -> BitFlippingSpecification {
    BitFlippingSpecification(
      seed: 7, stream: StreamSpecification(period: 1_000, examples: examples), width: width,
      activation: .relu, method: method,
      readings: ReadingSpecification(
        every: 200, activationsEvery: 400, window: 800, last: 1_600, samples: 64))
  }

  private func curves(_ specification: BitFlippingSpecification) throws -> [String: [(x: Double, y: Double)]]
  {
    let table = try BitFlippingTable.compute(specification) { _ in }
    let names = try table.column("curve")
    let x = try table.numbers("x")
    let y = try table.numbers("y")
    var curves: [String: [(x: Double, y: Double)]] = [:]
    for row in names.indices { curves[names[row], default: []].append((x[row], y[row])) }
    return curves
  }

  @Test func windowsAreMeansOfTheErrors() throws {
    let specification = specification()
    let loss = try #require(try curves(specification)["loss"])
    #expect(loss.map(\.x) == (1...10).map { Double($0) * 800 })
    // The same by hand, one example at a time.
    var stream = BitFlippingStream(specification.stream, seed: 7)
    let learner = CollapsedLearner<Float>(
      stream: specification.stream, parameters: LearnerParameters(bits: 20, width: 5, seed: 7),
      learningRate: 0.01)
    learner.beginTask(flippingBits: stream.flippingBits)
    var sums = [Double](repeating: 0, count: 10)
    var patterns = [UInt8](repeating: 0, count: 1_000)
    for example in 0..<8_000 {
      if example % 1_000 == 0 {
        if example > 0 {
          stream.advance()
          learner.beginTask(flippingBits: stream.flippingBits)
        }
        patterns.withUnsafeMutableBufferPointer { stream.fill($0, from: 0) }
      }
      let place = example % 1_000
      sums[example / 800] += patterns[place...place].withUnsafeBufferPointer {
        learner.learn($0, targets: stream.targets)
      }
    }
    for (point, sum) in zip(loss, sums) { #expect(abs(point.y - sum / 800) < 1e-12 * sum) }
  }

  @Test func lastValuesAreMeansOverTheEnd() throws {
    let curves = try curves(specification())
    for name in ["loss", "evaluationLoss", "potentialEffectiveRank", "effectiveRank", "deadFraction"] {
      let curve = try #require(curves[name])
      let last = try #require(curves["last-\(name)"])
      #expect(last.count == 1 && last[0].x == 8_000)
      #expect(abs(last[0].y - (curve[8].y + curve[9].y) / 2) < 1e-12, "\(name)")
    }
    #expect(curves["before-loss"] == nil)
  }

  @Test func aSwitchIsGradientDescentUntilItComes() throws {
    let settings = ReplacementSpecification(replacementRate: 0.01, from: 0.5)
    let plain = try curves(specification())
    let switched = try curves(specification(LearningMethod(continualBackpropagation: settings)))
    #expect(switched["before-loss"]?.map(\.x) == [800, 1_600, 2_400, 3_200, 4_000])
    #expect(switched["before-loss"]?.map(\.y) == plain["loss"]?.prefix(5).map(\.y))
    #expect(switched["after-loss"]?.count == 5)
    #expect(switched["after-loss"]?.map(\.y) != plain["loss"]?.suffix(5).map(\.y))
    #expect(switched["replacements"]?[4].y == 0)
    #expect((switched["replacements"]?.last?.y ?? 0) > 0)
  }

  @Test(arguments: [
    LearningMethod(), LearningMethod(optimizer: .adam, learningRate: 1e-3), LearningMethod(weightDecay: 1e-3),
    LearningMethod(dropout: 0.2), LearningMethod(perturbation: .init(shrink: 0.999, variance: 1e-6)),
    LearningMethod(continualBackpropagation: .init(variant: .released)),
  ])
  func aSecondRunIsTheSame(method: LearningMethod) throws {
    let first = try BitFlippingTable.compute(specification(method)) { _ in }
    let second = try BitFlippingTable.compute(specification(method)) { _ in }
    #expect(first.rows == second.rows)
  }

  @Test func whatIsReportedEndsTheRun() {
    struct Stop: Error {}
    var told: [Int] = []
    #expect(throws: Stop.self) {
      try BitFlippingTable.compute(specification()) { done in
        told.append(done)
        if done >= 1_600 { throw Stop() }
      }
    }
    #expect(told == [800, 1_600])
  }

  @Test func mistakesAreNamed() {
    func problem(_ specification: BitFlippingSpecification) -> SpecificationProblem? {
      do { try specification.validate() } catch { return error }
      return nil
    }
    var wrong = specification()
    #expect(problem(wrong) == nil)
    wrong.readings.every = 300
    #expect(problem(wrong)?.path == "readings.every")
    wrong = specification(LearningMethod(dropout: 1))
    #expect(problem(wrong)?.path == "method.dropout")
    wrong = specification(LearningMethod(dropout: 0.1, continualBackpropagation: .init()))
    #expect(problem(wrong)?.message.contains("plain gradient descent alone") == true)
    wrong = specification(LearningMethod(continualBackpropagation: .init(from: 0.51)))
    #expect(problem(wrong)?.path == "method.continualBackpropagation.from")
    wrong = specification()
    wrong.stream.flippingBits = 3
    #expect(problem(wrong)?.path == "stream.flippingBits")
    wrong = specification(width: 0)
    #expect(problem(wrong)?.path == "width")
  }
}
