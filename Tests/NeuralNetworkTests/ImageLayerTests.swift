import LinearAlgebra
import NeuralNetwork
import Testing

/// Layers of images against PyTorch.
@Suite struct ImageLayerTests {
  private func layer<Scalar: Real>(_ name: String, _ type: Scalar.Type) -> any Layer<Scalar> {
    switch name {
    case "max-2": MaxPooling(name: name, channels: 17, height: 7, width: 5, kernel: 2)
    case "max-3-2": MaxPooling(name: name, channels: 17, height: 7, width: 5, kernel: 3, stride: 2)
    case "max-3-1": MaxPooling(name: name, channels: 17, height: 7, width: 5, kernel: 3, stride: 1)
    case "max-single": MaxPooling(name: name, channels: 4, height: 6, width: 8, kernel: 2)
    case "average-2": AveragePooling(name: name, channels: 17, height: 7, width: 5, kernel: 2)
    case "average-3-2":
      AveragePooling(name: name, channels: 17, height: 7, width: 5, kernel: 3, stride: 2)
    case "adaptive-1": AdaptiveAveragePooling(name: name, channels: 17, height: 7, width: 5)
    case "adaptive-3-2":
      AdaptiveAveragePooling(
        name: name, channels: 17, height: 7, width: 5, outputHeight: 3, outputWidth: 2)
    case "group": GroupNormalization(name: name, size: 19, positions: 15)
    case "group-plain": GroupNormalization(name: name, size: 19, positions: 12, affine: false)
    case "layer": GroupNormalization(name: name, size: 35)
    case "batch": BatchNormalization(name: name, size: 19, positions: 15)
    default: BatchNormalization(name: name, size: 19, positions: 6, affine: false)
    }
  }

  @Test(arguments: [
    "max-2", "max-3-2", "max-3-1", "max-single", "average-2", "average-3-2", "adaptive-1", "adaptive-3-2",
    "group", "group-plain", "layer", "batch", "batch-plain",
  ])
  func layersAgreeWithPyTorch(name: String) throws {
    // The normalised inputs lie around 10 with standard deviation 3.
    try check(name, Float.self, tolerance: 5e-6)
    try check(name, Double.self, tolerance: 1e-13)
  }

  /// With gradients in places of their own and in shared ones, twice each: the same to the last bit.
  private func check<Scalar: Real>(_ name: String, _ type: Scalar.Type, tolerance: Double) throws {
    var results: [[Scalar]] = []
    for retaining in [true, false, true, false] {
      let fixture = try Fixture<Scalar>("layers")
      let layer = layer(name, type)
      let network = Network<Scalar>(layers: [layer])
      network.reserve(batchSize: 5, retainingGradients: retaining)
      let tensors = layer.parameters + layer.buffers
      try fixture.load(tensors.map { ($0.name, $0) }, from: "\(name)/before")
      let x = try fixture.matrix("\(name)/x")
      let output = layer.forward(x, in: StepContext(mode: .training))
      #expect(try fixture.error(output, "\(name)/output") < tolerance)
      let dy = try fixture.matrix("\(name)/dy")
      let inputGradient = try #require(layer.backward(dy, inputGradient: true))
      #expect(try fixture.error(inputGradient, "\(name)/inputGradient") < tolerance)
      for parameter in layer.parameters {
        #expect(
          try fixture.error(parameter.gradient, "\(name)/gradient/\(parameter.name)") < tolerance)
      }
      for buffer in layer.buffers {
        #expect(try fixture.error(buffer.value, "\(name)/after/\(buffer.name)") < tolerance)
      }
      results.append(Array(output.buffer) + Array(inputGradient.buffer))
    }
    #expect(Set(results).count == 1)
  }

  @Test func channelsLastTurnsImagesRound() throws {
    let fixture = try Fixture<Double>("layers")
    let layer = ChannelsLast<Double>(name: "image", channels: 3, height: 2, width: 5)
    let network = Network<Double>(layers: [layer])
    network.reserve(batchSize: 4)
    let x = try fixture.matrix("planar/x")
    let output = layer.forward(x, in: StepContext(mode: .evaluation))
    #expect(output.columns == 3)
    #expect(try fixture.error(output, "planar/rows") == 0)
    let back = try #require(layer.backward(output, inputGradient: true))
    #expect(back.buffer.elementsEqual(x.buffer))
    #expect(layer.backward(output, inputGradient: false) == nil)
  }

  /// Flattening is PyTorch's, and keeps the copies of a clone together.
  @Test func flatteningIsByChannel() throws {
    let fixture = try Fixture<Double>("layers")
    let plain = FlattenImage<Double>(name: "flatten", channels: 3, positions: 10)
    let network = Network<Double>(layers: [plain])
    network.reserve(batchSize: 2)
    let rows = try fixture.matrix("planar/rows")
    let flat = plain.forward(rows, in: StepContext(mode: .evaluation))
    #expect(try fixture.error(flat, "planar/x") == 0)
    let back = try #require(plain.backward(flat, inputGradient: true))
    #expect(back.buffer.elementsEqual(rows.buffer))

    let cloned = FlattenImage<Double>(name: "flatten", channels: 6, positions: 5, copies: 2)
    let clone = Network<Double>(layers: [cloned])
    clone.reserve(batchSize: 2)
    let image = fixture.empty(rows: 10, columns: 6)
    for index in 0..<60 { image.elements[index] = Double(index) }
    let result = cloned.forward(image, in: StepContext(mode: .evaluation))
    for (sample, channel, pixel, copy) in [(0, 0, 0, 1), (1, 2, 3, 0), (1, 1, 4, 1)] {
      let feature = (channel * 5 + pixel) * 2 + copy
      #expect(result[sample, feature] == image[sample * 5 + pixel, channel * 2 + copy])
    }
    let turned = try #require(cloned.backward(result, inputGradient: true))
    #expect(turned.buffer.elementsEqual(image.buffer))
  }
}
