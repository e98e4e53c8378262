import LinearAlgebra
import NeuralNetwork
import Testing

/// Losses against PyTorch.
@Suite struct LossTests {
  @Test(arguments: [("range", [3, 4, 5, 6]), ("set", [8, 1, 5]), ("one", [2])])
  func activeClassesAgreeWithPyTorch(name: String, classes: [Int32]) throws {
    try check(name, classes, Float.self, tolerance: 1e-6)
    try check(name, classes, Double.self, tolerance: 1e-14)
  }

  private func check<Scalar: Real>(
    _ name: String, _ classes: [Int32], _ type: Scalar.Type, tolerance: Double
  ) throws {
    let fixture = try Fixture<Scalar>("layers")
    let logits = try fixture.matrix("active/\(name)/logits")
    let labels = try fixture.labels("active/\(name)/labels")
    let gradient = fixture.empty(rows: logits.rows, columns: logits.columns)
    gradient.fill(with: 7)
    let result = evaluate(logits, labels, classes, gradient)
    let expected = Double(try fixture.matrix("active/\(name)/loss")[0, 0])
    #expect(abs(result.loss - expected) <= tolerance * expected)
    // The loss of a single class is 0, and so are its gradients.
    let floor = classes.count == 1 ? 1.0 : 0
    #expect(try fixture.error(gradient, "active/\(name)/gradient", floor: floor) < tolerance)
    for row in 0..<logits.rows {
      for column in 0..<logits.columns where !classes.contains(Int32(column)) {
        #expect(gradient[row, column] == 0)
      }
    }
    func hits(_ candidates: [Int]) -> Int {
      (0..<logits.rows).filter { row in
        candidates.max { logits[row, $0] < logits[row, $1] } == Int(labels[row])
      }.count
    }
    #expect(result.correct == hits(classes.map { Int($0) }))
    #expect(result.correctOfAll == hits(Array(0..<logits.columns)))
    #expect(evaluate(logits, labels, classes, nil) == result)
  }

  /// Targets that are no probabilities, among some of the classes.
  @Test func theBrierScoreAgreesWithPyTorch() throws {
    try checkBrierScore(Float.self, tolerance: 2e-6)
    try checkBrierScore(Double.self, tolerance: 1e-14)
  }

  private func checkBrierScore<Scalar: Real>(_ type: Scalar.Type, tolerance: Double) throws {
    let fixture = try Fixture<Scalar>("layers")
    let logits = try fixture.matrix("brier/logits")
    let gradient = fixture.empty(rows: logits.rows, columns: logits.columns)
    gradient.fill(with: 7)
    let target = Target<Scalar>.probabilities(try fixture.matrix("brier/targets"))
    let classes: [Int32] = [4, 0, 2]
    let score = classes.withUnsafeBufferPointer {
      BrierScore.evaluate(logits: logits, target: target, among: $0, gradient: gradient)
    }
    let expected = Double(try fixture.matrix("brier/loss")[0, 0])
    #expect(abs(score.loss - expected) < tolerance * expected)
    #expect(try fixture.error(gradient, "brier/gradient") < tolerance)
    #expect((0..<logits.rows).allSatisfy { gradient[$0, 1] == 0 && gradient[$0, 3] == 0 })
  }

  private func evaluate<Scalar: Real>(
    _ logits: Matrix<Scalar>, _ labels: [Int32], _ classes: [Int32], _ gradient: Matrix<Scalar>?
  ) -> Score {
    labels.withUnsafeBufferPointer { labels in
      classes.withUnsafeBufferPointer { classes in
        CrossEntropy.evaluate(logits: logits, labels: labels, among: classes, gradient: gradient)
      }
    }
  }

  /// Among all classes it is the plain cross-entropy, to the last bit.
  @Test func allClassesAreNoRestriction() throws {
    let fixture = try Fixture<Float>()
    let logits = try fixture.matrix("loss/logits")
    let labels = try fixture.labels("loss/labels")
    let gradient = fixture.empty(rows: logits.rows, columns: logits.columns)
    let restricted = evaluate(logits, labels, (0..<Int32(logits.columns)).map { $0 }, gradient)
    let kept = Array(gradient.buffer)
    let plain = labels.withUnsafeBufferPointer {
      CrossEntropy.evaluate(logits: logits, labels: $0, gradient: gradient)
    }
    #expect(restricted.loss == plain.loss)
    #expect(restricted.correct == plain.correct && restricted.correctOfAll == plain.correct)
    #expect(kept == Array(gradient.buffer))
  }

  @Test func meanSquaredErrorAgreesWithPyTorch() throws {
    try checkSquares(Float.self, tolerance: 1e-6)
    try checkSquares(Double.self, tolerance: 1e-15)
  }

  private func checkSquares<Scalar: Real>(_ type: Scalar.Type, tolerance: Double) throws {
    let fixture = try Fixture<Scalar>("layers")
    let outputs = try fixture.matrix("square/outputs")
    let targets = try fixture.matrix("square/targets")
    let gradient = fixture.empty(rows: outputs.rows, columns: outputs.columns)
    let score = MeanSquaredError.evaluate(
      outputs: outputs, target: .probabilities(targets), gradient: gradient)
    #expect(abs(score.loss / Double(try fixture.matrix("square/loss")[0, 0]) - 1) < tolerance)
    #expect(try fixture.error(gradient, "square/gradient") < tolerance)
    let alone = MeanSquaredError.evaluate(outputs: outputs, target: .probabilities(targets), gradient: nil)
    #expect(alone == score)
  }

  @Test func squaredErrorsOfLabelsAreThoseOfTheirUnitVectors() {
    let labels: [Int32] = [2, 0, 4]
    let arena = Arena<Double>(capacity: 5 * Arena<Double>.footprint(rows: 3, columns: 5))
    let (outputs, targets) = (arena.take(rows: 3, columns: 5), arena.take(rows: 3, columns: 5))
    let (gradient, expected) = (arena.take(rows: 3, columns: 5), arena.take(rows: 3, columns: 5))
    var stream = RandomStream(seed: 1, purpose: "outputs")
    stream.fillNormal(outputs.buffer)
    targets.fill(with: 0)
    for (row, label) in labels.enumerated() { targets[row, Int(label)] = 1 }
    outputs[1, 0] = 9
    let score = MeanSquaredError.evaluate(
      outputs: outputs, target: .probabilities(targets), gradient: expected)
    let active: [Int32] = [4, 0, 2]
    labels.withUnsafeBufferPointer { labels in
      let all = MeanSquaredError.evaluate(outputs: outputs, target: .classes(labels), gradient: gradient)
      #expect(abs(all.loss - score.loss) < 1e-15 * score.loss)
      #expect(all.correct == all.correctOfAll && all.correct >= 1)
      #expect(zip(gradient.buffer, expected.buffer).allSatisfy { abs($0 - $1) < 1e-15 })
      let some = active.withUnsafeBufferPointer {
        MeanSquaredError.evaluate(outputs: outputs, target: .classes(labels), among: $0, gradient: gradient)
      }
      #expect(some.correct >= all.correct)
      for row in 0..<3 {
        #expect(gradient[row, 1] == 0 && gradient[row, 3] == 0)
        // The mean is over three classes instead of five.
        #expect(abs(gradient[row, 4] - expected[row, 4] * 5 / 3) < 1e-15)
      }
    }
  }
}
