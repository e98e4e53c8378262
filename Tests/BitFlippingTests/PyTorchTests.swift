import Testing

@testable import BitFlipping

@Suite("PyTorch's steps") struct PyTorchTests {
  /// The methods that the collapsed form can take.
  static var collapsible: [PyTorchCourse.Case] {
    get throws { try PyTorchCourse.load().cases.filter { $0.method.movesActiveInputsAlike } }
  }

  @Test("are there for all activations, variants and optimisers")
  func cases() throws {
    let course = try PyTorchCourse.load()
    #expect(Set(course.cases.map(\.activation)) == Set(HiddenActivation.allCases))
    let variants = course.cases.compactMap { $0.method.continualBackpropagation?.variant }
    #expect(Set(variants) == [.published, .released])
    #expect(
      course.cases.allSatisfy { ($0.replaced.count > 50) == ($0.method.continualBackpropagation != nil) })
    #expect(course.cases.count - (try Self.collapsible.count) == 3)
    #expect(course.cases.allSatisfy { $0.losses.count == 1_000 && (try? $0.method.validate()) != nil })
  }

  /// Losses are written with twelve digits. The weights differ by 3 · 10⁻¹⁵ at most.
  @Test("are those of the collapsed learner in Double", arguments: try collapsible)
  func double(_ expected: PyTorchCourse.Case) throws {
    try checkCollapsed(expected, Double.self, tolerance: 1e-9)
  }

  /// The weights differ by 9 · 10⁻⁷ at most: no unit fires in one precision and not in the other here.
  @Test("are those of the collapsed learner in Float", arguments: try collapsible)
  func float(_ expected: PyTorchCourse.Case) throws {
    try checkCollapsed(expected, Float.self, tolerance: 1e-5)
  }

  /// The methods that the learner of all rows can take.
  static var rowByRow: [PyTorchCourse.Case] {
    get throws { try PyTorchCourse.load().cases.filter { $0.method.continualBackpropagation == nil } }
  }

  /// The weights differ by 2 · 10⁻¹⁵ at most.
  @Test("are those of the learner row by row in Double", arguments: try rowByRow)
  func rowsInDouble(_ expected: PyTorchCourse.Case) throws {
    try checkRows(expected, Double.self, tolerance: 1e-9)
  }

  /// The weights differ by 2.4 · 10⁻⁶ at most.
  @Test("are those of the learner row by row in Float", arguments: try rowByRow)
  func rowsInFloat(_ expected: PyTorchCourse.Case) throws {
    try checkRows(expected, Float.self, tolerance: 1e-5)
  }

  private func checkCollapsed<Scalar: LaneScalar>(
    _ expected: PyTorchCourse.Case, _: Scalar.Type, tolerance: Double
  ) throws {
    let course = try PyTorchCourse.load()
    let learner = CollapsedLearner<Scalar>(
      stream: course.stream, parameters: try #require(course.first["\(expected.width)"]).parameters,
      activation: expected.activation, learningRate: expected.method.learningRate)
    if let settings = expected.method.continualBackpropagation {
      learner.begin(settings, seed: expected.seed)
    }
    check(learner, course, expected, tolerance)
  }

  private func checkRows<Scalar: LaneScalar>(
    _ expected: PyTorchCourse.Case, _: Scalar.Type, tolerance: Double
  ) throws {
    let course = try PyTorchCourse.load()
    let learner = RowLearner<Scalar>(
      stream: course.stream, parameters: try #require(course.first["\(expected.width)"]).parameters,
      activation: expected.activation, method: expected.method, seed: expected.seed)
    check(learner, course, expected, tolerance)
  }

  private func check(
    _ learner: some OnlineLearner, _ course: PyTorchCourse, _ expected: PyTorchCourse.Case,
    _ tolerance: Double
  ) {
    var replacements: [Int] = []
    course.forEachExample { number, pattern, task, isFirst in
      if isFirst { learner.beginTask(flippingBits: course.flippingBits[task].map { $0 == 1 }) }
      let loss = [pattern].withUnsafeBufferPointer { learner.learn($0, targets: course.targets[task]) }
      // The square is of an error that is right to the tolerance.
      #expect(abs(loss.squareRoot() - expected.losses[number].squareRoot()) < tolerance)
      let fresh = learner.replacements - replacements.count
      replacements += [Int](repeating: number + 1, count: fresh)
    }
    #expect(replacements == expected.replaced.map { $0[0] })
    let differences = zip(learner.parameters.values, expected.last.parameters.values).map { abs($0 - $1) }
    #expect((differences.max() ?? .nan) < tolerance)
  }

  @Test("are those of the reference, replaced units included", arguments: try collapsible)
  func reference(_ expected: PyTorchCourse.Case) throws {
    let course = try PyTorchCourse.load()
    var learner = ReferenceLearner(
      try #require(course.first["\(expected.width)"]).parameters, activation: expected.activation,
      learningRate: expected.method.learningRate)
    if let settings = expected.method.continualBackpropagation {
      learner.begin(settings, seed: expected.seed)
    }
    course.forEachExample { number, pattern, task, _ in
      let bits =
        course.flippingBits[task].map { $0 == 1 }
        + (0..<course.stream.randomBits).map { pattern >> $0 & 1 == 1 }
      let loss = learner.learn(bits, target: course.targets[task][Int(pattern)])
      #expect(abs(loss.squareRoot() - expected.losses[number].squareRoot()) < 1e-9)
    }
    #expect(learner.replaced.map { [$0.step, $0.unit] } == expected.replaced)
    let differences = zip(learner.parameters.values, expected.last.parameters.values).map { abs($0 - $1) }
    #expect((differences.max() ?? .nan) < 1e-9)
  }
}
