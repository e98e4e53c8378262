import LinearAlgebra
import NeuralNetwork
import Testing

/// Perceptrons and convolutional networks against PyTorch, by their counts, and against themselves.
@Suite struct ModelTests {
  static let normalizations = Normalization.allCases

  private func network<Scalar: Real>(
    _ architecture: String, _ normalization: Normalization, _ type: Scalar.Type
  ) -> Network<Scalar> {
    switch architecture {
    case "mlp":
      MLPSpecification(inputSize: 48, hiddenSizes: [35, 19], classes: 4, normalization: normalization)
        .makeNetwork(of: type)
    case "cnn":
      CNNSpecification(
        height: 16, width: 16, channels: [5, 6, 7], hiddenSize: 11, classes: 4,
        normalization: normalization
      ).makeNetwork(of: type)
    case "convnet":
      ShapedModel(
        ConvNet(kernels: [5, 3], channels: [6, 7], hiddenSizes: [11, 9], normalization: normalization),
        input: InputShape(channels: 3, height: 16, width: 16), classes: 4
      ).makeNetwork(of: type)
    default:
      ResNetSpecification(
        height: 9, width: 9, baseChannels: 2, classes: 4, normalization: normalization
      ).makeNetwork(of: type)
    }
  }

  @Test(arguments: ["mlp", "cnn", "convnet", "resnet"], normalizations)
  func twentyStepsAgreeWithPyTorch(architecture: String, normalization: Normalization) throws {
    for retaining in [true, false] {
      try check(architecture, normalization, retaining, Float.self, gradients: 2e-5, curve: 1e-4)
      try check(architecture, normalization, retaining, Double.self, gradients: 1e-11, curve: 1e-9)
    }
  }

  private func check<Scalar: Real>(
    _ architecture: String, _ normalization: Normalization, _ retaining: Bool, _ type: Scalar.Type,
    gradients: Double, curve: Double
  ) throws {
    let fixture = try Fixture<Scalar>("\(architecture)-\(normalization.rawValue)", precision: "double")
    let x = try fixture.matrix("net/x")
    let labels = try fixture.labels("net/labels")
    for rule in ["sgd", "adam"] {
      let network = network(architecture, normalization, type)
      network.reserve(batchSize: 7, retainingGradients: retaining)
      try fixture.load(
        (network.parameters + network.buffers).map { ($0.name, $0.parameter) }, from: "net/before")
      let optimizer: any Optimizer<Scalar> =
        rule == "sgd"
        ? SGD(network, learningRate: Scalar(0.02), momentum: Scalar(0.9)) : Adam(network)
      let losses = try fixture.matrix("net/\(rule)/losses")
      let gradient = fixture.empty(rows: x.rows, columns: 4)
      for step in 0..<20 {
        let logits = network.forward(x, in: StepContext(mode: .training, step: UInt64(step)))
        let loss = labels.withUnsafeBufferPointer {
          CrossEntropy.evaluate(logits: logits, labels: $0, gradient: gradient).loss
        }
        #expect(abs(loss - Double(losses[0, step])) < curve * Double(losses[0, step]), "\(rule) \(step)")
        if step == 0 { #expect(try fixture.error(logits, "net/logits") < gradients) }
        network.backward(gradient)
        if step == 0 { try checkGradients(network, fixture, tolerance: gradients) }
        optimizer.step()
      }
      let evaluation = network.forward(x, in: StepContext(mode: .evaluation))
      let distance = try fixture.error(evaluation, "net/\(rule)/evaluation")
      #expect(distance < 100 * curve, "\(rule) \(distance)")
    }
  }

  private func checkGradients<Scalar: Real>(
    _ network: Network<Scalar>, _ fixture: Fixture<Scalar>, tolerance: Double
  ) throws {
    let whole = norm(network.gradients)
    // In front of batch normalisation the gradient of a bias is zero but for rounding.
    let vanishing = zip(network.layers, network.layers.dropFirst())
      .filter { $1 is BatchNormalization<Scalar> }.map { "\($0.0.name).bias" }
    for tensor in network.parameters {
      let error = try fixture.error(
        tensor.parameter.gradient, "net/gradient/\(tensor.name)",
        floor: vanishing.contains(tensor.name) ? whole : 0)
      #expect(error < tolerance, "\(tensor.name)")
    }
    for tensor in network.buffers {
      #expect(try fixture.error(tensor.parameter.value, "net/statistics/\(tensor.name)") < tolerance)
    }
  }

  @Test(arguments: [(32, 10, 2_474_506, 11_173_962), (64, 200, 8_863_432, 11_271_432)])
  func parameterCountsAreThePapers(size: Int, classes: Int, cnn: Int, resnet: Int) {
    func count(_ network: Network<Float>) -> Int {
      network.parameters.map(\.parameter.count).reduce(0, +)
    }
    let plain = CNNSpecification(height: size, width: size, classes: classes, normalization: .batch)
    #expect(count(plain.makeNetwork(of: Float.self)) == cnn)
    let residual = ResNetSpecification(height: size, width: size, classes: classes)
    #expect(count(residual.makeNetwork(of: Float.self)) == resnet)
    var fixed = residual
    fixed.affine = false
    // Scale and shift of the stem and of every unit of the blocks.
    let units = 64 + (4 * 64) + (5 * 128) + (5 * 256) + (5 * 512)
    #expect(count(fixed.makeNetwork(of: Float.self)) == resnet - 2 * units)
    let perceptron = MLPSpecification(
      inputSize: 3 * size * size, hiddenSizes: Array(repeating: 128, count: 5), classes: classes,
      normalization: .batch)
    #expect(count(perceptron.makeNetwork(of: Float.self)) == (size == 32 ? 461_962 : 1_666_120))
  }

  /// 177,218 and 58,034 parameters, and 5.80 and 1.63 million multiplications of a forward pass.
  @Test func convNetsHaveTheSizesOfContinualImageNet() {
    let input = InputShape(channels: 3, height: 32, width: 32)
    func sizes(_ model: ConvNet) -> [Int] {
      let shaped = ShapedModel(model, input: input, classes: 2)
      let network = shaped.makeNetwork(of: Float.self)
      return [
        network.parameters.map(\.parameter.count).reduce(0, +),
        shaped.multiplications.first + shaped.multiplications.rest,
      ]
    }
    let convNet = sizes(ConvNet())
    #expect(convNet[0] == 177_218 && abs(Double(convNet[1]) - 5.80e6) < 0.01e6)
    let small = sizes(ConvNet(kernels: [5, 5], channels: [16, 16], hiddenSizes: [100, 100]))
    #expect(small[0] == 58_034 && abs(Double(small[1]) - 1.63e6) < 0.01e6)
    #expect(throws: (any Error).self) {
      try ConvNet().validate(for: InputShape(channels: 3, height: 16, width: 16))
    }
    #expect(throws: (any Error).self) { try ConvNet(kernels: [5, 5]).validate() }
  }

