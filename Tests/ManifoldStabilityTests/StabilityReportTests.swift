import LinearAlgebra
import ManifoldStability
import NeuralNetwork
import Testing

@Suite("The stability report")
struct StabilityReportTests {
  @Test("classifies by the signs of the ends")
  func classification() {
    func classify(_ smallest: Double, _ largest: Double) -> StabilityReport.Classification {
      .init(smallest: smallest, largest: largest, negligible: 0.01)
    }
    #expect(classify(-0.001, 2) == .stable)
    #expect(classify(0.5, 2) == .stable)
    #expect(classify(-2, 0.001) == .unstable)
    #expect(classify(-2, -1) == .unstable)
    #expect(classify(-2, 0.1) == .saddle)
    #expect(classify(-0.001, 0.001) == .flat)
  }

  @Test("finds a saddle at clones, whatever the normalisation", arguments: normalizations, [2, 3])
  func saddle(normalization: Normalization, factor: Int) throws {
    let sample = try Sample(factor: factor, normalization: normalization)
    let report = try StabilityReport(of: sample.network, expansion: sample.expansion, batch: sample.batch)
    #expect(report.isConverged)
    #expect(report.classification == .saddle)
    #expect(report.distanceFromManifold == 0)
    let projection = sample.projection()
    #expect(report.normalDimension == projection.normalDimension)
    #expect(report.tangentDimension == projection.tangentDimension)
    let normal = try #require(report.normal)
    #expect(report.products == normal.products + report.tangent.products)
    #expect(report.gradients >= 2 * report.products + 1)
    let ratio = try #require(report.normalToTangentRatio)
    #expect(abs(ratio * report.tangent.radius - normal.radius) < 1e-12)
    // Without normalisation the spectrum is symmetric about zero.
    if normalization == .none { #expect(abs(normal.smallest + normal.largest) < 1e-4 * normal.radius) }
    #expect(report.loss > 0.1 && report.gradientNorm > 0)
  }

  @Test("of a single copy has no normal directions and is flat")
  func single() throws {
    let sample = try Sample(factor: 1)
    let report = try StabilityReport(of: sample.network, expansion: sample.expansion, batch: sample.batch)
    #expect(report.normal == nil)
    #expect(report.classification == .flat)
    #expect(report.normalToTangentRatio == 0)
  }

  @Test("spans the whole Hessian in the tangent space of a single copy")
  func tangent() throws {
    let sample = try Sample(factor: 1)
    let report = try StabilityReport(of: sample.network, expansion: sample.expansion, batch: sample.batch)
    let hessian = HessianOperator(of: sample.network, batch: sample.batch)
    let vectors = Vectors()
    let values = try vectors.dense(hessian.count) { hessian.apply(to: $0, into: $1) }.symmetricEigenvalues()
    #expect(abs(report.tangent.largest - values[values.count - 1]) < 1e-5 * report.tangent.radius)
    #expect(abs(report.tangent.smallest - values[0]) < 1e-5 * report.tangent.radius)
  }

  @Test("is flat where the error vanishes, and a saddle where it does not")
  func flat() throws {
    // Logits of ±1000 fit both labels to the last bit: no error, no Hessian.
    let sample = try Sample(inputSize: 1, hiddenSizes: [2], classes: 2, rows: 2, steps: 0)
    let tensors = sample.network.parameters.map(\.parameter.value)
    for tensor in tensors { tensor.fill(with: 0) }
    for (index, sign) in [1.0, 1, -1, -1].enumerated() {
      tensors[0].elements[index] = sign
      tensors[2][0, index] = 1000 * sign
      tensors[2][1, index] = -1000 * sign
    }
    sample.batch.inputs.elements[0] = 1
    sample.batch.inputs.elements[1] = -1
    let solved = Batch(copying: sample.batch.inputs, labels: [0, 1], classes: 2)
    let report = try StabilityReport(of: sample.network, expansion: sample.expansion, batch: solved)
    #expect(report.classification == .flat)
    #expect(report.loss == 0 && report.normal?.radius == 0)
    #expect(report.normalToTangentRatio == nil)
    // One label the wrong way round makes an error, and with it both signs.
    let wrong = Batch(copying: sample.batch.inputs, labels: [1, 1], classes: 2)
    let other = try StabilityReport(of: sample.network, expansion: sample.expansion, batch: wrong)
    #expect(other.classification == .saddle)
  }

  @Test(
    "agrees with the closed form for rectifier chains", arguments: [[4], [3, 3], [4, 3, 5]], [2, 3, 4])
  func closedForm(hiddenSizes: [Int], factor: Int) throws {
    let sample = try Sample(hiddenSizes: hiddenSizes, factor: factor, rows: 40)
    let report = try StabilityReport(
      of: sample.network, expansion: sample.expansion, batch: sample.batch, lanczos: Lanczos(tolerance: 1e-6))
    let splitting = try UnitSplitting(of: sample.network, expansion: sample.expansion, batch: sample.batch)
    let normal = try #require(report.normal)
    #expect(splitting.units.count == hiddenSizes.reduce(0, +))
    #expect(splitting.largestCurvature > 1e-3)
    #expect(abs(normal.largest - splitting.largestCurvature) < 1e-5 * normal.radius)
    #expect(abs(normal.smallest + splitting.largestCurvature) < 1e-5 * normal.radius)
  }

  @Test("has no closed form where layers are normalised")
  func unsupported() throws {
    let sample = try Sample(normalization: .batch)
    #expect(throws: UnitSplittingError.unsupportedLayer(name: "norm_1")) {
      try UnitSplitting(of: sample.network, expansion: sample.expansion, batch: sample.batch)
    }
  }
}
