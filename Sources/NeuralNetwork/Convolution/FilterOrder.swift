import LinearAlgebra

/// Copies of filters between PyTorch's order, [output, input, tap], and that of patches, [output, tap, input].
enum FilterOrder {
  /// Filters as columns: `columns` of taps · inputs × outputs.
  @inline(__always)
  static func copy<Scalar: Real>(
    _ weight: UnsafeMutablePointer<Scalar>, intoColumns columns: UnsafeMutablePointer<Scalar>,
    shape: ConvolutionShape
  ) {
    let (inputs, outputs, taps) = (shape.inputChannels, shape.outputChannels, shape.taps)
    for input in 0..<inputs {
      for tap in 0..<taps {
        let row = columns + (tap * inputs + input) * outputs
        let source = weight + input * taps + tap
        for output in 0..<outputs { row[output] = source[output * inputs * taps] }
      }
    }
  }

  /// Filters as rows: `rows` of outputs × taps · inputs.
  @inline(__always)
  static func copy<Scalar: Real>(
    _ weight: UnsafeMutablePointer<Scalar>, intoRows rows: UnsafeMutablePointer<Scalar>,
    shape: ConvolutionShape
  ) {
    let (inputs, taps) = (shape.inputChannels, shape.taps)
    for output in 0..<shape.outputChannels {
      let (source, row) = (weight + output * inputs * taps, rows + output * inputs * taps)
      for tap in 0..<taps {
        for input in 0..<inputs { row[tap * inputs + input] = source[input * taps + tap] }
      }
    }
  }

  /// Rows of outputs × taps · inputs, back into PyTorch's order.
  @inline(__always)
  static func copyBack<Scalar: Real>(
    _ rows: UnsafeMutablePointer<Scalar>, into weight: UnsafeMutablePointer<Scalar>, shape: ConvolutionShape
  ) {
    let (inputs, taps) = (shape.inputChannels, shape.taps)
    for output in 0..<shape.outputChannels {
      let (row, target) = (rows + output * inputs * taps, weight + output * inputs * taps)
      for tap in 0..<taps {
        for input in 0..<inputs { target[input * taps + tap] = row[tap * inputs + input] }
      }
    }
  }
}
