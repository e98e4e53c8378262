import LinearAlgebra

/// Batch normalisation (Ioffe and Szegedy, 2015) of each feature over the rows, with PyTorch's conventions:
/// y = γ · (x − mean) / √(variance + 10⁻⁵) + β, the variance biased where it normalises and unbiased in the
/// running average, whose momentum is 0.1.
///
/// A batch of a single row has no variance: its output is β, and it leaves the running variance as if it were 0
/// (PyTorch refuses such a batch).
public final class BatchNormalization<Scalar: Real>: NormalizationLayer {
  public let name: String
  /// Rows a sample: pixels or tokens.
  public let positions: Int
  public let size: Int
  public var inputSize: Int { size }
  /// Whether γ and β are trained; else they are 1 and 0.
  public let affine: Bool
  /// γ, named `weight` as in PyTorch.
  public let weight: Parameter<Scalar>
  /// β, named `bias` as in PyTorch.
  public let bias: Parameter<Scalar>
  public let runningMean: Parameter<Scalar>
  public let runningVariance: Parameter<Scalar>
  /// The number of training batches seen; nothing depends on it, PyTorch keeps it.
  public let batchCount: Parameter<Scalar>
  public var parameters: [Parameter<Scalar>] { affine ? [weight, bias] : [] }
  public var buffers: [Parameter<Scalar>] { [runningMean, runningVariance, batchCount] }

  public static var epsilon: Scalar { Scalar(1e-5) }
  public static var momentum: Scalar { Scalar(0.1) }

  var rectifier: ReLU<Scalar>?

  private var input: Matrix<Scalar>?
  private var output: Matrix<Scalar>?
  private var inputGradient: Matrix<Scalar>?
  private var table: Matrix<Scalar>?
  /// For the sums of each shard of the rows.
  private var sums: Matrix<Scalar>?
  private var usesBatchStatistics = false
  private var rectifies = false

  /// - Parameter positions: rows a sample.
  public init(name: String, size: Int, positions: Int = 1, affine: Bool = true) {
    self.name = name
    self.positions = positions
    self.size = size
    self.affine = affine
    weight = Parameter(name: "weight", shape: [size])
    bias = Parameter(name: "bias", shape: [size])
    runningMean = Parameter(name: "running_mean", shape: [size])
    runningVariance = Parameter(name: "running_var", shape: [size])
    batchCount = Parameter(name: "num_batches_tracked", shape: [])
  }

  public func reserve(from memory: LayerMemory<Scalar>) {
    output = memory.take(rows: memory.batchSize * positions, columns: size)
    inputGradient = memory.takeGradientUnlessInPlace(rows: memory.batchSize * positions, columns: size)
    table = memory.take(rows: NormalizationTable<Scalar>.rows, columns: size)
    sums = memory.takeScratch(rows: 2 * RowShards.most, columns: size)
    if !affine { Self.bindConstants(weight, bias, from: memory) }
    rectifies = rectifier != nil && !memory.retainsOutputs
    rectifier?.isDoneBefore = rectifies
  }

  /// Gives γ and β that are not trained a place in working memory, and the values 1 and 0.
  static func bindConstants(
    _ weight: Parameter<Scalar>, _ bias: Parameter<Scalar>, from memory: LayerMemory<Scalar>
  ) {
    for parameter in [weight, bias] {
      parameter.bind(value: memory.take(rows: 1, columns: parameter.count))
      parameter.bind(gradient: memory.take(rows: 1, columns: parameter.count))
    }
    weight.value.fill(with: 1)
    bias.value.fill(with: 0)
  }

  public func initialize(seed: UInt64) {
    if affine {
      weight.value.fill(with: 1)
      bias.value.fill(with: 0)
    }
    runningMean.value.fill(with: 0)
    runningVariance.value.fill(with: 1)
    batchCount.value.fill(with: 0)
  }

  public func forward(_ input: Matrix<Scalar>, in context: StepContext) -> Matrix<Scalar> {
    forward(input, adding: nil, isRectified: rectifies, in: context)
  }

  func forward(
    _ input: Matrix<Scalar>, adding addend: Matrix<Scalar>?, isRectified: Bool, in context: StepContext
  ) -> Matrix<Scalar> {
    guard let output = output?.prefix(rows: input.rows), let memory = table, let sums else {
      fatalError("no memory reserved")
    }
    self.input = input
    let table = NormalizationTable(memory)
    usesBatchStatistics = context.mode != .evaluation
    if usesBatchStatistics {
      NormalizationKernels.measure(input, into: table, sums: sums.elements)
    } else {
      table.center.update(from: runningMean.value.elements, count: size)
      table.variance.update(from: runningVariance.value.elements, count: size)
    }
    NormalizationKernels.prepare(table, scale: weight.value, shift: bias.value, epsilon: Self.epsilon)
    NormalizationKernels.normalize(
      input, into: output, table: table, addend: addend?.elements, isRectified: isRectified)
    if context.mode == .training { updateRunningStatistics(from: table, rows: input.rows) }
    return output
  }

  public func backward(_ outputGradient: Matrix<Scalar>, inputGradient needed: Bool) -> Matrix<Scalar>? {
    backward(outputGradient, isRectified: rectifies, keepingIn: nil, inputGradient: needed)
  }

  func backward(
    _ outputGradient: Matrix<Scalar>, isRectified: Bool, keepingIn kept: Matrix<Scalar>?,
    inputGradient needed: Bool
  ) -> Matrix<Scalar>? {
    guard let input, let output, let memory = table, let sums else {
      fatalError("a backward pass before any forward pass")
    }
    let table = NormalizationTable(memory)
    let rectifier = rectifier(isRectified: isRectified, from: 0, output: output, kept: kept)
    NormalizationKernels.sumGradients(
      outputGradient, input: input.elements, table: table, rectifier: rectifier, sums: sums.elements)
    let share = usesBatchStatistics ? 1 / Scalar(input.rows) : 0
    NormalizationKernels.finish(
      table, share: share, scaleGradient: weight.gradient.elements, shiftGradient: bias.gradient.elements)
    guard needed else { return nil }
    let inputGradient = inputGradient?.prefix(rows: input.rows) ?? outputGradient
    NormalizationKernels.differentiate(
      outputGradient, input: input.elements, table: table, rectifier: rectifier, into: inputGradient.elements)
    return inputGradient
  }

  /// Copies of a feature have its statistics.
  public func expansion(into clone: any Layer<Scalar>, input: CloningProfile) throws -> LayerExpansion {
    let other = try counterpart(clone, receiving: input)
    guard other.affine == affine else {
      throw CloningError.mismatch(layer: name, reason: "only one of the two has affine parameters")
    }
    let vector = TensorExpansion.vector(input)
    return LayerExpansion(
      input: input, output: input, parameters: affine ? [vector, vector] : [],
      buffers: [vector, vector, TensorExpansion(axes: [])])
  }

  private func updateRunningStatistics(from table: NormalizationTable<Scalar>, rows: Int) {
    batchCount.value[0, 0] += 1
    NormalizationKernels.average(
      table, into: runningMean.value, and: runningVariance.value, momentum: Self.momentum,
      varianceFactor: rows > 1 ? Scalar(rows) / Scalar(rows - 1) : 1)
  }
}
