import LinearAlgebra
import NeuralNetwork
import Testing

@Suite struct ActivationTests {
  @Test(arguments: ActivationKind.allCases)
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
    let layer: any Layer<Scalar> = kind.makeLayer(name: "act", size: 13)
    let network = Network<Scalar>(layers: [layer])
    for retaining in [true, false] {
      network.reserve(batchSize: 5, retainingGradients: retaining)
      let output = network.forward(
        try fixture.matrix("activation/x"), in: StepContext(mode: .training))
      try compare(output, fixture.matrix("activation/\(kind.rawValue)/output"), tolerance)
      let dy = try fixture.matrix("activation/dy")
      let gradient = try #require(layer.backward(dy, inputGradient: true))
      try compare(gradient, fixture.matrix("activation/\(kind.rawValue)/inputGradient"), tolerance)
    }
  }

  private func compare<Scalar: Real>(
    _ actual: Matrix<Scalar>, _ expected: Matrix<Scalar>, _ tolerance: Double
  ) throws {
    for (mine, theirs) in zip(actual.buffer, expected.buffer) {
      #expect(abs(Double(mine - theirs)) <= tolerance * max(1, abs(Double(theirs))))
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
