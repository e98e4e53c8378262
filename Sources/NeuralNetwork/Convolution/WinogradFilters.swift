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
    let source = transposed ? workspace.filterGradients : weight
    let (rows, columns) = transposed ? (inputs, outputs) : (outputs, inputs)
    let pieces = rowPieces(rows: rows, columns: columns)
    ThreadTeam.share(pieces.count) { piece, _ in
      let range = pieces[piece]
      if transposed {
        for input in range {
          for output in 0..<outputs {
            let (filter, target) = (
              weight + (output * inputs + input) * 9, source + (input * outputs + output) * 9
            )
            for tap in 0..<9 { target[tap] = filter[tap] }
          }
        }
      }
      let start = range.lowerBound * columns
      Scalar.gemm(
        transposeA: false, transposeB: true, m: 36, n: range.count * columns, k: 9, alpha: 1,
        a: workspace.filterTransform, strideA: 9, b: source + start * 9, strideB: 9, beta: 0,
        c: workspace.filters + start, strideC: workspace.filterStride)
    }
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
    let pieces = rowPieces(rows: shape.outputChannels, columns: shape.inputChannels)
    ThreadTeam.share(pieces.count) { piece, _ in
      let start = pieces[piece].lowerBound * shape.inputChannels
      Scalar.gemm(
        transposeA: true, transposeB: false, m: pieces[piece].count * shape.inputChannels, n: 9, k: 36,
        alpha: 1, a: workspace.filterGradients + start, strideA: workspace.filterStride,
        b: workspace.filterTransform, strideB: 9, beta: 0, c: weight + start * 9, strideC: 9)
    }
  }

  /// Rows of the filters' matrix that are transformed together: some 16,000 filters, all of a small layer.
  @inline(__always)
  private static func rowPieces(rows: Int, columns: Int) -> Pieces {
    Pieces(of: rows, smallest: 16_384 / columns, unit: 16)
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
