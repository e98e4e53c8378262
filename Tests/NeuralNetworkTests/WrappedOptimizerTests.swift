import LinearAlgebra
import NeuralNetwork
import Testing

/// Shrink and perturb, and regularisation towards the initial parameters.
@Suite struct WrappedOptimizerTests {
  private func makeNetwork() -> Network<Double> {
    let network = MLPSpecification(inputSize: 6, hiddenSizes: [100, 19], classes: 4, normalization: .batch)
      .makeNetwork(of: Double.self)
    network.reserve(batchSize: 8)
    network.initialize(seed: 2)
    return network
  }

  private let batch = Batch<Double>(rows: 8, inputs: 6, classes: 4, seed: 1)

  @Test func perturbationIsNormalAndShrinkingExact() {
    let (plain, wrapped) = (makeNetwork(), makeNetwork())
    let inner = SGD(plain, learningRate: 0.1)
    let optimizer = ShrinkAndPerturb(
      wrapped, after: SGD(wrapped, learningRate: 0.1), shrink: 0.9, standardDeviation: 0.01, seed: 4)
    batch.gradients(of: plain, in: StepContext(mode: .training))
    batch.gradients(of: wrapped, in: StepContext(mode: .training))
    inner.step()
    optimizer.step()
    var noise: [Double] = []
    for (mine, theirs) in zip(wrapped.parameters, plain.parameters) {
      for (value, base) in zip(mine.parameter.value.buffer, theirs.parameter.value.buffer) {
        noise.append((value - 0.9 * base) / 0.01)
      }
    }
    let count = Double(noise.count)
    let mean = noise.reduce(0, +) / count
    let square = noise.map { $0 * $0 }.reduce(0, +) / count
    // Five standard deviations of the mean and of the mean square of normal numbers.
    #expect(abs(mean) < 5 / count.squareRoot())
    #expect(abs(square - 1) < 5 * (2 / count).squareRoot())
    #expect(Set(noise).count == noise.count)
    #expect(optimizer.stepsTaken == 1)
    // The padding between tensors stays zero.
    let values = wrapped.parameters.map { norm($0.parameter.value) }.map { $0 * $0 }.reduce(0, +)
    #expect(abs(norm(wrapped.values) - values.squareRoot()) < 1e-12)
  }

  @Test func perturbationsBelongToSeedAndStep() {
    func run(seed: UInt64, steps: Int) -> [Double] {
      let network = makeNetwork()
      let optimizer = ShrinkAndPerturb(
        network, after: SGD(network, learningRate: 0), shrink: 1, standardDeviation: 0.1, seed: seed)
      optimizer.stepsTaken = UInt64(5 - steps)
      for _ in 0..<steps { optimizer.step() }
      return Array(network.values.buffer)
    }
    #expect(run(seed: 1, steps: 2) == run(seed: 1, steps: 2))
    #expect(run(seed: 1, steps: 1) != run(seed: 2, steps: 1))
    #expect(run(seed: 1, steps: 1) != run(seed: 1, steps: 2))
  }

  @Test func regularisationPullsTowardsTheStart() {
    let network = makeNetwork()
    let start = Array(network.values.buffer)
    for index in 0..<network.values.count { network.values.elements[index] += 0.01 * Double(index % 7) }
    let optimizer = L2ToInitial(network, before: SGD(network, learningRate: 0.5), strength: 0.2)
    for index in 0..<network.values.count { network.values.elements[index] = start[index] + 1 }
    let moved = Array(network.values.buffer)
    network.gradients.fill(with: 0.25)
    optimizer.step()
    for tensor in network.parameters.map(\.parameter.value) {
      let first = tensor.elements - network.values.elements
      for index in first..<first + tensor.count {
        let initial = start[index] + 0.01 * Double(index % 7)
        let expected = moved[index] - 0.5 * (0.25 + 0.2 * (moved[index] - initial))
        #expect(abs(network.values.elements[index] - expected) < 1e-14)
      }
    }
  }

  /// Towards zero it is PyTorch's weight decay; and a resumed run, which starts from other values, goes on alike.
  @Test func towardsZeroItIsWeightDecay() {
    let (plain, wrapped) = (makeNetwork(), makeNetwork())
    let start = Array(wrapped.values.buffer)
    wrapped.values.fill(with: 0)
    let optimizer = L2ToInitial(wrapped, before: Adam(wrapped), strength: 0.1)
    for index in start.indices { wrapped.values.elements[index] = start[index] }
    let decaying = Adam(plain, weightDecay: 0.1)
    for _ in 0..<5 {
      batch.gradients(of: plain, in: StepContext(mode: .training))
      batch.gradients(of: wrapped, in: StepContext(mode: .training))
      decaying.step()
      optimizer.step()
    }
    #expect(relativeError(wrapped.values, plain.values) < 1e-12)

    let other = makeNetwork()
    let resumed = L2ToInitial(other, before: Adam(other), strength: 0.1)
    other.values.copy(from: wrapped.values)
    resumed.stepsTaken = optimizer.stepsTaken
    for (from, to) in zip(optimizer.state, resumed.state) {
      #expect(from.name == to.name)
      to.tensor.copy(from: from.tensor)
    }
    other.gradients.copy(from: wrapped.gradients)
    optimizer.step()
    resumed.step()
    #expect(other.values.buffer.elementsEqual(wrapped.values.buffer))
  }
}
