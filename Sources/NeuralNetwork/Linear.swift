import LinearAlgebra

/// A fully connected layer, y = x·Wᵀ + b, with W of outputs × inputs as in PyTorch.
public final class Linear<Scalar: Real>: Layer {
  public enum Initialization: Hashable, Sendable {
    /// Weights and biases uniform in ±1/√inputs, PyTorch's default.
    case uniform
    /// Weights normal with this standard deviation, biases zero.
    case normal(standardDeviation: Double)
  }

  public let name: String
  /// Rows a sample: pixels or tokens.
  public let positions: Int
  public let inputSize: Int
  public let outputSize: Int
  public let initialization: Initialization
  public let weight: Parameter<Scalar>
  public let bias: Parameter<Scalar>
  public var parameters: [Parameter<Scalar>] { [weight, bias] }

  private var input: Matrix<Scalar>?
  private var output: Matrix<Scalar>?
  private var inputGradient: Matrix<Scalar>?

  /// - Parameter positions: rows a sample.
  public init(
    name: String, inputSize: Int, outputSize: Int, positions: Int = 1,
    initialization: Initialization = .uniform
  ) {
    precondition(inputSize > 0 && outputSize > 0, "a linear layer needs inputs and outputs")
    self.name = name
    self.positions = positions
    self.inputSize = inputSize
    self.outputSize = outputSize
    self.initialization = initialization
    weight = Parameter(name: "weight", shape: [outputSize, inputSize])
    bias = Parameter(name: "bias", shape: [outputSize])
  }

  public func reserve(from memory: LayerMemory<Scalar>) {
    output = memory.take(rows: memory.batchSize * positions, columns: outputSize)
    inputGradient = memory.takeGradient(rows: memory.batchSize * positions, columns: inputSize)
  }

  public func initialize(seed: UInt64) {
    // The names of streams do not depend on where a composite layer has put this one.
    var weights = RandomStream(seed: seed, purpose: "initialization/\(name).weight")
    var biases = RandomStream(seed: seed, purpose: "initialization/\(name).bias")
    switch initialization {
    case .uniform:
      let bound = 1 / Scalar(inputSize).squareRoot()
      Scalar.fillUniform(weight.value.buffer, from: -bound, to: bound, drawing: &weights)
      Scalar.fillUniform(bias.value.buffer, from: -bound, to: bound, drawing: &biases)
    case .normal(let standardDeviation):
      weight.fillNormal(standardDeviation: standardDeviation, from: &weights)
      bias.value.fill(with: 0)
    }
  }

  public func forward(_ input: Matrix<Scalar>, in context: StepContext) -> Matrix<Scalar> {
    guard let output = output?.prefix(rows: input.rows) else { preconditionFailure("no memory reserved") }
    self.input = input
    output.setRows(to: bias.value)
    output.setProduct(of: input, transposed: false, and: weight.value, transposed: true, beta: 1)
    return output
  }

  public func backward(_ outputGradient: Matrix<Scalar>, inputGradient needed: Bool) -> Matrix<Scalar>? {
    guard let input else { preconditionFailure("a backward pass before any forward pass") }
    let inputGradient = needed ? inputGradient?.prefix(rows: input.rows) : nil
    if positions > 1, TokenKernels.isZeroBeyondFirst(outputGradient, tokens: positions) {
      differentiateFirstPositions(outputGradient, input: input, inputGradient: inputGradient)
      return inputGradient
    }
    weight.gradient.setProduct(of: outputGradient, transposed: true, and: input)
    bias.gradient.setColumnSums(of: outputGradient)
    inputGradient?.setProduct(of: outputGradient, and: weight.value)
    return inputGradient
  }

  /// The backward pass where only the first position of each sample has a gradient, as below a classifier that
  /// reads a transformer's class token: in its last block that saves most of the work.
  private func differentiateFirstPositions(
    _ outputGradient: Matrix<Scalar>, input: Matrix<Scalar>, inputGradient: Matrix<Scalar>?
  ) {
    let samples = input.rows / positions
    let (inputStride, outputStride) = (positions * inputSize, positions * outputSize)
    Scalar.gemm(
      transposeA: true, transposeB: false, m: outputSize, n: inputSize, k: samples, alpha: 1,
      a: outputGradient.elements, strideA: outputStride, b: input.elements, strideB: inputStride,
      beta: 0, c: weight.gradient.elements, strideC: inputSize)
    TokenKernels.sum(
      outputGradient.elements, stride: outputStride, samples: samples, into: bias.gradient.elements,
      count: outputSize)
    guard let inputGradient else { return }
    inputGradient.fill(with: 0)
    Scalar.gemm(
      transposeA: false, transposeB: false, m: samples, n: inputSize, k: outputSize, alpha: 1,
      a: outputGradient.elements, strideA: outputStride, b: weight.value.elements, strideB: inputSize,
      beta: 0, c: inputGradient.elements, strideC: inputStride)
  }

  /// W'[k_out·o+j, k_in·i+l] = W[o,i] / k_in and b repeated.
  public func expand(into clone: any Layer<Scalar>, inputFactor: Int) throws -> Int {
    let other = try Cloning.counterpart(clone, as: Linear<Scalar>.self, layer: name)
    guard other.inputSize == inputSize * inputFactor else {
      throw CloningError.mismatch(
        layer: name, reason: "\(other.inputSize) inputs where \(inputSize) × \(inputFactor) are needed")
    }
    let outputFactor = try Cloning.factor(
      from: outputSize, to: other.outputSize, of: "outputs", layer: name)
    Cloning.expand(weight.value, into: other.weight.value, dividedBy: inputFactor)
    Cloning.expand(bias.value, into: other.bias.value, dividedBy: 1)
    return outputFactor
  }
}
