import LinearAlgebra
import NeuralNetwork
import Testing

@Suite struct GradientNoiseTests {
  private func make(seed: UInt64 = 0) -> (Network<Double>, Batch<Double>) {
    let network = MLPSpecification(inputSize: 30, hiddenSizes: [100], classes: 10).makeNetwork(
      of: Double.self)
    network.reserve(batchSize: 7)
    network.initialize(seed: seed)
    let batch = Batch<Double>(rows: 7, inputs: 30, classes: 10, seed: 1)
    batch.gradients(of: network, in: StepContext(mode: .training))
    return (network, batch)
  }

  /// What a step added to minus the gradient, for each tensor: the noise.
  private func noise(_ optimizer: GradientNoise<Double>, _ network: Network<Double>) -> [[Double]] {
    let before = network.parameters.map {
      (value: Array($0.parameter.value.buffer), gradient: Array($0.parameter.gradient.buffer))
    }
    optimizer.step()
    return zip(network.parameters, before).map { tensor, old in
      old.value.indices.map {
        (old.value[$0] - tensor.parameter.value.elements[$0]) / optimizer.learningRate - old.gradient[$0]
      }
    }
  }

  private func length(_ values: [Double]) -> Double {
    values.map { $0 * $0 }.reduce(0, +).squareRoot()
  }

  /// ‖noise‖ ÷ ‖g‖ is σ₀λᵗ√n up to the spread of a χ of n degrees.
  @Test func theNoiseHasTheRightLength() {
    let (network, batch) = make()
    let optimizer = GradientNoise(
      network, before: SGD(network, learningRate: 0.5), noise: 0.02, decay: 0.9, seed: 3)
    for step in 0..<3 {
      let scale = 0.02 * [1, 0.9, 0.81][step]
      #expect(abs(optimizer.noiseScale - scale) < 1e-15)
      let norms = network.parameters.map { norm($0.parameter.gradient) }
      let added = noise(optimizer, network)
      for ((tensor, gradientNorm), values) in zip(zip(network.parameters, norms), added) {
        let n = Double(values.count)
        let ratio = length(values) / gradientNorm / (scale * n.squareRoot())
        #expect(abs(ratio - 1) < 4 / (2 * n).squareRoot(), "\(tensor.name) at step \(step)")
        let mean = values.reduce(0, +) / n / (scale * gradientNorm)
        #expect(abs(mean) < 4 / n.squareRoot())
      }
      batch.gradients(of: network, in: StepContext(mode: .training))
    }
  }

  @Test func noiseDiffersBetweenStepsAndTensorsAndBelongsToTheSeed() {
    func two(seed: UInt64) -> [[Double]] {
      let (network, _) = make()
      let optimizer = GradientNoise(
        network, before: SGD(network, learningRate: 0.5), noise: 0.1, decay: 1, seed: seed)
      return noise(optimizer, network) + noise(optimizer, network)
    }
    let first = two(seed: 1)
    #expect(first == two(seed: 1))
    #expect(first != two(seed: 2))
    let tensors = first.count / 2
    #expect(zip(first[0], first[tensors]).contains { abs($0 - $1) > 1e-6 })
  }

  @Test func noDecayBaseMeansNoiseAtTheFirstStepOnly() {
    let (network, _) = make()
    let optimizer = GradientNoise(
      network, before: SGD(network, learningRate: 0.5), noise: 0.1, decay: 0, seed: 1)
    #expect(optimizer.noiseScale == 0.1)
    #expect(length(noise(optimizer, network)[0]) > 0.01)
    #expect(optimizer.noiseScale == 0)
    #expect(length(noise(optimizer, network)[0]) < 1e-12)
  }

  @Test func withoutNoiseItIsPlainDescent() {
    let (first, _) = make()
    let (second, _) = make()
    let noisy = GradientNoise(first, before: SGD(first, learningRate: 0.5), noise: 0, decay: 1, seed: 1)
    noisy.step()
    SGD(second, learningRate: 0.5).step()
    #expect(first.values.buffer.elementsEqual(second.values.buffer))
  }
}
