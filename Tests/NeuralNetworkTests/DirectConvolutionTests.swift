import LinearAlgebra
import Testing

@testable import NeuralNetwork

/// Convolution without patches against convolution with them, and what copies in a network need of it.
@Suite struct DirectConvolutionTests {
  private static let shapes: [ConvolutionShape] = {
    var shapes: [ConvolutionShape] = []
    for (height, width) in [(1, 1), (2, 2), (3, 5), (8, 8)] {
      for (kernelHeight, kernelWidth, padding) in [(3, 3, 1), (1, 1, 0), (2, 3, 2), (5, 4, 3), (3, 3, 0)] {
        for stride in 1...3 {
          guard height + 2 * padding >= kernelHeight, width + 2 * padding >= kernelWidth else { continue }
          let inputs = [1, 3, 8, 9][shapes.count % 4]
          let outputs = [5, 8, 16, 33][shapes.count / 2 % 4]
          shapes.append(
            ConvolutionShape(
              inputChannels: inputs, outputChannels: outputs, height: height, width: width,
              kernelHeight: kernelHeight, kernelWidth: kernelWidth, stride: stride, padding: padding))
        }
      }
    }
    return shapes
  }()

  @Test(arguments: [1, 3, 8])
  func agreesWithPatches(batch: Int) {
    for shape in Self.shapes {
      let direct = ConvolutionResults.of(DirectConvolution<Double>(shape), shape, batch: batch)
      let patches = ConvolutionResults.of(PatchConvolution<Double>(shape), shape, batch: batch)
      let single = ConvolutionResults.of(DirectConvolution<Float>(shape), shape, batch: batch)
      for ((mine, theirs), floats) in zip(zip(direct, patches), single) {
        let scale = theirs.map(abs).max() ?? 1
        #expect(zip(mine, theirs).allSatisfy { abs($0 - $1) <= 1e-13 * scale }, "\(shape)")
        #expect(zip(floats, theirs).allSatisfy { abs(Double($0) - $1) <= 1e-5 * scale }, "\(shape)")
      }
    }
  }

  /// Copies of channels have equal outputs and gradients, to the last bit.
  @Test(arguments: [2, 3, 4])
  func copiesAreEqualToTheLastBit(factor: Int) {
    for (side, stride, units) in [(1, 1, 5), (2, 1, 3), (3, 2, 5), (4, 2, 7), (8, 1, 3)] {
      let shape = ConvolutionShape(
        inputChannels: units * factor, outputChannels: (units + 2) * factor, height: side, width: side,
        kernelHeight: 3, kernelWidth: 3, stride: stride, padding: 1)
      let all = ConvolutionResults.of(DirectConvolution<Float>(shape), shape, batch: 5, copies: factor)
      for values in all.prefix(2) {
        #expect(values.indices.allSatisfy { values[$0] == values[$0 / factor * factor] })
      }
      #expect(ConvolutionResults.filtersAreAlike(all[2], of: shape, copies: factor))
    }
  }
}
