import Foundation
import ImageBatches
import ImageSources
import LinearAlgebra
import NeuralNetwork
import PreparedImages
import Testing

@testable import PlasticityMetrics
@testable import Training

/// A probe that goes through a network in parts, against the same probe as a whole.
@Suite struct ProbePassTests {
  private static let images = 30

  /// A small network of each kind, its values those of seed 5.
  private func network(_ architecture: String) -> Network<Float> {
    let model =
      switch architecture {
      case "mlp": AnyModel(MLP(hiddenSizes: [24, 20], normalization: .batch, dropout: 0.2))
      case "cnn": AnyModel(CNN(channels: [16, 8], hiddenSizes: [20], normalization: .batch, dropout: 0.2))
      case "resnet": AnyModel(ResNet(channels: [8], dropout: 0.2))
      default: AnyModel(VisionTransformer(embeddingSize: 64, depth: 1, patchSize: 4, dropout: 0.2))
      }
    let network = model.makeNetwork(
      of: Float.self, shape: ImageShape(channels: 3, height: 16, width: 16), classes: 4)
    network.initialize(seed: 5)
    return network
  }

  private func probe() throws -> ProbeBatch {
    let folder = FileManager.default.temporaryDirectory.path + "/probe-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let recipe = SyntheticRecipe(
      shape: ImageShape(channels: 3, height: 16, width: 16), classCount: 4, trainingCount: Self.images,
      validationCount: 1)
    try DataSetSource(description: .cifar10, origin: .synthetic(recipe)).prepare(into: folder)
    return ProbeBatch(
      "training", split: try PreparedDataSet(folder: folder).training,
      images: (0..<Int32(Self.images)).map { $0 },
      augmentation: .none, seed: 1)
  }

  /// The training probe goes through the whole augmentation, the validation probe through none.
  @Test func theTrainingProbeHasTheRunsColours() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/probe-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let recipe = SyntheticRecipe(
      shape: ImageShape(channels: 3, height: 8, width: 8), classCount: 4, trainingCount: 10,
      validationCount: 10)
    try DataSetSource(description: .cifar10, origin: .synthetic(recipe)).prepare(into: folder)
    let dataSet = try PreparedDataSet(folder: folder)
    func inputs(_ jitter: Double?) -> [[Float]] {
      let specification = MeasurementSpecification(
        seed: 1, data: .init(set: "cifar-10", padding: 1, flip: true, colorJitter: jitter),
        model: AnyModel(MLP(hiddenSizes: [4])),
        clone: 1, options: MeasurementOptions(probeImages: 10))
      return ProbeBatch.all(specification, dataSet: dataSet).map { probe in
        Array(probe.batch.inputs.buffer)
      }
    }
    let (plain, jittered) = (inputs(nil), inputs(0.2))
    #expect(inputs(0) == plain)
    #expect(jittered[0] != plain[0])
    #expect(jittered[1] == plain[1])
  }

  /// Every metric and cloning score of every layer, by the names of both.
  private func measured(
    _ network: Network<Float>, _ probe: ProbeBatch, largestPart: Int, mode: StepContext.Mode
  ) throws -> [String: Double] {
    let pass = ProbePass(
      network, seed: 2, images: Self.images, largestPart: largestPart)
    var thresholds = MetricThresholds()
    thresholds.shapeRows = 60
    thresholds.spectrumRows = 80
    var layers = [LayerMeasurement?](repeating: nil, count: network.layers.count)
    pass.run(probe, mode: mode) { index, output, gradient in
      let positions = output.rows / pass.parts(of: Self.images)[0].count
      let sample = LayerSample(
        rows: layers[index]?.sample.rows ?? positions * Self.images, units: output.columns, seed: 2,
        metrics: LayerMetricRegistry.standard(thresholds: thresholds))
      let layer =
        layers[index] ?? LayerMeasurement(sample: sample, cloneFactor: output.columns % 4 == 0 ? 4 : nil)
      layers[index] = layer
      layer.add(output, gradient)
    }
    var result: [String: Double] = [:]
    for (index, layer) in layers.enumerated() {
      for (metric, value) in try #require(layer).values() {
        result["\(network.layers[index].name) \(metric)"] = value
      }
    }
    return result
  }

  @Test(arguments: ["mlp", "cnn", "resnet", "vit"])
  func partsChangeNothingInEvaluation(architecture: String) throws {
    let network = network(architecture)
    let probe = try probe()
    let whole = try measured(network, probe, largestPart: 30, mode: .evaluation)
    #expect(whole.count > 11 * network.layers.count)
    for size in [7, 16] {
      let parts = try measured(network, probe, largestPart: size, mode: .evaluation)
      #expect(parts.count == whole.count)
      for (name, value) in whole {
        // Products of other heights round otherwise in single precision, and ranks weigh small singular values.
        let difference = try #require(parts[name]) - value
        #expect(difference.magnitude <= 1e-4 * max(1e-2, value.magnitude), "\(size) \(name)")
      }
    }
  }

  @Test func gradientsAreThoseOfTheMeanOverTheWholeProbe() throws {
    let network = network("mlp")
    let probe = try probe()
    func gradients(largestPart: Int, ofLayer name: String) -> [Float] {
      let pass = ProbePass(network, seed: 2, images: Self.images, largestPart: largestPart)
      var gradients: [Float] = []
      pass.run(probe, mode: .evaluation) { layer, _, gradient in
        if network.layers[layer].name == name { gradients += Array(gradient.buffer) }
      }
      return gradients
    }
    for name in ["linear_1", "out"] {
      let whole = gradients(largestPart: 30, ofLayer: name)
      let largest = whole.map(\.magnitude).max() ?? 0
      for size in [1, 7, 16] {
        let parts = gradients(largestPart: size, ofLayer: name)
        #expect(parts.count == whole.count && largest > 0)
        #expect(zip(parts, whole).allSatisfy { ($0 - $1).magnitude < 1e-5 * largest }, "\(name) \(size)")
      }
    }
  }

  @Test(arguments: [StepContext.Mode.evaluation, .probing])
  func aRunRepeatsItsBits(mode: StepContext.Mode) throws {
    let probe = try probe()
    let first = try measured(network("cnn"), probe, largestPart: 8, mode: mode)
    #expect(try measured(network("cnn"), probe, largestPart: 8, mode: mode) == first)
  }

  @Test(arguments: ["mlp", "cnn", "resnet", "vit"])
  func modesOneAfterTheOtherAreThoseOfPassesApart(architecture: String) throws {
    let probe = try probe()
    let network = network(architecture)
    let pass = ProbePass(network, seed: 2, images: Self.images, largestPart: 16)
    let modes: [StepContext.Mode] = [.evaluation, .probing]
    var together: [[[Float]]] = [[], []]
    pass.run(probe, modes: modes) { mode, _, output, gradient in
      together[mode == .probing ? 1 : 0] += [Array(output.buffer), Array(gradient.buffer)]
    }
    for (mode, seen) in zip(modes, together) {
      var apart: [[Float]] = []
      pass.run(probe, mode: mode) { _, output, gradient in
        apart += [Array(output.buffer), Array(gradient.buffer)]
      }
      #expect(apart == seen)
      #expect(apart.count == 2 * 2 * network.layers.count)
    }
    #expect(together[0] != together[1])
  }

  @Test func partsOfAProbingPassAreBatchesOfTheirOwn() throws {
    let network = network("mlp")
    let probe = try probe()
    let pass = ProbePass(network, seed: 2, images: Self.images, largestPart: 10)
    var means: [Float] = []
    var masks: [[Bool]] = []
    pass.run(probe, mode: .probing) { layer, output, _ in
      let name = network.layers[layer].name
      if name == "norm_1" { means.append(output.buffer.reduce(0, +) / Float(output.count)) }
      if name == "dropout_1" { masks.append((0..<output.columns).map { output[0, $0] == 0 }) }
    }
    #expect(means.count == 3 && means.allSatisfy { abs($0) < 1e-5 })
    #expect(Set(masks).count == 3)
  }

  @Test func partsAreEvenAndNoLargerThanMemoryAllows() {
    let network = network("resnet")
    let free = ProbePass(network, seed: 1, images: 500)
    #expect(free.parts(of: 500) == [0..<125, 125..<250, 250..<375, 375..<500])
    #expect(free.parts(of: 130) == [0..<65, 65..<130])
    #expect(free.parts(of: 1) == [0..<1])
    let limit = network.memoryNeeded(batchSize: 10, retaining: .outputs)
    let bounded = ProbePass(network, seed: 1, images: 500, memoryLimit: limit)
    #expect(bounded.parts(of: 500).count == 50)
    #expect(network.batchCapacity == 10)
    _ = ProbePass(network, seed: 1, images: 500, memoryLimit: 0)
    #expect(network.batchCapacity == 1)
  }

  /// The paper's networks and their clones on images of 64 × 64 pixels, 200 classes.
  @Test(arguments: ["mlp", "cnn", "resnet", "vit"], [1, 2])
  func thePapersNetworksFitOnLargeImages(architecture: String, factor: Int) throws {
    let models: [String: any Model] = [
      "mlp": MLP(hiddenSizes: Array(repeating: 128, count: 5), normalization: .batch, dropout: 0.1),
      "cnn": CNN(normalization: .batch, dropout: 0.1), "resnet": ResNet(dropout: 0.1),
      "vit": VisionTransformer(dropout: 0.1),
    ]
    let paper = try #require(models[architecture])
    let model = AnyModel(paper).widened(by: factor)
    let network = model.makeNetwork(
      of: Float.self, shape: ImageShape(channels: 3, height: 64, width: 64), classes: 200)
    let size = ProbePass.partSize(of: network, images: 500)
    #expect((32...128).contains(size))
    #expect(network.memoryNeeded(batchSize: size, retaining: .outputs) <= 2 << 30)
  }
}
