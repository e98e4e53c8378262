import LinearAlgebra

/// The transform of filters and its transpose, G g Gᵀ and Gᵀ u G: nine taps to 36 points for every pair of channels,
/// which is one product of matrices.
enum WinogradFilters {
  /// At each point a matrix of outputs × inputs, or inputs × outputs if `transposed`, into `workspace.filters`.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func transform<Scalar: Real>(
    _ weight: UnsafeMutablePointer<Scalar>, transposed: Bool, shape: ConvolutionShape,
    _ workspace: WinogradWorkspace<Scalar>
  ) {
    // weight g: (C_out, C_in, 3, 3); workspace.filters: (36, C_out, C_in), or (36, C_in, C_out) if transposed,
    // filterStride from point to point.
    // U[p, o, i] = (G g[o, i] Gᵀ)[p] = Σ over taps of (G ⊗ G)[p, tap] · g[o, i, tap] (Lavin and Gray 2016)
    let (inputs, outputs) = (shape.inputChannels, shape.outputChannels)
    fill(workspace.filterTransform)
    var source = weight
    if transposed {
      source = workspace.filterGradients
      for input in 0..<inputs {
        for output in 0..<outputs {
          let (filter, target) = (
            weight + (output * inputs + input) * 9, source + (input * outputs + output) * 9
          )
          for tap in 0..<9 { target[tap] = filter[tap] }
        }
      }
    }
    Scalar.gemm(
      transposeA: false, transposeB: true, m: 36, n: inputs * outputs, k: 9, alpha: 1,
      a: workspace.filterTransform, strideA: 9, b: source, strideB: 9, beta: 0, c: workspace.filters,
      strideC: workspace.filterStride)
  }

  /// The gradients of the filters from those at the points, outputs × inputs in `workspace.filterGradients`.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func restore<Scalar: Real>(
    into weight: UnsafeMutablePointer<Scalar>, shape: ConvolutionShape, _ workspace: WinogradWorkspace<Scalar>
  ) {
    // workspace.filterGradients: (36, C_out, C_in), filterStride from point to point.
    // weight: (C_out, C_in, 3, 3), overwritten.
    // dg[o, i, tap] = Σ over points of (G ⊗ G)[p, tap] · dU[p, o, i]
    fill(workspace.filterTransform)
    Scalar.gemm(
      transposeA: true, transposeB: false, m: shape.inputChannels * shape.outputChannels, n: 9, k: 36,
      alpha: 1, a: workspace.filterGradients, strideA: workspace.filterStride, b: workspace.filterTransform,
      strideB: 9, beta: 0, c: weight, strideC: 9)
  }

  /// G ⊗ G, 36 × 9.
  @inline(__always)
  private static func fill<Scalar: Real>(_ matrix: UnsafeMutablePointer<Scalar>) {
    // matrix: 36 × 9, row-major.
    // matrix[(p, q), (s, t)] = G[p, s] · G[q, t]
    let points = WinogradPoints<Scalar>()
    for point in 0..<36 {
      for tap in 0..<9 {
        matrix[point * 9 + tap] =
          points.filterValue(point: point / 6, tap: tap / 3)
          * points.filterValue(point: point % 6, tap: tap % 3)
      }
    }
  }
}
