import NeuralNetwork
import PlasticityMetrics
import Testing

@testable import Plasticity

@Suite("A clone")
struct CloningTests {
  @Test("computes what its base computes", arguments: normalizations, [2, 3, 4])
  func outputs(normalization: Normalization, factor: Int) throws {
    let base = try Trial<Double>.base(normalization: normalization)
    for mode in [StepContext.Mode.evaluation, .probing, .training] {
      let clone = try base.cloned(factor: factor)
      #expect(largestDifference(base.outputs(mode), clone.outputs(mode)) < 1e-12)
    }
    let clone = try base.cloned(factor: factor)
    base.pass()
    clone.pass()
    for index in base.network.layers.indices.dropLast() {
      let narrow = base.network.output(of: index)
      let wide = clone.network.output(of: index)
      let repeated = (0..<wide.count).map {
        narrow[$0 / wide.columns, $0 % wide.columns / factor]
      }
      #expect(largestDifference(Array(wide.buffer), repeated) < 1e-12)
    }
  }

  @Test("has equal activations, errors and gradients in every block", arguments: normalizations, [2, 3, 4])
  func certificate(normalization: Normalization, factor: Int) throws {
    let clone = try Trial<Double>.base(normalization: normalization).cloned(factor: factor)
    clone.pass()
    let certificate = clone.certificate()
    #expect(certificate.copiedLayers.count == (normalization == .none ? 6 : 9))
    for layer in certificate.copiedLayers {
      #expect(1 - layer.forward < 1e-10)
      #expect(1 - layer.backward < 1e-10)
    }
    #expect(1 - certificate.meanScore < 1e-10)
    #expect(certificate.parameters.fromBlockwiseConstant == 0)
    #expect(certificate.gradients.fromBlockwiseConstant < 1e-10)
    let released = clone.certificate(cloningR2Released)
    #expect(1 - released.meanScore < 1e-10)
  }

  @Test("of a clone is the clone by the product", arguments: normalizations)
  func twice(normalization: Normalization) throws {
    let base = try Trial<Double>.base(normalization: normalization)
    let twice = try cloned(
      base.network, specification: base.specification, factors: [2, 3])
    let once = try cloned(
      base.network, specification: base.specification, factor: 6)
    let shape = base.specification.cloned(by: 6)
    let trial = try Trial(twice, specification: shape, base: base.network)
    #expect(largestDifference(trial.values, try Trial(once, specification: shape).values) < 1e-16)
    trial.pass()
    let certificate = trial.certificate()
    #expect(1 - certificate.meanScore < 1e-10)
    #expect(certificate.gradients.fromBlockwiseConstant < 1e-10)
  }

  @Test("copies running statistics and working memory")
  func buffers() throws {
    let base = try Trial<Double>.base(normalization: .batch)
    let clone = try cloned(
      base.network, specification: base.specification, factor: 2)
    #expect(clone.batchCapacity == base.network.batchCapacity)
    #expect(clone.buffers.map(\.name) == base.network.buffers.map(\.name))
    let mean = base.network.buffers[0].parameter.value
    let copy = clone.buffers[0].parameter.value
    #expect(Array(copy.buffer) == mean.buffer.flatMap { [$0, $0] })
  }

  @Test("of the wrong shape is an error")
  func mismatch() throws {
    let base = try Trial<Double>.base(normalization: .none)
    var other = Trial<Double>.perceptron(normalization: .none)
    other.hiddenSizes = [10, 9]
    #expect(throws: CloningError.self) { try cloned(base.network, specification: other, factor: 2) }
    other = Trial<Double>.perceptron(normalization: .none)
    other.input = InputShape(count: 8)
    #expect(throws: CloningError.self) { try cloned(base.network, specification: other, factor: 2) }
  }
}