  @Test func namesAreThePapers() {
    let cnn = CNNSpecification(height: 32, width: 32, classes: 10, normalization: .layer, dropout: 0.1)
      .makeNetwork(of: Float.self)
    #expect(
      cnn.layers.map(\.name) == [
        "channels_last", "conv_1", "norm_1", "act_1", "pool_1", "conv_2", "norm_2", "act_2", "pool_2",
        "conv_3", "norm_3", "act_3", "pool_3", "flatten", "linear_1", "act_4", "dropout_1", "out",
      ])
    let resnet = ResNetSpecification(height: 32, width: 32, classes: 10, dropout: 0.1)
      .makeNetwork(of: Float.self)
    let blocks = (1...8).map { "block_\($0)" }
    #expect(
      resnet.layers.map(\.name) == ["channels_last", "stem"] + blocks + ["pool", "dropout", "out"])
    let names = Set(resnet.parameters.map(\.name) + resnet.buffers.map(\.name))
    #expect(names.count == resnet.parameters.count + resnet.buffers.count)
    #expect(names.isSuperset(of: ["stem.conv.weight", "block_3.skip_norm.running_var"]))
    #expect(!names.contains("block_2.skip_conv.weight") && !names.contains("stem.conv.bias"))
    let plain = ResNetSpecification(height: 8, width: 8, classes: 3, normalization: .none)
      .makeNetwork(of: Float.self)
    #expect(plain.parameters.map(\.name).contains("block_1.conv_2.bias"))
  }

  @Test func initialValuesArePyTorchs() {
    let network = ResNetSpecification(height: 8, width: 8, baseChannels: 16, classes: 10)
      .makeNetwork(of: Float.self)
    network.initialize(seed: 5)
    for tensor in network.parameters where tensor.name.hasSuffix("conv_2.weight") {
      let values = tensor.parameter.value.buffer
      let fanOut = Double(tensor.parameter.shape[0] * 9)
      let meanSquare = values.map { Double($0 * $0) }.reduce(0, +) / Double(values.count)
      // Five standard deviations of the mean square of normal numbers.
      #expect(abs(meanSquare * fanOut / 2 - 1) < 5 * (2 / Double(values.count)).squareRoot())
    }
    let tensors = network.parameters + network.buffers
    for tensor in tensors where tensor.name.contains("norm") {
      let expected: Float = tensor.name.hasSuffix("weight") || tensor.name.hasSuffix("var") ? 1 : 0
      #expect(tensor.parameter.value.buffer.allSatisfy { $0 == expected }, "\(tensor.name)")
    }
    let other = ResNetSpecification(height: 8, width: 8, baseChannels: 16, classes: 10)
      .makeNetwork(of: Float.self)
    other.initialize(seed: 5)
    #expect(other.values.buffer.elementsEqual(network.values.buffer))
  }

  /// Fused with the normalisation before it or not, a rectifier computes the same bits.
  @Test(arguments: normalizations)
  func sharedPlacesChangeNoBit(normalization: Normalization) {
    for architecture in ["cnn", "resnet"] {
      let size = architecture == "cnn" ? 16 : 9
      let batch = Batch<Float>(rows: 5, inputs: 3 * size * size, classes: 4, seed: 2)
      let results = [true, false, false].map { retaining in
        let network = network(architecture, normalization, Float.self)
        network.reserve(batchSize: 5, retainingGradients: retaining)
        network.initialize(seed: 3)
        let optimizer = Adam(network)
        for _ in 0..<3 {
          batch.gradients(of: network, in: StepContext(mode: .training))
          optimizer.step()
        }
        return Array(network.values.buffer)
      }
      #expect(Set(results).count == 1)
    }
  }
}
