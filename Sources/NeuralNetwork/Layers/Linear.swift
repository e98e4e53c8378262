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

  /// How many of the first outputs are read at some positions only, and at which. At the others these outputs are
  /// the bias alone, and their gradients must be zero.
  private let sparse: (outputs: Int, tokensRead: TokensRead)?
  /// How many of them the last forward pass computed at the first position of each sample alone.
  private var sparseOutputs = 0
  private var input: Matrix<Scalar>?
  private var output: Matrix<Scalar>?
  private var inputGradient: Matrix<Scalar>?
  /// For the shards of the weights' gradients, none if batches are too small for them.
  private var scratch: Matrix<Scalar>?
  private var needsParameterGradients = true

  /// - Parameter positions: rows a sample.
  public convenience init(
    name: String, inputSize: Int, outputSize: Int, positions: Int = 1,
    initialization: Initialization = .uniform
  ) {
    self.init(
      name: name, inputSize: inputSize, outputSize: outputSize, positions: positions,
      initialization: initialization, sparse: nil)
  }

  /// - Parameter sparse: how many of the first outputs, the queries of attention, are read at which tokens.
  init(
    name: String, inputSize: Int, outputSize: Int, positions: Int, initialization: Initialization,
    sparse: (outputs: Int, tokensRead: TokensRead)?
  ) {
    enforce(inputSize > 0 && outputSize > 0, "a linear layer needs inputs and outputs")
    self.name = name
    self.positions = positions
    self.inputSize = inputSize
    self.outputSize = outputSize
    self.initialization = initialization
    self.sparse = sparse
    weight = Parameter(name: "weight", shape: [outputSize, inputSize])
    bias = Parameter(name: "bias", shape: [outputSize])
  }

  public func reserve(from memory: LayerMemory<Scalar>) {
    output = memory.take(rows: memory.batchSize * positions, columns: outputSize)
    inputGradient = memory.takeGradient(rows: memory.batchSize * positions, columns: inputSize)
    let product = SharedProduct(
      m: outputSize, n: inputSize, k: memory.batchSize * positions, isOverSamples: true)
    scratch = product.scratchCount > 0 ? memory.takeScratch(rows: 1, columns: product.scratchCount) : nil
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
    guard let output = output?.prefix(rows: input.rows) else { fatalError("no memory reserved") }
    self.input = input
    sparseOutputs = sparse.map { $0.tokensRead.isFirstAlone(in: context) ? $0.outputs : 0 } ?? 0
    needsParameterGradients = context.needsParameterGradients
    output.setRows(to: bias.value)
    if sparseOutputs > 0 { add(outputs: 0..<sparseOutputs, every: positions, of: input, to: output) }
    add(outputs: sparseOutputs..<outputSize, every: 1, of: input, to: output)
    return output
  }

  public func backward(_ outputGradient: Matrix<Scalar>, inputGradient needed: Bool) -> Matrix<Scalar>? {
    guard let input else { fatalError("a backward pass before any forward pass") }
    let inputGradient = needed ? inputGradient?.prefix(rows: input.rows) : nil
    if needsParameterGradients { bias.gradient.setColumnSums(of: outputGradient) }
    differentiate(
      outputs: sparseOutputs..<outputSize, every: 1, outputGradient, input: input,
      inputGradient: inputGradient)
    if sparseOutputs > 0 {
      differentiate(
        outputs: 0..<sparseOutputs, every: positions, outputGradient, input: input,
        inputGradient: inputGradient, beta: 1)
    }
    return inputGradient
  }

  /// Adds the products of some outputs in one row out of `step`.
  private func add(outputs: Range<Int>, every step: Int, of input: Matrix<Scalar>, to output: Matrix<Scalar>)
  {
    SharedProduct(m: input.rows / step, n: outputs.count, k: inputSize).run(
      transposeA: false, transposeB: true, a: input.elements, strideA: step * inputSize,
      b: weight.value.elements + outputs.lowerBound * inputSize, strideB: inputSize,
      beta: 1, c: output.elements + outputs.lowerBound, strideC: step * outputSize)
  }

  /// Sets the gradients of the weights of some outputs from one row out of `step`, and the input gradient to what
  /// comes from there plus `beta` times what it is.
  private func differentiate(
    outputs: Range<Int>, every step: Int, _ outputGradient: Matrix<Scalar>, input: Matrix<Scalar>,
    inputGradient: Matrix<Scalar>?, beta: Scalar = 0
  ) {
    let rows = input.rows / step
    let arriving = outputGradient.elements + outputs.lowerBound
    let firstWeight = outputs.lowerBound * inputSize
    if needsParameterGradients {
      SharedProduct(m: outputs.count, n: inputSize, k: rows, isOverSamples: scratch != nil).run(
        transposeA: true, transposeB: false, a: arriving, strideA: step * outputSize, b: input.elements,
        strideB: step * inputSize, beta: 0, c: weight.gradient.elements + firstWeight, strideC: inputSize,
        scratch: scratch?.elements)
    }
    guard let inputGradient else { return }
    SharedProduct(m: rows, n: inputSize, k: outputs.count).run(
      transposeA: false, transposeB: false, a: arriving, strideA: step * outputSize,
      b: weight.value.elements + firstWeight, strideB: inputSize, beta: beta, c: inputGradient.elements,
      strideC: step * inputSize)
  }

  /// W'[k_out·o+j, k_in·i+l] = W[o,i] / k_in and b repeated.
  public func expansion(into clone: any Layer<Scalar>, input: CloningProfile) throws -> LayerExpansion {
    try expansion(into: clone, input: input, groupSize: 1)
  }

  /// - Parameter groupSize: how many neighbouring outputs are copied together.
  func expansion(
    into clone: any Layer<Scalar>, input: CloningProfile, groupSize: Int
  ) throws -> LayerExpansion {
    let other = try counterpart(clone, receiving: input)
    let output = try profile(
      from: outputSize, to: other.outputSize, of: "outputs", groupSize: groupSize)
    return LayerExpansion(
      input: input, output: output, parameters: [.weight(from: input, to: output), .vector(output)])
  }
}
