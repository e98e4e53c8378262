import LinearAlgebra

/// The passes of ``WinogradConvolution``, some blocks of tiles after the others; threads share out the parts of blocks,
/// then the points, then parts or images again.
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
      let start = first
      let group = WinogradGroup(tiles: tiles - start, workspace)
      ThreadTeam.share(group.parts, places: workspace.places) { part, place in
        let range = workspace.tiles(ofPart: part, of: group.tiles)
        WinogradKernels.transformInput(
          input.elements, shape: shape, first: start + range.lowerBound, count: range.count,
          workspace.view(fromTile: range.lowerBound, place: place))
      }
      ThreadTeam.share(group.blocks * 36) { piece, _ in
        let (block, point) = piece.quotientAndRemainder(dividingBy: 36)
        Scalar.gemm(
          transposeA: false, transposeB: false, m: group.tiles(ofBlock: block), n: outputs, k: inputs,
          alpha: 1,
          a: workspace.inputs(ofBlock: block, point: point), strideA: inputs,
          b: workspace.filters + point * workspace.filterStride, strideB: outputs, beta: 0,
          c: workspace.outputs(ofBlock: block, point: point), strideC: outputs)
      }
      ThreadTeam.share(group.parts, places: workspace.places) { part, place in
        let range = workspace.tiles(ofPart: part, of: group.tiles)
        WinogradKernels.interpolateOutput(
          into: output.elements, bias: bias?.elements ?? workspace.outside, shape: shape,
          first: start + range.lowerBound, count: range.count,
          workspace.view(fromTile: range.lowerBound, place: place))
      }
      first += group.tiles
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
    biasGradient?.fill(with: 0)
    let tiles = input.rows / shape.positions * shape.winogradTiles
    if tiles == 0 { workspace.filterGradients.update(repeating: 0, count: 36 * workspace.filterStride) }
    if inputGradient != nil {
      WinogradFilters.transform(weight.elements, transposed: false, shape: shape, workspace)
    }
    var first = 0
    while first < tiles {
      let start = first
      let group = WinogradGroup(tiles: tiles - start, workspace)
      ThreadTeam.share(group.parts, places: workspace.places) { part, place in
        let range = workspace.tiles(ofPart: part, of: group.tiles)
        let view = workspace.view(fromTile: range.lowerBound, place: place)
        if weightGradient != nil {
          WinogradKernels.transformInput(
            input.elements, shape: shape, first: start + range.lowerBound, count: range.count, view)
        }
        let sums = biasGradient == nil ? view.waste : workspace.sums(ofPart: part)
        sums.update(repeating: 0, count: outputs)
        WinogradKernels.transformOutputGradient(
          outputGradient.elements, sums: sums, shape: shape, first: start + range.lowerBound,
          count: range.count, view)
      }
      if let biasGradient {
        for part in 0..<group.parts {
          let (target, sums) = (biasGradient.elements, workspace.sums(ofPart: part))
          Kernels.add(target, sums, into: target, count: outputs)
        }
      }
      ThreadTeam.share(36) { point, _ in
        for block in 0..<group.blocks {
          multiply(
            tiles: group.tiles(ofBlock: block), block: block, point: point, shape, workspace,
            addsFilters: weightGradient != nil, isFirst: start == 0 && block == 0,
            setsInputs: inputGradient != nil)
        }
      }
      if let inputGradient {
        restore(inputGradient, first: start, count: group.tiles, shape, workspace)
      }
      first += group.tiles
    }
    if let weightGradient {
      WinogradFilters.restore(into: weightGradient.elements, shape: shape, workspace)
    }
  }

  /// The products of a backward pass at one point of one block.
  @inline(__always)
  private static func multiply<Scalar: Real>(
    tiles count: Int, block: Int, point: Int, _ shape: ConvolutionShape,
    _ workspace: WinogradWorkspace<Scalar>,
    addsFilters: Bool, isFirst: Bool, setsInputs: Bool
  ) {
    // tileInputs V[p], then dV[p]: tiles × C_in; tileOutputs dM[p]: tiles × C_out.
    let (inputs, outputs) = (shape.inputChannels, shape.outputChannels)
    let tileInputs = workspace.inputs(ofBlock: block, point: point)
    let tileOutputs = workspace.outputs(ofBlock: block, point: point)
    if addsFilters {
      Scalar.gemm(
        transposeA: true, transposeB: false, m: outputs, n: inputs, k: count, alpha: 1, a: tileOutputs,
        strideA: outputs, b: tileInputs, strideB: inputs, beta: isFirst ? 0 : 1,
        c: workspace.filterGradients + point * workspace.filterStride, strideC: inputs)
    }
    if setsInputs {
      // The inputs themselves are of no more use.
      Scalar.gemm(
        transposeA: false, transposeB: false, m: count, n: inputs, k: outputs, alpha: 1, a: tileOutputs,
        strideA: outputs, b: workspace.filters + point * workspace.filterStride, strideB: inputs,
        beta: 0, c: tileInputs, strideC: inputs)
    }
  }

  /// Adds what the tiles of a group give to the gradients of their images. Tiles of an image overlap, so that one thread
  /// takes them all, in order.
  @inline(__always)
  private static func restore<Scalar: Real>(
    _ inputGradient: Matrix<Scalar>, first: Int, count: Int, _ shape: ConvolutionShape,
    _ workspace: WinogradWorkspace<Scalar>
  ) {
    let ofImage = shape.winogradTiles
    let images = first / ofImage..<(first + count + ofImage - 1) / ofImage
    let pieces = Pieces(of: images.count, smallest: 8 / ofImage, most: 64)
    ThreadTeam.share(pieces.count, places: workspace.places) { piece, place in
      let range = pieces[piece]
      var tile = max((images.lowerBound + range.lowerBound) * ofImage - first, 0)
      let end = min((images.lowerBound + range.upperBound) * ofImage - first, count)
      while tile < end {
        let next = min((tile / workspace.blockTiles + 1) * workspace.blockTiles, end)
        WinogradKernels.restoreInput(
          into: inputGradient.elements, shape: shape, first: first + tile, count: next - tile,
          workspace.view(fromTile: tile, place: place))
        tile = next
      }
    }
  }
}

/// Blocks of tiles that are in the workspace at the same time.
private struct WinogradGroup {
  let tiles: Int
  let blocks: Int
  let parts: Int
  private let blockTiles: Int

  /// As many of the tiles that are left as there is room for.
  init<Scalar: Real>(tiles left: Int, _ workspace: WinogradWorkspace<Scalar>) {
    blockTiles = workspace.blockTiles
    tiles = min(workspace.blocks * blockTiles, left)
    blocks = (tiles + blockTiles - 1) / blockTiles
    parts = blocks * WinogradWorkspace<Scalar>.partsOfBlock
  }

  func tiles(ofBlock block: Int) -> Int { min(blockTiles, tiles - block * blockTiles) }
}
