import LinearAlgebra

/// x + f(x), where f is a chain of layers that keeps the shape, or gives the first position of each sample alone
/// (``TokensRead``): then so does this layer.
final class Residual<Scalar: Real>: Layer {
  let name: String
  /// Rows a sample: pixels or tokens.
  let positions: Int
  let size: Int
  var inputSize: Int { size }
  let branch: LayerChain<Scalar>
  var parameters: [Parameter<Scalar>] { branch.parameters }
  var buffers: [Parameter<Scalar>] { branch.buffers }

  private var output: Matrix<Scalar>?
  /// Room for the output gradient's copy: layers of the branch may overwrite what they are given.
  private var heldGradient: Matrix<Scalar>?
  /// Where the input gradient stays if gradients are retained.
  private var inputGradient: Matrix<Scalar>?

  /// - Parameter positions: rows a sample.
  init(name: String, size: Int, positions: Int, branch: LayerChain<Scalar>) {
    self.name = name
    self.positions = positions
    self.size = size
    self.branch = branch
  }

  func reserve(from memory: LayerMemory<Scalar>) {
    let rows = memory.batchSize * positions
    inputGradient = memory.takeGradientUnlessInPlace(rows: rows, columns: size)
    memory.takeInside {
      heldGradient = memory.takeGradient(rows: rows, columns: size, slot: 2)
      branch.reserve(from: memory)
    }
    output = memory.take(rows: rows, columns: size)
  }

  func initialize(seed: UInt64) { branch.initialize(seed: seed) }

  func forward(_ input: Matrix<Scalar>, in context: StepContext) -> Matrix<Scalar> {
    let change = branch.forward(input, in: context)
    guard let output = output?.prefix(rows: change.rows) else { fatalError("no memory reserved") }
    guard change.rows < input.rows else {
      Kernels.add(input.elements, change.elements, into: output.elements, count: output.count)
      return output
    }
    for sample in 0..<change.rows {
      Kernels.add(
        input.elements + sample * positions * size, change.elements + sample * size,
        into: output.elements + sample * size, count: size)
    }
    return output
  }

  func backward(_ outputGradient: Matrix<Scalar>, inputGradient needed: Bool) -> Matrix<Scalar>? {
    guard let held = heldGradient?.prefix(rows: outputGradient.rows) else {
      fatalError("a backward pass before any forward pass")
    }
    held.copy(from: outputGradient)
    // A retained gradient must survive, so the copy goes through the branch. Else the original does, because the
    // branch's own gradients may come to lie where it lay, but never over the copy.
    let (start, skip) = inputGradient == nil ? (outputGradient, held) : (held, outputGradient)
    guard let change = branch.backward(start, inputGradient: needed) else { return nil }
    let result = inputGradient?.prefix(rows: change.rows) ?? change
    guard skip.rows < change.rows else {
      Kernels.add(change.elements, skip.elements, into: result.elements, count: result.count)
      return result
    }
    if inputGradient != nil { result.copy(from: change) }
    for sample in 0..<skip.rows {
      let place = result.elements + sample * positions * size
      Kernels.add(place, skip.elements + sample * size, into: place, count: size)
    }
    return result
  }

  /// The skip and the branch carry the same profile.
  func expansion(into clone: any Layer<Scalar>, input: CloningProfile) throws -> LayerExpansion {
    let other = try counterpart(clone, receiving: input)
    let expansion = try branch.expansion(into: other.branch, input: input, name: name)
    try requireEqual(branch: expansion.output, skip: input)
    return expansion
  }
}
