import Foundation
import LinearAlgebra

/// Points of the plane with a class each.
package struct PlanarPoints: Hashable {
  /// Two numbers each, of mean square about 1.
  var coordinates: [SIMD2<Float>]
  var labels: [Int32]

  var count: Int { coordinates.count }
}

/// One of a sequence of small problems: two classes in the plane or more, each a mixture of three Gaussians at places of its own.
struct PlanarTask {
  /// Classes where nothing else is said.
  static let usualClasses = 2
  /// Gaussians of a class.
  static let components = 3
  /// Their standard deviation, where centres are uniform in [−1, 1]².
  static let deviation = 0.15

  let training: PlanarPoints
  /// Of the same mixtures, with true labels.
  let test: PlanarPoints

  /// Task `number`, from 0, of a sequence.
  ///
  /// - Parameters:
  ///   - flippedLabels: the share of training points whose label is another class.
  ///   - seed: names the streams, with the number.
  init(
    number: Int, classes: Int = usualClasses, trainingPoints: Int, flippedLabels: Double, testPoints: Int,
    seed: UInt64
  ) {
    var stream = RandomStream(seed: seed, purpose: "planar task", index: UInt64(number))
    let centres = (0..<classes * Self.components).map { _ in
      SIMD2(2 * stream.uniform() - 1, 2 * stream.uniform() - 1)
    }
    // Coordinates of variance 1: that of the centres and that around them.
    let scale = 1 / (1.0 / 3 + Self.deviation * Self.deviation).squareRoot()
    func points(_ count: Int) -> PlanarPoints {
      var offsets = [Double](repeating: 0, count: 2 * count)
      offsets.withUnsafeMutableBufferPointer { stream.fillNormal($0) }
      var points = PlanarPoints(coordinates: [], labels: [])
      for index in 0..<count {
        let label = index % classes
        let component = Int(stream.integer(below: UInt32(Self.components)))
        let place =
          centres[label * Self.components + component]
          + Self.deviation * SIMD2(offsets[2 * index], offsets[2 * index + 1])
        points.coordinates.append(SIMD2<Float>(scale * place))
        points.labels.append(Int32(label))
      }
      return points
    }
    var training = points(trainingPoints)
    test = points(testPoints)
    // Exactly so many, drawn without putting back.
    var left = Array(training.labels.indices)
    for _ in 0..<Int((flippedLabels * Double(trainingPoints)).rounded()) {
      let place = left.remove(at: Int(stream.integer(below: UInt32(left.count))))
      // With two classes there is nothing to draw.
      let shift = classes > 2 ? 1 + Int32(stream.integer(below: UInt32(classes - 1))) : 1
      training.labels[place] = (training.labels[place] + shift) % Int32(classes)
    }
    self.training = training
  }
}
