import LinearAlgebra
import NeuralNetwork
import Testing

/// What the last block leaves out in training against the computation of every token.
@Suite struct TokensReadTests {
  struct Case: CustomTestStringConvertible {
    var normalization = Normalization.layer
    var affine = true
    var dropout = 0.0
    var depth = 2
    var samples = 5
    var testDescription: String {
      "\(normalization), dropout \(dropout), \(depth) blocks, \(samples) samples"
    }
  }

  private static let cases = [
    Case(), Case(affine: false), Case(normalization: .none), Case(dropout: 0.3),
    Case(normalization: .none, dropout: 0.3), Case(dropout: 0.3, depth: 1), Case(dropout: 0.3, samples: 1),
    Case(normalization: .none, samples: 1), Case(depth: 0), Case(normalization: .batch, dropout: 0.3),
  ]

  private static func specification(_ shape: Case) -> VisionTransformerSpecification {
    // Thirteen tokens, and sizes that are no multiples of a vector or of four.
    VisionTransformerSpecification(
      height: 12, width: 16, classes: 5, patch: 4, size: 15, depth: shape.depth, heads: 3, headWidth: 5,
      hidden: 21, normalization: shape.normalization, affine: shape.affine, dropout: shape.dropout)
  }

  /// The same network, but every layer has every token.
  private static func completeNetwork<Scalar: Real>(_ shape: Case, of type: Scalar.Type) -> Network<Scalar> {
    let specification = specification(shape)
    let tokens = specification.tokens
    func makeNormalization(_ name: String) -> (any Layer<Scalar>)? {
      switch shape.normalization {
      case .none: nil
      case .batch: BatchNormalization<Scalar>(name: name, size: 15, positions: tokens, affine: shape.affine)
      case .layer: LayerNormalization<Scalar>(name: name, size: 15, positions: tokens, affine: shape.affine)
      }
    }
    return Network(
      layers: specification.makeNetwork(of: type).layers.map { layer in
        switch layer {
        case is TransformerBlock<Scalar>:
          TransformerBlock(
            name: layer.name, size: 15, tokens: tokens, heads: 3, headWidth: 5, hidden: 21,
            dropout: shape.dropout, makeNormalization: makeNormalization)
        case is TakeFirstToken<Scalar>: TakeFirstToken(name: layer.name, size: 15, tokens: tokens)
        default: layer
        }
      })
  }

  @Test(arguments: cases) func gradientsAreThoseOfEveryToken(shape: Case) {
    for retaining in [true, false] {
      check(shape, Double.self, retaining: retaining, tolerance: 1e-12)
      check(shape, Float.self, retaining: retaining, tolerance: 1e-5)
    }
  }

  private func check<Scalar: Real>(
    _ shape: Case, _ type: Scalar.Type, retaining: Bool, tolerance: Double
  ) {
    let network = Self.specification(shape).makeNetwork(of: type)
    let complete = Self.completeNetwork(shape, of: type)
    for each in [network, complete] {
      each.reserve(batchSize: 6, retainingGradients: retaining)
      each.initialize(seed: 3)
      for tensor in each.parameters where tensor.parameter.shape.count > 1 {
        // Larger weights than those drawn, so that attention differs between tokens.
        for index in 0..<tensor.parameter.count { tensor.parameter.value.elements[index] *= 10 }
      }
    }
    #expect(network.parameters.map(\.name) == complete.parameters.map(\.name))
    let batch = Batch<Scalar>(rows: shape.samples, inputs: 3 * 12 * 16, classes: 5, seed: 1)
    // Whole passes in between leave nothing behind that the next training pass would read.
    for mode in [StepContext.Mode.training, .evaluation, .training, .probing, .training] {
      let context = StepContext(mode: mode, seed: 7, step: 2)
      let losses = [network, complete].map { batch.gradients(of: $0, in: context) }
      #expect(abs(losses[0] - losses[1]) <= tolerance * losses[1])
      let whole = norm(complete.gradients)
      for (mine, theirs) in zip(network.parameters, complete.parameters) {
        let error = relativeError(mine.parameter.gradient, theirs.parameter.gradient, floor: 0.01 * whole)
        #expect(error < tolerance, "\(mine.name), \(mode)")
      }
      expectRows(network, complete, shape, mode, retaining: retaining)
    }
  }

  /// That tokens are left out in training, and then only; those that stay are the first.
  private func expectRows<Scalar: Real>(
    _ network: Network<Scalar>, _ complete: Network<Scalar>, _ shape: Case, _ mode: StepContext.Mode,
    retaining: Bool
  ) {
    for (index, layer) in network.layers.enumerated().dropFirst().dropLast(2) {
      let isLast = layer.name == "norm" || layer.name == "block_\(shape.depth)"
      let isSparse = isLast && shape.depth > 0 && mode == .training && shape.normalization != .batch
      var pairs = [(network.output(of: index), complete.output(of: index))]
      if retaining { pairs.append((network.outputGradient(of: index), complete.outputGradient(of: index))) }
      for (mine, theirs) in pairs {
        #expect(mine.rows == shape.samples * (isSparse ? 1 : 13), "\(layer.name)")
        let step = theirs.rows / mine.rows
        let scale = norm(theirs) * (Scalar.self == Float.self ? 1e-5 : 1e-12)
        for row in 0..<mine.rows {
          for column in 0..<mine.columns {
            #expect(abs(Double(mine[row, column] - theirs[step * row, column])) <= scale, "\(layer.name)")
          }
        }
      }
    }
  }

  /// Multiplications are counted as they are made.
  @Test func leftOutMultiplicationsDoNotCount() {
    var specification = VisionTransformerSpecification(height: 32, width: 32, classes: 10)
    let inner = 384 * 384
    let block = 17 * (4 * inner + 2 * 384 * 1536) + 2 * 17 * 17 * 384
    let last = 17 * 2 * inner + 2 * inner + 2 * 384 * 1536 + 2 * 17 * 384
    #expect(specification.multiplications == (16 * 192 * 384, 5 * block + last + 3840))
    specification.normalization = .batch
    #expect(specification.multiplications == (16 * 192 * 384, 6 * block + 3840))
    specification.depth = 0
    #expect(specification.multiplications == (16 * 192 * 384, 3840))
  }
}
