import LinearAlgebra
import NeuralNetwork
import Testing

/// Clones of convolutional networks compute what their bases compute (paper, remark A.4).
@Suite struct ModelCloningTests {
  @Test(arguments: Normalization.allCases, [2, 3])
  func convolutionalNetwork(normalization: Normalization, factor: Int) throws {
    let specification = CNNSpecification(
      height: 9, width: 8, channels: [3, 5], hiddenSize: 6, classes: 4, normalization: normalization)
    try check(
      specification.makeNetwork(of: Double.self), inputs: specification.inputSize, factor: factor
    ) {
      specification.cloned(by: $0).makeNetwork(of: Double.self)
    }
  }

  @Test(arguments: Normalization.allCases, [2, 3])
  func residualNetwork(normalization: Normalization, factor: Int) throws {
    let specification = ResNetSpecification(
      height: 7, width: 8, baseChannels: 3, blocks: [1, 2], classes: 4, normalization: normalization)
    try check(
      specification.makeNetwork(of: Double.self), inputs: specification.inputSize, factor: factor
    ) {
      specification.cloned(by: $0).makeNetwork(of: Double.self)
    }
  }

  /// Every layer's outputs are the base's, repeated, and every gradient a share of the base's; so are those of a
  /// clone of the clone.
  private func check(
    _ base: Network<Double>, inputs: Int, factor: Int, makeClone: (Int) -> Network<Double>
  ) throws {
    let batch = Batch<Double>(rows: 5, inputs: inputs, classes: 4, seed: 0)
    base.reserve(batchSize: 5)
    base.initialize(seed: 1)
    let optimizer = SGD(base, learningRate: 0.05)
    for _ in 0..<3 {
      batch.gradients(of: base, in: StepContext(mode: .training))
      optimizer.step()
    }
    var previous = base
    for copies in [factor, 2 * factor] {
      let clone = makeClone(copies)
      clone.reserve(batchSize: 5)
      try previous.expand(into: clone)
      previous = clone
      for mode in [StepContext.Mode.evaluation, .probing] {
        batch.gradients(of: base, in: StepContext(mode: mode))
        batch.gradients(of: clone, in: StepContext(mode: mode))
        for index in base.layers.indices {
          let (small, large) = (base.output(of: index), clone.output(of: index))
          let ratio = large.columns / small.columns
          #expect(difference(small, large, ratio: ratio, scale: 1) < 1e-10, "\(base.layers[index].name)")
          let (few, many) = (base.outputGradient(of: index), clone.outputGradient(of: index))
          #expect(difference(few, many, ratio: ratio, scale: Double(ratio)) < 1e-10)
        }
      }
    }
  }

  private func difference(
    _ small: Matrix<Double>, _ large: Matrix<Double>, ratio: Int, scale: Double
  ) -> Double {
    guard small.rows == large.rows else { return .infinity }
    var largest = 0.0
    for row in 0..<large.rows {
      for column in 0..<large.columns {
        largest = max(largest, abs(large[row, column] * scale - small[row, column / ratio]))
      }
    }
    return largest
  }

  @Test func othersAreRefused() {
    let cnn = CNNSpecification(height: 8, width: 8, channels: [2, 3], hiddenSize: 5, classes: 2)
    var wrong = cnn.cloned(by: 2)
    wrong.copies = 1
    #expect(
      throws: CloningError.unequalProfiles(
        layer: "flatten", .init("what it receives", CloningProfile(units: 3, copies: 2)),
        .init("what it takes", CloningProfile(units: 3)))
    ) {
      try cnn.makeNetwork(of: Double.self).expand(into: wrong.makeNetwork(of: Double.self))
    }
    wrong = cnn.cloned(by: 2)
    wrong.input.height = 9
    #expect(throws: CloningError.self) {
      try cnn.makeNetwork(of: Double.self).expand(into: wrong.makeNetwork(of: Double.self))
    }
    let resnet = ResNetSpecification(height: 8, width: 8, baseChannels: 2, classes: 2)
    var other = resnet.cloned(by: 2)
    other.affine = false
    #expect(throws: CloningError.self) {
      try resnet.makeNetwork(of: Double.self).expand(into: other.makeNetwork(of: Double.self))
    }
    other = resnet.cloned(by: 2)
    other.normalization = .layer
    #expect(throws: CloningError.self) {
      try resnet.makeNetwork(of: Double.self).expand(into: other.makeNetwork(of: Double.self))
    }
    other = resnet.cloned(by: 2)
    other.channels = [5]
    #expect(throws: CloningError.self) {
      try resnet.makeNetwork(of: Double.self).expand(into: other.makeNetwork(of: Double.self))
    }
  }
}
