import LinearAlgebra
import NeuralNetwork
import Testing

/// Single layers against PyTorch.
@Suite struct LayerTests {
  @Test func linearAgreesWithPyTorch() throws {
    try checkLinear(Float.self, tolerance: 1e-5)
    try checkLinear(Double.self, tolerance: 1e-13)
  }

  private func checkLinear<Scalar: Real>(_ type: Scalar.Type, tolerance: Double) throws {
    let fixture = try Fixture<Scalar>()
    let layer = Linear<Scalar>(name: "linear", inputSize: 21, outputSize: 19)
    let network = Network<Scalar>(layers: [layer])
    network.reserve(batchSize: 20)
    try fixture.load(layer.parameters.map { ($0.name, $0) }, from: "linear/before")
    let output = network.forward(try fixture.matrix("linear/x"), in: StepContext(mode: .training))
    #expect(try fixture.error(output, "linear/output") < tolerance)
    let gradient = layer.backward(try fixture.matrix("linear/dy"), inputGradient: true)
    let inputGradient = try #require(gradient)
    #expect(try fixture.error(inputGradient, "linear/inputGradient") < tolerance)
    #expect(try fixture.error(layer.weight.gradient, "linear/gradient/weight") < tolerance)
    #expect(try fixture.error(layer.bias.gradient, "linear/gradient/bias") < tolerance)
  }

  @Test func batchNormalizationAgreesWithPyTorch() throws {
    // The inputs lie around 100 with standard deviation 3, so that single precision loses a digit.
    try checkNormalization(Float.self, tolerance: 2e-5)
    try checkNormalization(Double.self, tolerance: 1e-13)
  }

  private func checkNormalization<Scalar: Real>(_ type: Scalar.Type, tolerance: Double) throws {
    let fixture = try Fixture<Scalar>()
    let layer = BatchNormalization<Scalar>(name: "norm", size: 35)
    let network = Network<Scalar>(layers: [layer])
    network.reserve(batchSize: 13)
    try fixture.load((layer.parameters + layer.buffers).map { ($0.name, $0) }, from: "norm/before")
    let x = try fixture.matrix("norm/x")
    let dy = try fixture.matrix("norm/dy")

    // Probing normalises as training does and changes nothing.
    let probed = Array(network.forward(x, in: StepContext(mode: .probing)).buffer)
    #expect(try fixture.error(layer.runningMean.value, "norm/before/running_mean") == 0)
    #expect(try fixture.error(layer.runningVariance.value, "norm/before/running_var") == 0)
    #expect(layer.batchCount.value[0, 0] == 0)

    for mode in [StepContext.Mode.training, .evaluation] {
      let output = network.forward(x, in: StepContext(mode: mode))
      #expect((mode == .training) == (Array(output.buffer) == probed))
      #expect(try fixture.error(output, "norm/\(mode)/output") < tolerance)
      let inputGradient = try #require(layer.backward(dy, inputGradient: true))
      #expect(try fixture.error(inputGradient, "norm/\(mode)/inputGradient") < tolerance)
      #expect(try fixture.error(layer.weight.gradient, "norm/\(mode)/gradient/weight") < tolerance)
      #expect(try fixture.error(layer.bias.gradient, "norm/\(mode)/gradient/bias") < tolerance)
      for buffer in layer.buffers {
        #expect(try fixture.error(buffer.value, "norm/after/\(buffer.name)") < tolerance)
      }
    }
  }

  @Test func normalizationOfOneRowGivesTheShift() {
    let layer = BatchNormalization<Double>(name: "norm", size: 3)
    let network = Network<Double>(layers: [layer])
    network.reserve(batchSize: 1)
    network.initialize(seed: 0)
    layer.bias.value.fill(with: 2)
    let arena = Arena<Double>(capacity: 64)
    let x = arena.take(rows: 1, columns: 3)
    x.fill(with: 5)
    let output = network.forward(x, in: StepContext(mode: .training))
    #expect(output.buffer.allSatisfy { $0 == 2 })
    #expect(layer.runningMean.value.buffer.allSatisfy { abs($0 - 0.5) < 1e-15 })
    #expect(layer.runningVariance.value.buffer.allSatisfy { abs($0 - 0.9) < 1e-15 })
  }

  @Test func reluAgreesWithPyTorch() throws {
    try checkReLU(Float.self)
    try checkReLU(Double.self)
  }

  private func checkReLU<Scalar: Real>(_ type: Scalar.Type) throws {
    let fixture = try Fixture<Scalar>()
    let layer = ReLU<Scalar>(name: "act", size: 35)
    let network = Network<Scalar>(layers: [layer])
    network.reserve(batchSize: 13)
    let output = network.forward(try fixture.matrix("relu/x"), in: StepContext(mode: .training))
    #expect(try fixture.error(output, "relu/output") == 0)
    let inputGradient = try #require(layer.backward(try fixture.matrix("relu/dy"), inputGradient: true))
    #expect(try fixture.error(inputGradient, "relu/inputGradient") == 0)
  }

  @Test func crossEntropyAgreesWithPyTorch() throws {
    try checkCrossEntropy(Float.self, tolerance: 1e-6)
    try checkCrossEntropy(Double.self, tolerance: 1e-14)
  }

  private func checkCrossEntropy<Scalar: Real>(_ type: Scalar.Type, tolerance: Double) throws {
    let fixture = try Fixture<Scalar>()
    let logits = try fixture.matrix("loss/logits")
    let labels = try fixture.labels("loss/labels")
    let gradient = fixture.empty(rows: logits.rows, columns: logits.columns)
    let result = labels.withUnsafeBufferPointer {
      CrossEntropy.evaluate(logits: logits, labels: $0, gradient: gradient)
    }
    let expected = Double(try fixture.matrix("loss/value")[0, 0])
    #expect(abs(result.loss - expected) < tolerance * expected)
    #expect(try fixture.error(gradient, "loss/gradient") < tolerance)
    let hits = (0..<logits.rows).filter { row in
      let scores = (0..<logits.columns).map { logits[row, $0] }
      return scores.firstIndex(of: scores.max() ?? 0) == Int(labels[row])
    }
    #expect(result.correct == hits.count)
    let alone = labels.withUnsafeBufferPointer {
      CrossEntropy.evaluate(logits: logits, labels: $0, gradient: nil)
    }
    #expect(abs(alone.loss - result.loss) <= tolerance * expected)
    #expect(alone.correct == result.correct)
  }
}
