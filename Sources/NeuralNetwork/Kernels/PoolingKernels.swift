import LinearAlgebra

/// The loops of pooling, sixteen channels at a time.
enum PoolingKernels {
  /// Sets `output` to the largest value of each window and `places` to where in the window it is; if that is to be
  /// rectified, to 0 and −1 where it is not positive.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func takeLargest<Scalar: Real>(
    of input: Matrix<Scalar>, samples: Int, height: Int, width: Int, kernel: Int, stride: Int,
    isRectified: Bool, into output: Matrix<Scalar>, places: UnsafeMutablePointer<Scalar>
  ) {
    // input: (B, H, W, C), output and places: (B, H_out, W_out, C), channels last.
    // output = max over the kernel × kernel window at (stride · y, stride · x); places = its number in the window,
    // row by row from 0, of equals the first. Rectified: output = max(output, 0), places = −1 where output ≤ 0.
    let channels = input.columns
    let windows = WindowCorners(height: height, width: width, kernel: kernel, stride: stride)
    let x = input.elements
    let y = output.elements
    ThreadTeam.shareRows(samples, of: height * width * channels) { range, _ in
      windows.visit(range) { index, pixel in
        let corner = pixel * channels
        var channel = 0
        while channel + 16 <= channels {
          var best = x.vector(at: corner + channel)
          var place = SIMD16<Scalar>(repeating: 0)
          var number: Scalar = 0
          for row in 0..<kernel {
            for column in 0..<kernel {
              let value = x.vector(at: corner + (row * width + column) * channels + channel)
              place = Scalar.choosing(SIMD16(repeating: number), over: place, where: value, exceeds: best)
              best = Scalar.choosing(value, over: best, where: value, exceeds: best)
              number += 1
            }
          }
          if isRectified {
            place = Scalar.choosing(place, over: SIMD16(repeating: -1), where: best, exceeds: .zero)
            best = Scalar.choosing(best, over: .zero, where: best, exceeds: .zero)
          }
          y.store(best, at: index * channels + channel)
          places.store(place, at: index * channels + channel)
          channel += 16
        }
        while channel < channels {
          var best = x[corner + channel]
          var place = 0
          for offset in 0..<kernel * kernel {
            let value = x[corner + (offset / kernel * width + offset % kernel) * channels + channel]
            if value > best {
              best = value
              place = offset
            }
          }
          if isRectified, !(best > 0) { (best, place) = (0, -1) }
          y[index * channels + channel] = best
          places[index * channels + channel] = Scalar(place)
          channel += 1
        }
      }
    }
  }

  /// Adds each output's gradient to the pixel that it was taken from; all others get 0.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func spreadLargest<Scalar: Real>(
    _ outputGradient: Matrix<Scalar>, samples: Int, height: Int, width: Int, kernel: Int, stride: Int,
    places: UnsafeMutablePointer<Scalar>, into inputGradient: Matrix<Scalar>
  ) {
    // outputGradient and places: (B, H_out, W_out, C), inputGradient: (B, H, W, C), channels last, overwritten.
    // dX[pixel] = Σ of dY over the windows whose place is this pixel
    let channels = inputGradient.columns
    let windows = WindowCorners(height: height, width: width, kernel: kernel, stride: stride)
    let dy = outputGradient.elements
    let dx = inputGradient.elements
    // Windows side by side that leave no pixel out write every pixel once.
    let isTiling = kernel == stride && height % kernel == 0 && width % kernel == 0
    if !isTiling { inputGradient.fill(with: 0) }
    ThreadTeam.shareRows(samples, of: height * width * channels) { range, _ in
      windows.visit(range) { index, pixel in
        let corner = pixel * channels
        var channel = 0
        while channel + 16 <= channels {
          let gradient = dy.vector(at: index * channels + channel)
          let place = places.vector(at: index * channels + channel)
          var number: Scalar = 0
          for row in 0..<kernel {
            for column in 0..<kernel {
              let target = corner + (row * width + column) * channels + channel
              // Whole numbers: equal is what is neither above nor below.
              let low = SIMD16(repeating: number - 0.5)
              let high = SIMD16(repeating: number + 0.5)
              var share = Scalar.choosing(gradient, over: .zero, where: place, exceeds: low)
              share = Scalar.choosing(share, over: .zero, where: high, exceeds: place)
              dx.store(isTiling ? share : share + dx.vector(at: target), at: target)
              number += 1
            }
          }
          channel += 16
        }
        while channel < channels {
          let gradient = dy[index * channels + channel]
          let place = places[index * channels + channel]
          for offset in 0..<kernel * kernel {
            let target = corner + (offset / kernel * width + offset % kernel) * channels + channel
            let share = Scalar(offset) == place ? gradient : 0
            dx[target] = isTiling ? share : dx[target] + share
          }
          channel += 1
        }
      }
    }
  }

  /// Sets `out` to the mean over one window of one image, channel by channel.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func average<Scalar: Real>(
    _ image: UnsafeMutablePointer<Scalar>, imageWidth: Int, channels: Int, rows: ImageWindow,
    columns: ImageWindow, into out: UnsafeMutablePointer<Scalar>
  ) {
    // image: (H, imageWidth, C), channels last; out: C.
    // out[c] = mean of image[y, x, c] over y in rows, x in columns
    let share = 1 / Scalar((rows.end - rows.start) * (columns.end - columns.start))
    var channel = 0
    while channel + 16 <= channels {
      var sum = SIMD16<Scalar>(repeating: 0)
      for row in rows.start..<rows.end {
        for column in columns.start..<columns.end {
          sum += image.vector(at: (row * imageWidth + column) * channels + channel)
        }
      }
      out.store(sum * share, at: channel)
      channel += 16
    }
    while channel < channels {
      var sum: Scalar = 0
      for row in rows.start..<rows.end {
        for column in columns.start..<columns.end {
          sum += image[(row * imageWidth + column) * channels + channel]
        }
      }
      out[channel] = sum * share
      channel += 1
    }
  }

  /// Adds `gradient`, shared out equally, to the pixels of one window of one image.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func spread<Scalar: Real>(
    _ gradient: UnsafeMutablePointer<Scalar>, channels: Int, rows: ImageWindow, columns: ImageWindow,
    into image: UnsafeMutablePointer<Scalar>, imageWidth: Int
  ) {
    // gradient: C; image: (H, imageWidth, C), channels last, added to.
    // image[y, x, c] += gradient[c] / pixels of the window, for y in rows, x in columns
    let share = 1 / Scalar((rows.end - rows.start) * (columns.end - columns.start))
    var channel = 0
    while channel + 16 <= channels {
      let part = gradient.vector(at: channel) * share
      for row in rows.start..<rows.end {
        for column in columns.start..<columns.end {
          let target = (row * imageWidth + column) * channels + channel
          image.store(image.vector(at: target) + part, at: target)
        }
      }
      channel += 16
    }
    while channel < channels {
      let part = gradient[channel] * share
      for row in rows.start..<rows.end {
        for column in columns.start..<columns.end {
          image[(row * imageWidth + column) * channels + channel] += part
        }
      }
      channel += 1
    }
  }
}

/// Where the windows of images lie that follow each other, window by window in row-major order.
private struct WindowCorners {
  let height: Int
  let width: Int
  let stride: Int
  let rows: Int
  let columns: Int
  /// Windows of an image.
  var count: Int { rows * columns }

  init(height: Int, width: Int, kernel: Int, stride: Int) {
    (self.height, self.width, self.stride) = (height, width, stride)
    rows = ImageWindow.count(size: height, kernel: kernel, stride: stride)
    columns = ImageWindow.count(size: width, kernel: kernel, stride: stride)
  }

  /// Calls `body` with the windows of some images, counted over all of them, and the first pixel of each.
  @inline(__always)
  func visit(_ images: Range<Int>, _ body: (_ window: Int, _ pixel: Int) -> Void) {
    // Counted, as a division for each would take longer than a window of few channels.
    var window = images.lowerBound * count
    for image in images {
      for row in 0..<rows {
        var pixel = (image * height + row * stride) * width
        for _ in 0..<columns {
          body(window, pixel)
          window += 1
          pixel += stride
        }
      }
    }
  }
}
