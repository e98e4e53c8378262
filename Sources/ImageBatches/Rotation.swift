import Foundation
import LinearAlgebra
import PreparedImages

/// Turns normalised images about their middle as torchvision's `rotate` does by default: a pixel becomes the one that
/// its centre comes from, the nearest, and 0 where that lies beyond the edge.
///
/// 0 is the mean colour, since images are normalised before: that is the order of transforms of Dohare et al.
/// (Nature 632, 2024).
struct Rotation {
  private let cosine: Double
  private let sine: Double

  /// - Parameter degrees: counterclockwise.
  init(degrees: Double) {
    let angle = degrees * .pi / 180
    cosine = cos(angle)
    sine = sin(angle)
  }

  /// Writes the turned `source` into `target`, each `shape.count` scalars, which do not overlap.
  @inline(__always)
  func apply<Scalar: Real>(
    to source: UnsafePointer<Scalar>, shape: ImageShape, into target: UnsafeMutablePointer<Scalar>
  ) {
    let (height, width) = (shape.height, shape.width)
    let plane = height * width
    let (middleX, middleY) = (Double(width - 1) / 2, Double(height - 1) / 2)
    for row in 0..<height {
      let y = Double(row) - middleY
      for column in 0..<width {
        let x = Double(column) - middleX
        // Half-way between two pixels it is the even one, as in PyTorch.
        let sourceX = (cosine * x - sine * y + middleX).rounded(.toNearestOrEven)
        let sourceY = (sine * x + cosine * y + middleY).rounded(.toNearestOrEven)
        let pixel = row * width + column
        if sourceX >= 0, sourceX < Double(width), sourceY >= 0, sourceY < Double(height) {
          let from = Int(sourceY) * width + Int(sourceX)
          for channel in 0..<shape.channels {
            target[channel * plane + pixel] = source[channel * plane + from]
          }
        } else {
          for channel in 0..<shape.channels { target[channel * plane + pixel] = 0 }
        }
      }
    }
  }
}
