import LinearAlgebra
import NeuralNetwork
import Testing

/// Whole networks: against PyTorch, by their counts, and against themselves.
@Suite struct MLPTests {
  @Test func tenStepsAgreeWithPyTorch() throws {
    for normalization in [Normalization.none, .batch] {
      try check(Float.self, normalization, tolerance: 1e-5)
      try check(Double.self, normalization, tolerance: 1e-12)
    }
  }

  private func check<Scalar: Real>(
    _ type: Scalar.Type, _ normalization: Normalization, tolerance: Double
  ) throws {
    let fixture = try Fixture<Scalar>()
    let prefix = normalization == .batch ? "mlp-norm" : "mlp"
    let specification = MLPSpecification(
      inputSize: 21, hiddenSizes: [35, 19], classes: 6, normalization: normalization)
    let network = specification.makeNetwork(of: type)
    network.reserve(batchSize: 16)
    try fixture.load(
      (network.parameters + network.buffers).map { ($0.name, $0.parameter) }, from: "\(prefix)/before")
    let x = try fixture.matrix("\(prefix)/x")
    let labels = try fixture.labels("\(prefix)/labels")
    let losses = try fixture.matrix("\(prefix)/losses")
    let gradient = fixture.empty(rows: x.rows, columns: 6)
    let optimizer = SGD(network, learningRate: Scalar(0.05))
    for step in 0..<10 {
      let logits = network.forward(x, in: StepContext(mode: .training, step: UInt64(step)))
      let loss = labels.withUnsafeBufferPointer {
        CrossEntropy.evaluate(logits: logits, labels: $0, gradient: gradient).loss
      }
      #expect(abs(loss - Double(losses[0, step])) < tolerance * loss)
      network.backward(gradient)
      if step == 0 {
        #expect(try fixture.error(logits, "\(prefix)/logits") < tolerance)
        let whole = norm(network.gradients)
        for tensor in network.parameters {
          // In front of batch normalisation the gradient of a bias is zero but for rounding.
          let isVanishing =
            normalization == .batch && tensor.name.hasPrefix("linear") && tensor.name.hasSuffix("bias")
          let floor = isVanishing ? whole : 0
          let name = "\(prefix)/gradient/\(tensor.name)"
          #expect(
            try fixture.error(tensor.parameter.gradient, name, floor: floor) < tolerance, "\(name)")
        }
      }
      optimizer.step()
    }
    for tensor in network.parameters + network.buffers {
      #expect(
        try fixture.error(tensor.parameter.value, "\(prefix)/after/\(tensor.name)") < tolerance,
        "\(tensor.name)")
    }
    let evaluation = network.forward(x, in: StepContext(mode: .evaluation))
    #expect(try fixture.error(evaluation, "\(prefix)/evaluation") < tolerance)
  }

  @Test func namesAndParameterCountAreThePapers() {
    let specification = MLPSpecification(
      inputSize: 3072, hiddenSizes: Array(repeating: 128, count: 5), classes: 10, normalization: .batch,
      dropout: 0.1)
    let network = specification.makeNetwork(of: Float.self)
    #expect(network.parameters.map(\.parameter.count).reduce(0, +) == 461_962)
    #expect(network.layers.prefix(4).map(\.name) == ["linear_1", "norm_1", "act_1", "dropout_1"])
    #expect(network.layers.map(\.name).suffix(2) == ["dropout_5", "out"])
    #expect(network.buffers.first?.name == "norm_1.running_mean")
    var plain = specification
    plain.normalization = .none
    plain.dropout = 0
    #expect(
      plain.makeNetwork(of: Float.self).layers.map(\.name).prefix(3) == ["linear_1", "act_1", "linear_2"])
  }

  @Test func normalizationsAndActivationsAreOptions() {
    let specification = MLPSpecification(
      inputSize: 5, hiddenSizes: [4], classes: 3, normalization: .layer, affine: false, activation: .tanh)
    let network = specification.makeNetwork(of: Float.self)
    #expect(network.layers.map(\.name) == ["linear_1", "norm_1", "act_1", "out"])
    #expect(network.layers[1] is GroupNormalization<Float>)
    #expect((network.layers[2] as? ActivationLayer<Float>)?.kind == .tanh)
    #expect(network.parameters.map(\.name).filter { $0.hasPrefix("norm") }.isEmpty)
  }

  @Test func initialValuesAreUniformInPyTorchsBounds() {
    let network = MLPSpecification(inputSize: 64, hiddenSizes: [100], classes: 10, normalization: .batch)
      .makeNetwork(of: Float.self)
    network.initialize(seed: 3)
    for tensor in network.parameters where !tensor.name.hasPrefix("norm") {
      let bound: Float = tensor.name.hasPrefix("linear_1") ? 1 / 8 : 1 / 10
      let values = tensor.parameter.value.buffer
      #expect(values.allSatisfy { abs($0) <= bound })
      guard values.count > 500 else { continue }
      #expect(values.contains { $0 > 0.98 * bound } && values.contains { $0 < -0.98 * bound })
      // The mean square of a uniform number in ±b is b²/3.
      let meanSquare = values.map { Double($0 * $0) }.reduce(0, +) / Double(values.count)
      #expect(abs(meanSquare / (Double(bound * bound) / 3) - 1) < 0.1)
    }
    let values = Dictionary(
      uniqueKeysWithValues: (network.parameters + network.buffers).map {
        ($0.name, Array($0.parameter.value.buffer))
      })
    #expect(values["norm_1.weight"]?.allSatisfy { $0 == 1 } == true)
    #expect(values["norm_1.bias"]?.allSatisfy { $0 == 0 } == true)
    #expect(values["norm_1.running_mean"]?.allSatisfy { $0 == 0 } == true)
    #expect(values["norm_1.running_var"]?.allSatisfy { $0 == 1 } == true)
  }

  /// Two runs of equal seed agree to the last bit, others differ.
  @Test func runsAreDeterministic() {
    let first = trained(seed: 1)
    #expect(first == trained(seed: 1))
    #expect(first != trained(seed: 2))
    #expect(first.allSatisfy { $0.isFinite })
  }

  private func trained(seed: UInt64) -> [Float] {
    let network = MLPSpecification(
      inputSize: 20, hiddenSizes: [33, 17], classes: 5, normalization: .batch, dropout: 0.2
    )
    .makeNetwork(of: Float.self)
    network.reserve(batchSize: 9)
    network.initialize(seed: seed)
    let optimizer = GradientNoise(
      network, before: SGD(network, learningRate: 0.1), noise: 0.01, decay: 0.9, seed: seed)
    let batch = Batch<Float>(rows: 9, inputs: 20, classes: 5, seed: 0)
    for step in 0..<5 {
      batch.gradients(of: network, in: StepContext(mode: .training, seed: seed, step: UInt64(step)))
      optimizer.step()
    }
    return Array(network.values.buffer)
  }
}
