import LinearAlgebra

/// The passes of ``WinogradConvolution``, block by block of tiles.
enum WinogradPasses {
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func forward<Scalar: Real>(
    _ input: Matrix<Scalar>, weight: Matrix<Scalar>, bias: Matrix<Scalar>?, into output: Matrix<Scalar>,
    shape: ConvolutionShape, workspace: WinogradWorkspace<Scalar>
  ) {
    // input: (B · H · W, C_in), weight: (C_out, C_in · 9), bias: (1, C_out), output: (B · H · W, C_out).
    // For each block of tiles and each of the 36 points:
    // M[p] (tiles × C_out) = V[p] (tiles × C_in) · U[p] (C_in × C_out).
    let (inputs, outputs) = (shape.inputChannels, shape.outputChannels)
    workspace.outside.update(repeating: 0, count: max(inputs, outputs))
    WinogradFilters.transform(weight.elements, transposed: true, shape: shape, workspace)
    let tiles = input.rows / shape.positions * shape.winogradTiles
    var first = 0
    while first < tiles {
      let count = min(workspace.blockTiles, tiles - first)
      WinogradKernels.transformInput(input.elements, shape: shape, first: first, count: count, workspace)
      for point in 0..<36 {
        Scalar.gemm(
          transposeA: false, transposeB: false, m: count, n: outputs, k: inputs, alpha: 1,
          a: workspace.inputs + point * workspace.inputStride, strideA: inputs,
          b: workspace.filters + point * workspace.filterStride, strideB: outputs, beta: 0,
          c: workspace.outputs + point * workspace.outputStride, strideC: outputs)
      }
      WinogradKernels.interpolateOutput(
        into: output.elements, bias: bias?.elements ?? workspace.outside, shape: shape, first: first,
        count: count, workspace)
      first += count
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func backward<Scalar: Real>(
    _ outputGradient: Matrix<Scalar>, input: Matrix<Scalar>, weight: Matrix<Scalar>,
    weightGradient: Matrix<Scalar>?, biasGradient: Matrix<Scalar>?, inputGradient: Matrix<Scalar>?,
    shape: ConvolutionShape, workspace: WinogradWorkspace<Scalar>
  ) {
    // outputGradient: (B · H · W, C_out), input and inputGradient: (B · H · W, C_in), weight and weightGradient:
    // (C_out, C_in · 9), biasGradient: (1, C_out); gradients that are nil are left out, the others overwritten.
    // For each block of tiles and point: dU[p] (C_out × C_in) += dM[p]ᵀ · V[p], dV[p] (tiles × C_in) = dM[p] · U[p].
    let (inputs, outputs) = (shape.inputChannels, shape.outputChannels)
    workspace.outside.update(repeating: 0, count: max(inputs, outputs))
    let sums = biasGradient?.elements ?? workspace.waste
    sums.update(repeating: 0, count: outputs)
    let tiles = input.rows / shape.positions * shape.winogradTiles
    if tiles == 0 { workspace.filterGradients.update(repeating: 0, count: 36 * workspace.filterStride) }
    if inputGradient != nil {
      WinogradFilters.transform(weight.elements, transposed: false, shape: shape, workspace)
    }
    var first = 0
    while first < tiles {
      let count = min(workspace.blockTiles, tiles - first)
      if weightGradient != nil {
        WinogradKernels.transformInput(input.elements, shape: shape, first: first, count: count, workspace)
      }
      WinogradKernels.transformOutputGradient(
        outputGradient.elements, sums: sums, shape: shape, first: first, count: count, workspace)
      for point in 0..<36 {
        let tileInputs = workspace.inputs + point * workspace.inputStride
        let tileOutputs = workspace.outputs + point * workspace.outputStride
        if weightGradient != nil {
          Scalar.gemm(
            transposeA: true, transposeB: false, m: outputs, n: inputs, k: count, alpha: 1, a: tileOutputs,
            strideA: outputs, b: tileInputs, strideB: inputs, beta: first == 0 ? 0 : 1,
            c: workspace.filterGradients + point * workspace.filterStride, strideC: inputs)
        }
        if inputGradient != nil {
          // The inputs themselves are of no more use.
          Scalar.gemm(
            transposeA: false, transposeB: false, m: count, n: inputs, k: outputs, alpha: 1, a: tileOutputs,
            strideA: outputs, b: workspace.filters + point * workspace.filterStride, strideB: inputs,
            beta: 0, c: tileInputs, strideC: inputs)
        }
      }
      if let inputGradient {
        WinogradKernels.restoreInput(
          into: inputGradient.elements, shape: shape, first: first, count: count, workspace)
      }
      first += count
    }
    if let weightGradient {
      WinogradFilters.restore(into: weightGradient.elements, shape: shape, workspace)
    }
  }
}
