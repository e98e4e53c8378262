import LinearAlgebra
import NeuralNetwork
import Testing

/// Steps whose gradients are used up as they come, against a backward pass and a step after it.
@Suite struct StepInPassTests {
  private static let rules: [any OptimizerRule] = [
    SGDRule(learningRate: 0.1), SGDRule(learningRate: 0.1, momentum: 0.9, weightDecay: 0.01),
    AdamRule(learningRate: 0.01, weightDecay: 0.01), RMSpropRule(learningRate: 0.01),
    NoisySGDRule(SGDRule(learningRate: 0.1), noise: GradientNoiseRemedy(scale: 0.01, decay: 0)),
  ]
  private static let remedies: [[any Remedy]] = [
    [], [L2ToInitialRemedy(strength: 0.1)], [ShrinkAndPerturbRemedy(shrink: 0.99, standardDeviation: 0.01)],
    [ContinualBackpropagationRemedy(replacementRate: 0.1, maturity: 1, decay: 0.9)],
  ]

  @Test(arguments: [2, 8, 32, 33])
  func giveTheSameBits(batchSize: Int) throws {
    let shape = MLPSpecification(
      inputSize: 48, hiddenSizes: [64, 33, 40], classes: 12, normalization: .batch)
    for rule in Self.rules {
      for remedies in Self.remedies {
        var results: [[Float]] = []
        for isInPass in [false, true] {
          let network = shape.makeNetwork(of: Float.self)
          network.reserve(batchSize: batchSize)
          network.initialize(seed: 3)
          let optimizer = try OptimizerSpecification(rule, remedies: remedies)
            .makeOptimizer(for: network, of: shape, seed: 4)
          let batch = Batch<Float>(rows: batchSize, inputs: 48, classes: 12, seed: 5)
          for step in 0..<4 {
            network.forward(batch, in: StepContext(mode: .training, seed: 1, step: UInt64(step)))
            if isInPass {
              network.step(by: optimizer)
            } else {
              network.backward()
              optimizer.step()
            }
          }
          #expect(optimizer.stepsTaken == 4)
          results.append(Array(network.values.buffer) + optimizer.state.flatMap { Array($0.tensor.buffer) })
        }
        #expect(results[0] == results[1], "\(rule) \(remedies)")
      }
    }
  }

  @Test func aBackwardPassLeavesParametersAlone() {
    let network = MLPSpecification(inputSize: 32, hiddenSizes: [32], classes: 4).makeNetwork(of: Float.self)
    network.reserve(batchSize: 8)
    network.initialize(seed: 3)
    let batch = Batch<Float>(rows: 8, inputs: 32, classes: 4, seed: 5)
    network.forward(batch, in: StepContext(mode: .training))
    network.step(by: Adam(network))
    let before = Array(network.values.buffer)
    network.forward(batch, in: StepContext(mode: .training))
    network.backward()
    #expect(Array(network.values.buffer) == before)
    #expect(network.gradients.buffer.contains { $0 != 0 })
  }

  @Test func aLossThatIsNotFiniteMovesNothing() {
    let network = MLPSpecification(inputSize: 32, hiddenSizes: [32], classes: 4).makeNetwork(of: Float.self)
    network.reserve(batchSize: 8)
    network.initialize(seed: 3)
    // A rectifier would stop it further down.
    network.parameters[network.parameters.count - 1].parameter.value[0, 0] = .nan
    let before = network.values.buffer.map(\.bitPattern)
    let batch = Batch<Float>(rows: 8, inputs: 32, classes: 4, seed: 5)
    network.forward(batch, in: StepContext(mode: .training))
    let optimizer = SGD(network, learningRate: 0.1)
    #expect(!network.step(by: optimizer).loss.isFinite)
    #expect(network.values.buffer.map(\.bitPattern) == before)
    #expect(optimizer.stepsTaken == 0)
  }
}
