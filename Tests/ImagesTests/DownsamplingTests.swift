import Foundation
import Testing

@testable import ImageBatches
@testable import ImageSources
@testable import PreparedImages

struct DownsamplingTests {
  @Test func aSquareBecomesItsRoundedMean() {
    // Two planes of 2 × 4 pixels.
    let images: [UInt8] = [0, 1, 10, 20, 1, 0, 30, 41, 255, 255, 0, 0, 255, 254, 0, 1]
    var reduced = [UInt8](repeating: 9, count: 4)
    images.withUnsafeBytes { images in
      reduced.withUnsafeMutableBytes { reduced in
        Downsampling(factor: 2).reduce(
          images, of: ImageShape(channels: 2, height: 2, width: 4), into: reduced)
      }
    }
    // Sums 2, 101, 1019 and 1.
    #expect(reduced == [1, 25, 255, 0])
  }

  @Test func aPreparedSetHoldsTheSmallerImages() throws {
    try withTemporaryFolder { folder in
      let recipe = SyntheticRecipe(
        shape: ImageShape(channels: 3, height: 8, width: 8), classCount: 3, trainingCount: 300,
        validationCount: 5)
      let source = DataSetSource(description: .cifar10, origin: .synthetic(recipe))
      let (whole, reduced) = (try makeFolder(folder + "/whole"), try makeFolder(folder + "/reduced"))
      try source.prepare(into: whole)
      try source.prepare(into: reduced, downsampling: Downsampling(factor: 4))
      let (large, small) = (try PreparedDataSet(folder: whole), try PreparedDataSet(folder: reduced))
      #expect(small.shape == ImageShape(channels: 3, height: 2, width: 2))
      #expect(small.manifest.title == "synthetic stand-in for CIFAR-10 at 2×2 pixels")
      #expect(small.training.labels == large.training.labels)
      try small.verify()
      for (splitOfSmall, splitOfLarge) in [
        (small.training, large.training), (small.validation, large.validation),
      ] {
        for image in 0..<splitOfSmall.count {
          let (few, many) = (splitOfSmall.pixels(of: image), splitOfLarge.pixels(of: image))
          for pixel in 0..<12 {
            let (plane, row, column) = (pixel / 4, pixel / 2 % 2, pixel % 2)
            let square = (0..<16).map { Int(many[plane * 64 + (row * 4 + $0 / 4) * 8 + column * 4 + $0 % 4]) }
            #expect(Int(few[pixel]) == (square.reduce(0, +) + 8) / 16)
          }
        }
      }
    }
  }

  @Test func imagesThatSquaresDoNotFillAreRefused() throws {
    try withTemporaryFolder { folder in
      let recipe = SyntheticRecipe(
        shape: ImageShape(channels: 3, height: 8, width: 6), classCount: 2, trainingCount: 2,
        validationCount: 2)
      let source = DataSetSource(description: .cifar10, origin: .synthetic(recipe))
      let error = try caught(ImageFileError.self) {
        try source.prepare(into: folder, downsampling: Downsampling(factor: 4))
      }
      #expect(error == .cannotDownsample(height: 8, width: 6, factor: 4))
    }
  }
}
