import LinearAlgebra

/// The means of windows of images, channel by channel, and the gradients back: the passes of both averaging layers,
/// which differ only in their windows.
final class WindowAverages<Scalar: Real> {
  private let channels: Int
  private let rows: ImageWindows
  private let columns: ImageWindows
  private var samples = 0
  private var output: Matrix<Scalar>?
  private var inputGradient: Matrix<Scalar>?

  /// - Parameters:
  ///   - rows: the windows along the height of an image.
  ///   - columns: those along its width.
  init(channels: Int, rows: ImageWindows, columns: ImageWindows) {
    self.channels = channels
    self.rows = rows
    self.columns = columns
  }

  private var pixels: Int { rows.size * columns.size }
  private var windows: Int { rows.count * columns.count }

  func reserve(from memory: LayerMemory<Scalar>) {
    output = memory.take(rows: memory.batchSize * windows, columns: channels)
    inputGradient = memory.takeGradient(rows: memory.batchSize * pixels, columns: channels)
  }

  func forward(_ input: Matrix<Scalar>) -> Matrix<Scalar> {
    samples = input.rows / pixels
    guard let output = output?.prefix(rows: samples * windows) else {
      fatalError("no memory reserved")
    }
    ThreadTeam.shareRows(samples, of: pixels * channels) { range, _ in
      for sample in range {
        for row in 0..<rows.count {
          for column in 0..<columns.count {
            PoolingKernels.average(
              input.elements + sample * pixels * channels, imageWidth: columns.size, channels: channels,
              rows: rows[row], columns: columns[column],
              into: output.elements + (sample * windows + row * columns.count + column) * channels)
          }
        }
      }
    }
    return output
  }

  func backward(_ outputGradient: Matrix<Scalar>) -> Matrix<Scalar> {
    guard let inputGradient = inputGradient?.prefix(rows: samples * pixels) else {
      fatalError("a backward pass before any forward pass")
    }
    inputGradient.fill(with: 0)
    ThreadTeam.shareRows(samples, of: pixels * channels) { range, _ in
      for sample in range {
        for row in 0..<rows.count {
          for column in 0..<columns.count {
            PoolingKernels.spread(
              outputGradient.elements + (sample * windows + row * columns.count + column) * channels,
              channels: channels, rows: rows[row], columns: columns[column],
              into: inputGradient.elements + sample * pixels * channels, imageWidth: columns.size)
          }
        }
      }
    }
    return inputGradient
  }
}
