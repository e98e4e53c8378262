import LinearAlgebra
import NeuralNetwork
import Testing

@Suite struct TransformerCloningTests {
  private static let base = VisionTransformerSpecification(
    height: 8, width: 12, classes: 4, patch: 4, size: 10, depth: 2, heads: 2, headWidth: 6, hidden: 14)

  private func pair(
    _ specification: VisionTransformerSpecification, factor: Int,
    attention: VisionTransformerSpecification.AttentionCloning
  ) throws -> (base: Network<Double>, clone: Network<Double>, batch: Batch<Double>) {
    let base = specification.makeNetwork(of: Double.self)
    let clone = specification.cloned(by: factor, attention: attention).makeNetwork(of: Double.self)
    let batch = Batch<Double>(rows: 5, inputs: 3 * 8 * 12, classes: 4, seed: 0)
    for network in [base, clone] { network.reserve(batchSize: 5) }
    base.initialize(seed: 1)
    for tensor in base.parameters where tensor.parameter.shape.count > 1 {
      for index in 0..<tensor.parameter.count { tensor.parameter.value.elements[index] *= 15 }
    }
    let optimizer = SGD(base, learningRate: 0.1)
    for _ in 0..<3 {
      batch.gradients(of: base, in: StepContext(mode: .training))
      optimizer.step()
    }
    try base.expand(into: clone)
    return (base, clone, batch)
  }

  @Test(arguments: Normalization.allCases, [2, 3])
  func clonesWithDuplicatedHeadsComputeTheSame(
    normalization: Normalization, factor: Int
  ) throws {
    for affine in [true, false] {
      var specification = Self.base
      specification.normalization = normalization
      specification.affine = affine
      let (base, clone, batch) = try pair(specification, factor: factor, attention: .duplicatedHeads)
      for mode in [StepContext.Mode.evaluation, .probing] {
        batch.gradients(of: base, in: StepContext(mode: mode))
        batch.gradients(of: clone, in: StepContext(mode: mode))
        for index in base.layers.indices.dropLast() {
          let name = base.layers[index].name
          expectCopies(base.output(of: index), clone.output(of: index), factor, 1, name)
          expectCopies(
            base.outputGradient(of: index), clone.outputGradient(of: index), factor, Double(factor), name)
        }
        let last = base.layers.count - 1
        #expect(relativeError(clone.output(of: last), base.output(of: last)) < 1e-10)
      }
    }
  }

  private func expectCopies(
    _ small: Matrix<Double>, _ large: Matrix<Double>, _ factor: Int, _ divisor: Double, _ name: String
  ) {
    #expect(small.rows == large.rows && large.columns == factor * small.columns, "\(name)")
    for row in 0..<large.rows {
      for column in 0..<large.columns {
        let expected = small[row, column / factor] / divisor
        #expect(abs(large[row, column] - expected) < 1e-10 * max(1, abs(expected)), "\(name)")
      }
    }
  }

  /// Widened heads are no clone of the base, but their units are copies of one another. Only rescaling the
  /// queries by 1/√k makes them one.
  @Test func releasedClonesHaveEqualUnitsAndSharperAttention() throws {
    let (base, clone, batch) = try pair(Self.base, factor: 2, attention: .released)
    batch.gradients(of: base, in: StepContext(mode: .evaluation))
    batch.gradients(of: clone, in: StepContext(mode: .evaluation))
    let last = base.layers.count - 1
    for index in clone.layers.indices.dropLast() {
      for matrix in [clone.output(of: index), clone.outputGradient(of: index)] {
        for row in 0..<matrix.rows {
          for column in stride(from: 0, to: matrix.columns, by: 2) {
            #expect(abs(matrix[row, column] - matrix[row, column + 1]) < 1e-12)
          }
        }
      }
    }
    #expect(relativeError(clone.output(of: last), base.output(of: last)) > 1e-4)
    for tensor in clone.parameters where tensor.name.contains("attn.qkv") {
      let queries = tensor.parameter.count / 3
      for index in 0..<queries { tensor.parameter.value.elements[index] /= 2.0.squareRoot() }
    }
    let logits = clone.forward(batch.inputs, in: StepContext(mode: .evaluation))
    #expect(relativeError(logits, base.output(of: last)) < 1e-10)
  }

  @Test func networksOfOtherShapesAreRefused() throws {
    let base = Self.base.makeNetwork(of: Double.self)
    func refuse(_ change: (inout VisionTransformerSpecification) -> Void, layer: String) {
      var other = Self.base.cloned(by: 2)
      change(&other)
      let error = #expect(throws: CloningError.self) {
        try base.expand(into: other.makeNetwork(of: Double.self))
      }
      #expect(
        error?.description.hasPrefix("cannot clone layer \(layer): ") == true, "\(String(describing: error))")
    }
    refuse({ $0.heads = 3 }, layer: "block_1.attn")
    refuse({ $0.headWidth = 12 }, layer: "block_1.attn")
    refuse({ $0.feedForwardSize = 29 }, layer: "block_1.mlp.fc1")
    refuse({ $0.embeddingSize = 21 }, layer: "patch_embedding")
    refuse({ $0.patchSize = 2 }, layer: "patch_embedding")
    refuse({ $0.affine = false }, layer: "block_1.norm1")
    refuse({ $0.normalization = .batch }, layer: "block_1.norm1")
    refuse({ $0.normalization = .none }, layer: "out")
    refuse({ $0.dropout = 0.1 }, layer: "out")
    refuse({ $0.depth = 1 }, layer: "out")
    refuse({ $0.classes = 8 }, layer: "out")
  }
}
