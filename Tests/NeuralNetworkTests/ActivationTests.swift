import Activations
import LinearAlgebra
import NeuralNetwork
import Testing

@Suite struct ActivationTests {
  @Test(arguments: ActivationRegistry.standard.elements)
  func agreesWithPyTorch(kind: ActivationKind) throws {
    // The normal distribution is good to 2.5 · 10⁻⁷, and arriving gradients multiply it.
    try check(kind, Float.self, tolerance: kind == .gelu ? 5e-7 : 3e-7)
    try check(kind, Double.self, tolerance: 1e-15)
  }

  /// Elementwise, so that the extremes and the neighbourhood of zero count too.
  private func check<Scalar: Real>(
    _ kind: ActivationKind, _ type: Scalar.Type, tolerance: Double
  ) throws {
    let fixture = try Fixture<Scalar>("layers")
    let name = kind == .linear ? "identity" : kind.name
    let layer: any Layer<Scalar> = kind.makeLayer(name: "act", size: 13)
    let network = Network<Scalar>(layers: [layer])
    for retaining in [true, false] {
      network.reserve(batchSize: 5, retainingGradients: retaining)
      let output = network.forward(
        try fixture.matrix("activation/x"), in: StepContext(mode: .training))
      try compare(output, fixture.matrix("activation/\(name)/output"), tolerance)
      let dy = try fixture.matrix("activation/dy")
      let gradient = try #require(layer.backward(dy, inputGradient: true))
      try compare(gradient, fixture.matrix("activation/\(name)/inputGradient"), tolerance)
    }
  }

  private func compare<Scalar: Real>(
    _ actual: Matrix<Scalar>, _ expected: Matrix<Scalar>, _ tolerance: Double
  ) throws {
    for (mine, theirs) in zip(actual.buffer, expected.buffer) {
      #expect(abs(Double(mine - theirs)) <= tolerance * max(1, abs(Double(theirs))))
    }
  }

  /// Theory and networks speak of the same functions.
  @Test(arguments: ActivationRegistry.standard.elements)
  func followsItsDefinition(kind: ActivationKind) throws {
    let definition = kind.formula.definition
    #expect(ScalarActivation.all.contains { $0.name == kind.name })
    let network = Network<Double>(layers: [kind.makeLayer(name: "act", size: 33)])
    network.reserve(batchSize: 1)
    let arena = Arena<Double>(capacity: 2 * Arena<Double>.footprint(rows: 1, columns: 33))
    let (input, gradient) = (arena.take(rows: 1, columns: 33), arena.take(rows: 1, columns: 33))
    // None is a kink.
    for index in 0..<33 { input[0, index] = (Double(index) - 16.3) / 4 }
    gradient.fill(with: 1)
    let output = network.forward(input, in: StepContext(mode: .training)).buffer.map { $0 }
    let slopes = try #require(network.layers[0].backward(gradient, inputGradient: true))
    for index in 0..<33 {
      let x = input[0, index]
      #expect(abs(output[index] - definition.value(x)) <= 1e-14 * max(1, abs(x)), "\(x)")
      #expect(abs(slopes[0, index] - definition.derivative(x)) <= 1e-14, "\(x)")
    }
  }

  @Test func anotherKindIsNoClone() {
    let base: any Layer<Float> = ActivationKind.tanh.makeLayer(name: "act", size: 2)
    #expect(throws: CloningError.mismatch(layer: "act", reason: "its counterpart is sigmoid, not tanh")) {
      try base.expansion(
        into: ActivationKind.sigmoid.makeLayer(name: "act", size: 4),
        input: CloningProfile(units: 2, copies: 2))
    }
    #expect(throws: CloningError.self) {
      try base.expansion(
        into: ActivationKind.tanh.makeLayer(name: "act", size: 5), input: CloningProfile(units: 2, copies: 2))
    }
  }
}
