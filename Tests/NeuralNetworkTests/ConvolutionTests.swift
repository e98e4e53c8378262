import LinearAlgebra
import NeuralNetwork
import Testing

/// Convolutions of every kind of shape against PyTorch.
@Suite struct ConvolutionTests {
  /// The shapes in make_convolution_fixtures.py.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let batch: Int
    let inputs: Int
    let outputs: Int
    let height: Int
    let width: Int
    var kernel: (height: Int, width: Int) = (3, 3)
    var stride = 1
    var padding = 0
    var bias = true
    var testDescription: String { name }

    func layer<Scalar: Real>(_ type: Scalar.Type, channelFactors: (Int, Int) = (1, 1)) -> Convolution<Scalar>
    {
      Convolution(
        name: "conv", inputChannels: inputs * channelFactors.0, outputChannels: outputs * channelFactors.1,
        height: height, width: width, kernel: kernel, stride: stride, padding: padding, bias: bias)
    }
  }

  static let cases = [
    Case(name: "odd", batch: 2, inputs: 3, outputs: 5, height: 5, width: 7, padding: 1),
    Case(
      name: "strided", batch: 3, inputs: 6, outputs: 4, height: 7, width: 6, stride: 2, padding: 1,
      bias: false),
    Case(name: "pointwise", batch: 2, inputs: 19, outputs: 18, height: 3, width: 5, kernel: (1, 1)),
    Case(
      name: "pointwise-strided", batch: 2, inputs: 4, outputs: 18, height: 5, width: 4, kernel: (1, 1),
      stride: 2, bias: false),
    Case(
      name: "patches", batch: 1, inputs: 2, outputs: 3, height: 16, width: 24, kernel: (8, 8), stride: 8),
    Case(
      name: "oblong", batch: 2, inputs: 5, outputs: 17, height: 4, width: 6, kernel: (2, 3), padding: 2),
    Case(name: "gaps", batch: 2, inputs: 3, outputs: 4, height: 8, width: 9, kernel: (2, 2), stride: 3),
    Case(
      name: "outside", batch: 1, inputs: 2, outputs: 3, height: 2, width: 2, kernel: (2, 2), stride: 3,
      padding: 3),
    Case(name: "tiles", batch: 2, inputs: 16, outputs: 16, height: 5, width: 7, padding: 1),
    Case(name: "tiles-even", batch: 1, inputs: 16, outputs: 32, height: 8, width: 4, padding: 1, bias: false),
    Case(name: "tiles-valid", batch: 2, inputs: 16, outputs: 16, height: 7, width: 6),
    Case(name: "tiles-full", batch: 1, inputs: 16, outputs: 16, height: 4, width: 5, padding: 2),
  ]

  @Test(arguments: cases)
  func agreesWithPyTorch(_ shape: Case) throws {
    try check(shape, Double.self, tolerance: 1e-13)
    try check(shape, Float.self, tolerance: 5e-6)
  }

  private func check<Scalar: Real>(_ shape: Case, _ type: Scalar.Type, tolerance: Double) throws {
    let fixture = try Fixture<Scalar>(shape.name.hasPrefix("tiles") ? "tiles" : "convolution")
    let layer = shape.layer(type)
    let network = Network<Scalar>(layers: [layer])
    // More room than the batch needs, and rows left over by a larger batch must not show.
    network.reserve(batchSize: shape.batch + 1)
    #expect(layer.parameters.count == (shape.bias ? 2 : 1))
    try fixture.load(layer.parameters.map { ($0.name, $0) }, from: "\(shape.name)/before")
    let x = try fixture.matrix("\(shape.name)/x")
    let dy = try fixture.matrix("\(shape.name)/dy")
    var first: [[Scalar]] = []
    for pass in 0..<2 {
      let output = layer.forward(x, in: StepContext(mode: .training))
      #expect(output.rows == shape.batch * layer.outputHeight * layer.outputWidth)
      #expect(try fixture.error(output, "\(shape.name)/output") < tolerance)
      let inputGradient = try #require(layer.backward(dy, inputGradient: true))
      #expect(try fixture.error(inputGradient, "\(shape.name)/inputGradient") < tolerance)
      for parameter in layer.parameters {
        let name = "\(shape.name)/gradient/\(parameter.name)"
        #expect(try fixture.error(parameter.gradient, name) < tolerance)
      }
      // Bit for bit the same in the second pass, on memory that the first one has used.
      let results = [output, inputGradient, network.gradients].map { Array($0.buffer) }
      if pass == 0 { first = results } else { #expect(results == first) }
    }
    network.gradients.fill(with: 7)
    #expect(layer.backward(dy, inputGradient: false) == nil)
    #expect(
      Array(network.gradients.buffer.prefix(layer.weight.count)) == Array(first[2].prefix(layer.weight.count))
    )
  }

  /// Blocks of pixels or tiles end in the middle of images; the results must not depend on it.
  @Test(arguments: [3, 16])
  func aBatchGivesWhatItsImagesGive(channels: Int) throws {
    let (size, images, outputs) = (12, 18, 32)
    let pixels = size * size
    func network() -> (Convolution<Double>, Network<Double>) {
      let layer = Convolution<Double>(
        name: "conv", inputChannels: channels, outputChannels: outputs, height: size, width: size, kernel: 3,
        padding: 1)
      return (layer, Network(layers: [layer]))
    }
    let (layer, whole) = network()
    let (single, alone) = network()
    whole.reserve(batchSize: images)
    alone.reserve(batchSize: 1)
    for network in [whole, alone] { network.initialize(seed: 6) }
    let arena = Arena<Double>(capacity: images * pixels * (channels + outputs) + 64)
    let x = arena.take(rows: images * pixels, columns: channels)
    let dy = arena.take(rows: images * pixels, columns: outputs)
    var stream = RandomStream(seed: 7, purpose: "batch")
    for matrix in [x, dy] { stream.fillNormal(matrix.buffer) }
    let output = layer.forward(x, in: StepContext(mode: .training))
    let inputGradient = try #require(layer.backward(dy, inputGradient: true))
    var sums = [Double](repeating: 0, count: whole.gradients.count)
    func part(_ matrix: Matrix<Double>, _ image: Int) -> Matrix<Double> {
      Matrix(
        elements: matrix.elements + image * pixels * matrix.columns, rows: pixels, columns: matrix.columns)
    }
    for image in 0..<images {
      let expected = single.forward(part(x, image), in: StepContext(mode: .training))
      #expect(relativeError(part(output, image), expected) < 1e-13)
      let gradient = try #require(single.backward(part(dy, image), inputGradient: true))
      #expect(relativeError(part(inputGradient, image), gradient) < 1e-13)
      for (index, value) in alone.gradients.buffer.enumerated() { sums[index] += value }
    }
    for (sum, value) in zip(sums, whole.gradients.buffer) { #expect(abs(sum - value) < 1e-10) }
  }

  /// The largest shapes of the paper lose no more (3.6 · 10⁻⁶ of the largest output at 256 channels).
  @Test func singlePrecisionIsCloseToDouble() throws {
    let single = try results(Float.self)
    let double = try results(Double.self)
    for (rounded, exact) in zip(single, double) {
      let largest = try #require(exact.map(abs).max())
      let error = try #require(zip(rounded, exact).map { abs($0 - $1) }.max())
      #expect(error < 1e-5 * largest)
      #expect(error > 0)
    }
  }

  /// Output and gradients of a convolution of 64 channels, of numbers that both precisions hold exactly.
  private func results<Scalar: Real>(_ type: Scalar.Type) throws -> [[Double]] {
    let (height, width, channels) = (10, 9, 64)
    let layer = Convolution<Scalar>(
      name: "conv", inputChannels: channels, outputChannels: channels, height: height, width: width,
      kernel: 3,
      padding: 1)
    let network = Network<Scalar>(layers: [layer])
    network.reserve(batchSize: 2)
    let arena = Arena<Scalar>(capacity: 4 * height * width * channels)
    let x = arena.take(rows: 2 * height * width, columns: channels)
    let dy = arena.take(rows: 2 * height * width, columns: channels)
    var stream = RandomStream(seed: 1, purpose: "numbers")
    for matrix in [x, dy, network.values] {
      for index in 0..<matrix.count { matrix.elements[index] = Scalar(stream.uniform().rounded(toPlaces: 8)) }
    }
    let output = layer.forward(x, in: StepContext(mode: .training))
    let inputGradient = try #require(layer.backward(dy, inputGradient: true))
    return [output, inputGradient, network.gradients].map { $0.buffer.map { Double($0) } }
  }
}

extension Double {
  /// Kept to so many binary places, minus one half.
  fileprivate func rounded(toPlaces places: Int) -> Double {
    let scale = Double(1 << places)
    return (self * scale).rounded() / scale - 0.5
  }
}
