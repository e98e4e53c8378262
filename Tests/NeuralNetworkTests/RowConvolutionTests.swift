import LinearAlgebra
import Testing

@testable import NeuralNetwork

/// Convolution row by row against convolution with patches, and what copies in a network need of it.
@Suite struct RowConvolutionTests {
  private static func shape(
    _ inputs: Int, _ outputs: Int, _ height: Int, _ width: Int, _ kernel: (Int, Int)
  ) -> ConvolutionShape {
    ConvolutionShape(
      inputChannels: inputs, outputChannels: outputs, height: height, width: width, kernelHeight: kernel.0,
      kernelWidth: kernel.1, stride: 1, padding: 0)
  }

  private static let shapes = [
    shape(3, 16, 32, 32, (5, 5)), shape(16, 16, 14, 14, (5, 5)), shape(3, 32, 9, 13, (3, 2)),
    shape(1, 5, 6, 4, (6, 2)), shape(8, 48, 10, 10, (3, 3)), shape(16, 33, 5, 7, (1, 3)),
  ]

  @Test(arguments: [1, 3, 20])
  func agreesWithPatches(batch: Int) {
    for shape in Self.shapes {
      let rows = ConvolutionResults.of(RowConvolution<Double>(shape), shape, batch: batch)
      let patches = ConvolutionResults.of(PatchConvolution<Double>(shape), shape, batch: batch)
      let single = ConvolutionResults.of(RowConvolution<Float>(shape), shape, batch: batch)
      for ((mine, theirs), floats) in zip(zip(rows, patches), single) {
        let scale = theirs.map(abs).max() ?? 1
        #expect(zip(mine, theirs).allSatisfy { abs($0 - $1) <= 1e-12 * scale }, "\(shape)")
        #expect(zip(floats, theirs).allSatisfy { abs(Double($0) - $1) <= 1e-5 * scale }, "\(shape)")
      }
    }
  }

  @Test func aSmallerBatchFindsRoomForItsShards() {
    let shape = Self.shape(3, 16, 12, 12, (5, 5))
    for batch in 0...20 {
      let rows = ConvolutionResults.of(RowConvolution<Float>(shape), shape, batch: batch, reserving: 20)
      let alone = ConvolutionResults.of(RowConvolution<Float>(shape), shape, batch: batch)
      #expect(rows == alone)
    }
  }

  /// Copies of channels have equal outputs and gradients, to the last bit.
  @Test(arguments: [2, 3, 4])
  func copiesAreEqualToTheLastBit(factor: Int) {
    for units in [1, 3, 5] {
      let shape = Self.shape(units * factor, (units + 2) * factor, 12, 13, (5, 5))
      let all = ConvolutionResults.of(RowConvolution<Float>(shape), shape, batch: 5, copies: factor)
      for values in all.prefix(2) {
        #expect(values.indices.allSatisfy { values[$0] == values[$0 / factor * factor] })
      }
      #expect(ConvolutionResults.filtersAreAlike(all[2], of: shape, copies: factor))
    }
  }

  @Test func isTakenWhereFiltersAreFew() {
    #expect(RowConvolution<Float>.suits(Self.shape(3, 16, 32, 32, (5, 5))))
    #expect(!RowConvolution<Float>.suits(Self.shape(3, 256, 32, 32, (5, 5))))
    let padded = ConvolutionShape(
      inputChannels: 3, outputChannels: 16, height: 32, width: 32, kernelHeight: 5, kernelWidth: 5, stride: 1,
      padding: 2)
    #expect(!RowConvolution<Float>.suits(padded))
  }
}
