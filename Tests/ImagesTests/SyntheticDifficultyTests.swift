import Testing

@testable import ImageBatches
@testable import ImageSources
@testable import PreparedImages

/// The synthetic set is neither noise nor trivial.
struct SyntheticDifficultyTests {
  @Test func classMeansHelpButDoNotSuffice() throws {
    try withTemporaryFolder { folder in
      let recipe = SyntheticRecipe(
        shape: ImageShape(channels: 3, height: 16, width: 16), classCount: 10, trainingCount: 2_000,
        validationCount: 500)
      let data = try PreparedDataSet(folder: prepare(.synthetic(recipe), in: folder))
      let training = (0..<2_000).map { data.training.bytes(of: $0) }
      checkPixels(training)

      var means = [[Float]](repeating: [Float](repeating: 0, count: 768), count: 10)
      for (image, bytes) in training.enumerated() {
        let label = Int(data.training.labels[image])
        for (pixel, byte) in bytes.enumerated() { means[label][pixel] += Float(byte) / 200 }
      }
      let correct = (0..<500).filter { image in
        let bytes = data.validation.bytes(of: image)
        let distances = means.map { mean in
          var sum: Float = 0
          for (pixel, byte) in bytes.enumerated() {
            let difference = Float(byte) - mean[pixel]
            sum += difference * difference
          }
          return sum
        }
        let nearest = distances.indices.min { distances[$0] < distances[$1] }
        return nearest == Int(data.validation.labels[image])
      }.count
      let accuracy = Double(correct) / 500
      // Chance is 10 %, with a standard deviation of 1.3 %.
      #expect(accuracy > 0.16)
      #expect(accuracy < 0.6)
    }
  }

  /// The bytes use their range without piling up at its ends, and every image has contrast.
  private func checkPixels(_ images: [[UInt8]]) {
    var histogram = [Int](repeating: 0, count: 256)
    for image in images {
      var sum = 0
      var squares = 0
      for byte in image {
        histogram[Int(byte)] += 1
        sum += Int(byte)
        squares += Int(byte) * Int(byte)
      }
      let mean = Double(sum) / Double(image.count)
      let deviation = (Double(squares) / Double(image.count) - mean * mean).squareRoot()
      #expect(deviation > 8)
    }
    let total = Double(histogram.reduce(0, +))
    #expect(histogram.allSatisfy { $0 > 0 })
    #expect(Double(histogram[0] + histogram[255]) / total < 0.2)
    let mean = histogram.enumerated().reduce(0) { $0 + Double($1.offset * $1.element) } / total
    let variance =
      histogram.enumerated().reduce(0) {
        $0 + (Double($1.offset) - mean) * (Double($1.offset) - mean) * Double($1.element)
      } / total
    #expect((70...185).contains(mean))
    #expect((30...90).contains(variance.squareRoot()))
  }
}
