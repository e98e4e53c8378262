import LinearAlgebra
import NeuralNetwork
import Testing

/// Convolutions in a network: gradients against central differences, cloning, initial weights.
@Suite struct ConvolutionNetworkTests {
  private let height = 6
  private let width = 6

  /// 2 → 16 → 16 (channels-last 6 × 6 images) → strided → linear, widths multiplied by `factor`.
  private func network(factor: Int = 1) -> Network<Double> {
    let channels = 16 * factor
    let strided = Convolution<Double>(
      name: "conv_3", inputChannels: channels, outputChannels: 3 * factor, height: height, width: width,
      kernel: (height, width), stride: 2)
    return Network(layers: [
      Convolution(
        name: "conv_1", inputChannels: 2, outputChannels: channels, height: height, width: width, kernel: 3,
        padding: 1),
      ReLU(name: "act_1", size: channels, positions: height * width),
      Convolution(
        name: "conv_2", inputChannels: channels, outputChannels: channels, height: height, width: width,
        kernel: 3, padding: 1, bias: false, initialization: .kaimingNormal),
      strided,
      Linear(name: "out", inputSize: 3 * factor, outputSize: 3),
    ])
  }

  /// Images as rows of pixels with labels; the last layer gives one row an image.
  private struct Batch {
    let images = 4
    let arena = Arena<Double>(capacity: 1 << 10)
    let inputs: Matrix<Double>
    let gradient: Matrix<Double>
    let labels: [Int32] = [0, 2, 1, 1]

    init(pixels: Int) {
      inputs = arena.take(rows: images * pixels, columns: 2)
      gradient = arena.take(rows: images, columns: 3)
      var stream = RandomStream(seed: 5, purpose: "batch")
      stream.fillNormal(inputs.buffer)
    }

    func loss(of network: Network<Double>, backward: Bool = false) -> Double {
      let logits = network.forward(inputs, in: StepContext(mode: .training))
      let loss = labels.withUnsafeBufferPointer {
        CrossEntropy.evaluate(logits: logits, labels: $0, gradient: gradient).loss
      }
      if backward { network.backward(gradient) }
      return loss
    }
  }

  @Test func gradientsAreTheDerivativesOfTheLoss() {
    let network = network()
    let batch = Batch(pixels: height * width)
    network.reserve(batchSize: batch.inputs.rows)
    network.initialize(seed: 3)
    _ = batch.loss(of: network, backward: true)
    let gradients = Array(network.gradients.buffer)
    let step = 1e-5
    for tensor in network.parameters {
      let value = tensor.parameter.value
      let offset = value.elements - network.values.elements
      for index in stride(from: 0, to: value.count, by: 37) {
        let kept = value.elements[index]
        value.elements[index] = kept + step
        let above = batch.loss(of: network)
        value.elements[index] = kept - step
        let below = batch.loss(of: network)
        value.elements[index] = kept
        let slope = (above - below) / (2 * step)
        #expect(abs(slope - gradients[offset + index]) < 1e-8, "\(tensor.name)[\(index)]")
      }
    }
  }

  @Test(arguments: [2, 3])
  func clonesComputeTheSame(factor: Int) throws {
    let base = network()
    let clone = network(factor: factor)
    let batch = Batch(pixels: height * width)
    for network in [base, clone] { network.reserve(batchSize: batch.inputs.rows) }
    base.initialize(seed: 1)
    try base.expand(into: clone)
    let losses = [base, clone].map { batch.loss(of: $0, backward: true) }
    #expect(abs(losses[0] - losses[1]) < 1e-12)
    for index in base.layers.indices.dropLast() {
      let (small, large) = (base.output(of: index), clone.output(of: index))
      let (smallGradient, largeGradient) = (base.outputGradient(of: index), clone.outputGradient(of: index))
      #expect(large.rows == small.rows && large.columns == factor * small.columns)
      for row in 0..<large.rows {
        for column in 0..<large.columns {
          #expect(abs(large[row, column] - small[row, column / factor]) < 1e-12)
          let expected = smallGradient[row, column / factor] / Double(factor)
          #expect(abs(largeGradient[row, column] - expected) < 1e-12)
        }
      }
    }
  }

  @Test func convolutionsOfOtherShapesAreRefused() {
    func layer(
      _ inputs: Int, _ outputs: Int, height: Int = 4, kernel: Int = 3, padding: Int = 1, bias: Bool = true
    ) -> Convolution<Double> {
      Convolution(
        name: "conv", inputChannels: inputs, outputChannels: outputs, height: height, width: 4,
        kernel: kernel, padding: padding, bias: bias)
    }
    let base = layer(3, 4)
    let others = [
      (layer(5, 8), "5 inputs are no multiple of 3"),
      (layer(6, 9), "9 output channels are no multiple of 4"),
      (layer(6, 8, height: 5), "images, kernels, strides, padding or bias differ"),
      (layer(6, 8, kernel: 1), "images, kernels, strides, padding or bias differ"),
      (layer(6, 8, padding: 0), "images, kernels, strides, padding or bias differ"),
      (layer(6, 8, bias: false), "images, kernels, strides, padding or bias differ"),
    ]
    for (other, reason) in others {
      #expect(throws: CloningError.mismatch(layer: "conv", reason: reason)) {
        try base.expansion(into: other, input: CloningProfile(units: 3, copies: 2))
      }
    }
    #expect(throws: CloningError.self) {
      try base.expansion(into: ReLU(name: "conv", size: 6), input: CloningProfile(units: 3, copies: 2))
    }
    let received = CloningProfile(units: 3, copies: 3)
    #expect(
      throws: CloningError.unequalProfiles(
        layer: "conv", .init("what it receives", received),
        .init("what it takes", CloningProfile(units: 3, copies: 2)))
    ) { try base.expansion(into: layer(6, 8), input: received) }
  }

  @Test func initialWeightsHaveTheRightSpread() throws {
    let uniform = Convolution<Float>(
      name: "a", inputChannels: 24, outputChannels: 40, height: 4, width: 4, kernel: (3, 2))
    let normal = Convolution<Float>(
      name: "b", inputChannels: 24, outputChannels: 40, height: 4, width: 4, kernel: (3, 2),
      initialization: .kaimingNormal)
    let network = Network<Float>(layers: [uniform, normal])
    network.initialize(seed: 9)
    func deviation(_ matrix: Matrix<Float>) -> Double { norm(matrix) / Double(matrix.count).squareRoot() }
    let bound = 1 / Float(24 * 6).squareRoot()
    for parameter in [uniform.weight, try #require(uniform.bias), try #require(normal.bias)] {
      #expect(parameter.value.buffer.allSatisfy { abs($0) <= bound })
    }
    // Five standard errors of the root mean square of 5,760 numbers.
    #expect(abs(deviation(uniform.weight.value) * 3.0.squareRoot() / Double(bound) - 1) < 0.03)
    #expect(abs(deviation(normal.weight.value) / (2.0 / 240).squareRoot() - 1) < 0.05)
    #expect(normal.weight.value.buffer.contains { abs($0) > 3 * (2 / Float(240)).squareRoot() })
  }
}
