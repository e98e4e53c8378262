import LinearAlgebra
import NeuralNetwork
import Testing

@Suite struct CloningTests {
  private let specification = MLPSpecification(
    inputSize: 12, hiddenSizes: [10, 6], classes: 4, normalization: .batch)

  @Test(arguments: [2, 3])
  func clonesComputeTheSame(factor: Int) throws {
    let base = specification.makeNetwork(of: Double.self)
    let clone = specification.cloned(by: factor).makeNetwork(of: Double.self)
    let batch = Batch<Double>(rows: 9, inputs: 12, classes: 4, seed: 0)
    for network in [base, clone] { network.reserve(batchSize: 9) }
    base.initialize(seed: 1)
    let optimizer = SGD(base, learningRate: 0.1)
    for _ in 0..<3 {
      batch.gradients(of: base, in: StepContext(mode: .training))
      optimizer.step()
    }
    try base.expand(into: clone)
    for mode in [StepContext.Mode.evaluation, .probing] {
      batch.gradients(of: base, in: StepContext(mode: mode))
      batch.gradients(of: clone, in: StepContext(mode: mode))
      for index in base.layers.indices.dropLast() {
        let (small, large) = (base.output(of: index), clone.output(of: index))
        for row in 0..<9 {
          for column in 0..<large.columns {
            #expect(abs(large[row, column] - small[row, column / factor]) < 1e-12)
          }
        }
        let (smallGradient, largeGradient) = (base.outputGradient(of: index), clone.outputGradient(of: index))
        for row in 0..<9 {
          for column in 0..<largeGradient.columns {
            let expected = smallGradient[row, column / factor] / Double(factor)
            #expect(abs(largeGradient[row, column] - expected) < 1e-12)
          }
        }
      }
      let last = base.layers.count - 1
      #expect(relativeError(clone.output(of: last), base.output(of: last)) < 1e-12)
    }
  }

  @Test func networksOfOtherShapesAreRefused() {
    let base = specification.makeNetwork(of: Double.self)
    var other = specification.cloned(by: 2)
    other.hiddenSizes[1] = 15
    #expect(throws: CloningError.mismatch(layer: "linear_2", reason: "15 outputs are no multiple of 6")) {
      try base.expand(into: other.makeNetwork(of: Double.self))
    }
    other = specification.cloned(by: 2)
    other.classes = 8
    #expect(
      throws: CloningError.unequalProfiles(
        layer: "out", .init("its output", CloningProfile(units: 4, copies: 2)),
        .init("the network's output", CloningProfile(units: 4)))
    ) {
      try base.expand(into: other.makeNetwork(of: Double.self))
    }
    other = specification.cloned(by: 2)
    other.normalization = .none
    #expect(throws: CloningError.self) { try base.expand(into: other.makeNetwork(of: Double.self)) }
  }
}
