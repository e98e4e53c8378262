import LinearAlgebra
import NeuralNetwork
import Testing

/// A network that is shown every number of an input several times, against one whose first layer moves as far.
@Suite struct InputCopiesTests {
  private static let copies = 4

  private func network(inputs: Int) -> Network<Double> {
    let network = MLPSpecification(inputSize: inputs, hiddenSizes: [9, 7], classes: 4)
      .makeNetwork(of: Double.self)
    network.reserve(batchSize: 8)
    network.initialize(seed: 2)
    return network
  }

  @Test func aFirstLayerMovesAsTheSumOfItsCopies() throws {
    let (narrow, wide) = (network(inputs: 6), network(inputs: 6 * Self.copies))
    for (mine, theirs) in zip(narrow.parameters, wide.parameters).dropFirst() {
      theirs.parameter.value.copy(from: mine.parameter.value)
    }
    let (weight, shared) = (narrow.parameters[0].parameter.value, wide.parameters[0].parameter.value)
    for row in 0..<weight.rows {
      for column in 0..<shared.columns {
        shared[row, column] = weight[row, column / Self.copies] / Double(Self.copies)
      }
    }
    let batch = Batch<Double>(rows: 8, inputs: 6, classes: 4, seed: 1)
    let repeated = Batch<Double>(rows: 8, inputs: 6 * Self.copies, classes: 4, seed: 1)
    for row in 0..<8 {
      for column in 0..<6 * Self.copies {
        repeated.inputs[row, column] = batch.inputs[row, column / Self.copies]
      }
      repeated.setLabel(batch.labels[row], ofSample: row)
    }
    var rule = AdamRule(learningRate: 0.01)
    // A large ε, in which a gradient of another size would show.
    rule.epsilon = 0.01
    let theirs = try rule.makeOptimizer(
      for: wide,
      in: OptimizerSetting(shape: MLPSpecification(inputSize: 24, hiddenSizes: [9, 7], classes: 4), seed: 1))
    rule.inputCopies = Self.copies
    let mine = try rule.makeOptimizer(
      for: narrow,
      in: OptimizerSetting(shape: MLPSpecification(inputSize: 6, hiddenSizes: [9, 7], classes: 4), seed: 1))
    let start = Array(weight.buffer)
    for _ in 0..<20 {
      batch.gradients(of: narrow, in: StepContext(mode: .training))
      repeated.gradients(of: wide, in: StepContext(mode: .training))
      mine.step()
      theirs.step()
    }
    var difference = 0.0
    for row in 0..<weight.rows {
      for column in 0..<weight.columns {
        let sum = (0..<Self.copies).map { shared[row, column * Self.copies + $0] }.reduce(0, +)
        difference = max(difference, abs(sum - weight[row, column]))
      }
    }
    #expect(difference < 1e-12)
    #expect(zip(weight.buffer, start).contains { abs($0 - $1) > 0.1 })
    for (mine, theirs) in zip(narrow.parameters, wide.parameters).dropFirst() {
      #expect(
        zip(mine.parameter.value.buffer, theirs.parameter.value.buffer).allSatisfy { abs($0 - $1) < 1e-12 })
    }
  }
}
