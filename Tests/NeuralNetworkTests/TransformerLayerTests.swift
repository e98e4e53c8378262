import LinearAlgebra
import NeuralNetwork
import Testing

/// The layers of the vision transformer against PyTorch: odd sizes, sizes of whole vectors, single samples and
/// single tokens.
@Suite struct TransformerLayerTests {
  @Test(arguments: ["layer-norm-35", "layer-norm-5", "layer-norm-plain"])
  func layerNormalizationAgreesWithPyTorch(name: String) throws {
    func make<Scalar: Real>(_ type: Scalar.Type) -> LayerNormalization<Scalar> {
      LayerNormalization(name: "norm", size: name.hasSuffix("-5") ? 5 : 35, affine: !name.hasSuffix("plain"))
    }
    // Inputs around 20 cost single precision a digit.
    try check(make(Float.self), name, samples: 13, tolerance: 2e-5)
    try check(make(Double.self), name, samples: 13, tolerance: 1e-13)
  }

  @Test func patchEmbeddingAgreesWithPyTorch() throws {
    func make<Scalar: Real>(_ type: Scalar.Type) -> PatchEmbedding<Scalar> {
      PatchEmbedding(name: "patches", channels: 3, height: 8, width: 12, patch: 4, size: 19)
    }
    func makeAlone<Scalar: Real>(_ type: Scalar.Type) -> PatchEmbedding<Scalar> {
      PatchEmbedding(name: "patches", channels: 1, height: 3, width: 3, patch: 3, size: 5)
    }
    try check(make(Float.self), "patches", samples: 3, tolerance: 1e-5)
    try check(make(Double.self), "patches", samples: 3, tolerance: 1e-13)
    try check(makeAlone(Float.self), "patches-alone", samples: 1, tolerance: 1e-5)
    try check(makeAlone(Double.self), "patches-alone", samples: 1, tolerance: 1e-13)
  }

  @Test func tokensAgreeWithPyTorch() throws {
    try check(ClassToken<Float>(name: "token", size: 19, tokens: 6), "token", samples: 3, tolerance: 1e-6)
    try check(ClassToken<Double>(name: "token", size: 19, tokens: 6), "token", samples: 3, tolerance: 1e-14)
    try check(
      PositionEmbedding<Float>(name: "position", size: 19, tokens: 7), "position", samples: 3, tolerance: 1e-6
    )
    try check(
      PositionEmbedding<Double>(name: "position", size: 19, tokens: 7), "position", samples: 3,
      tolerance: 1e-14)
  }

  @Test(arguments: [
    (samples: 2, tokens: 17, heads: 3, width: 8), (1, 1, 2, 5), (3, 7, 1, 16), (2, 33, 2, 16), (1, 16, 1, 32),
  ])
  func attentionAgreesWithPyTorch(shape: (samples: Int, tokens: Int, heads: Int, width: Int)) throws {
    let name = "attention-\(shape.samples)-\(shape.tokens)-\(shape.heads)-\(shape.width)"
    func make<Scalar: Real>(_ type: Scalar.Type) -> MultiHeadAttention<Scalar> {
      MultiHeadAttention(
        name: "attn", size: 11, tokens: shape.tokens, heads: shape.heads, headWidth: shape.width)
    }
    try check(make(Float.self), name, samples: shape.samples, tolerance: 1e-5, floor: 1e-4)
    try check(make(Double.self), name, samples: shape.samples, tolerance: 1e-12, floor: 1e-4)
  }

  /// Output, input gradient and parameter gradients, both with retained gradients and with shared ones.
  private func check<L: Layer>(
    _ layer: L, _ name: String, samples: Int, tolerance: Double, floor: Double = 1e-30
  ) throws {
    let fixture = try Fixture<L.Scalar>("transformer-layers")
    let network = Network<L.Scalar>(layers: [layer])
    try fixture.load(layer.parameters.map { ($0.name, $0) }, from: "\(name)/before")
    for retaining in [true, false] {
      network.reserve(batchSize: samples, retainingGradients: retaining)
      let x = try fixture.matrix("\(name)/x")
      let isImage = layer is PatchEmbedding<L.Scalar>
      let columns = isImage ? x.count / samples : try fixture.tensor("\(name)/x").shape.last ?? 1
      let input = Matrix(elements: x.elements, rows: x.count / columns, columns: columns)
      let output = layer.forward(input, in: StepContext(mode: .training))
      #expect(try fixture.error(output, "\(name)/output") < tolerance)
      let dy = try fixture.matrix("\(name)/dy")
      let arriving = Matrix(elements: dy.elements, rows: output.rows, columns: output.columns)
      let inputGradient = try #require(layer.backward(arriving, inputGradient: true))
      #expect(try fixture.error(inputGradient, "\(name)/inputGradient", floor: floor) < tolerance)
      for parameter in layer.parameters {
        let expected = "\(name)/gradient/\(parameter.name)"
        #expect(try fixture.error(parameter.gradient, expected, floor: floor) < tolerance, "\(expected)")
      }
    }
  }
}
