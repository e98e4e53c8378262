import LinearAlgebra

/// Group normalisation (Wu and He, 2018) with one group: each sample over all its features and positions,
/// y = γ · (x − mean) / √(variance + 10⁻⁵) + β, the variance biased, scale and shift for each feature.
///
/// At one position it is layer normalisation (Ba et al., 2016).
public final class GroupNormalization<Scalar: Real>: NormalizationLayer {
  public let name: String
  /// Rows a sample, all normalised together.
  public let positions: Int
  public let size: Int
  public var inputSize: Int { size }
  /// Whether γ and β are trained; else they are 1 and 0.
  public let affine: Bool
  /// γ, named `weight` as in PyTorch.
  public let weight: Parameter<Scalar>
  /// β, named `bias` as in PyTorch.
  public let bias: Parameter<Scalar>
  public var parameters: [Parameter<Scalar>] { affine ? [weight, bias] : [] }

  public static var epsilon: Scalar { Scalar(1e-5) }

  var rectifier: ReLU<Scalar>?

  private var input: Matrix<Scalar>?
  private var output: Matrix<Scalar>?
  private var inputGradient: Matrix<Scalar>?
  /// For each shard of the samples a table, the gradients of scale and shift, and what sums over a sample's rows take.
  private var scratch: Matrix<Scalar>?
  /// Mean and 1 / √(variance + ε) of each sample.
  private var statistics: Matrix<Scalar>?
  private var rectifies = false

  /// - Parameter positions: rows a sample.
  public init(name: String, size: Int, positions: Int = 1, affine: Bool = true) {
    self.name = name
    self.positions = positions
    self.size = size
    self.affine = affine
    weight = Parameter(name: "weight", shape: [size])
    bias = Parameter(name: "bias", shape: [size])
  }

  public func reserve(from memory: LayerMemory<Scalar>) {
    output = memory.take(rows: memory.batchSize * positions, columns: size)
    inputGradient = memory.takeGradientUnlessInPlace(rows: memory.batchSize * positions, columns: size)
    scratch = memory.takeScratch(rows: RowShards.most * Self.rowsOfShard, columns: size)
    statistics = memory.take(rows: memory.batchSize, columns: 2)
    if !affine { BatchNormalization.bindConstants(weight, bias, from: memory) }
    rectifies = rectifier != nil && !memory.retainsOutputs
    rectifier?.isDoneBefore = rectifies
  }

  public func initialize(seed: UInt64) {
    if affine {
      weight.value.fill(with: 1)
      bias.value.fill(with: 0)
    }
  }

  public func forward(_ input: Matrix<Scalar>, in context: StepContext) -> Matrix<Scalar> {
    forward(input, adding: nil, isRectified: rectifies, in: context)
  }

  func forward(
    _ input: Matrix<Scalar>, adding addend: Matrix<Scalar>?, isRectified: Bool, in context: StepContext
  ) -> Matrix<Scalar> {
    guard let output = output?.prefix(rows: input.rows), let scratch, let statistics else {
      fatalError("no memory reserved")
    }
    self.input = input
    let shards = RowShards(rows: input.rows / positions, columns: positions * size)
    ThreadTeam.share(shards.count) { shard, _ in
      let table = self.table(shard, in: scratch)
      for sample in shards[shard] {
        let start = sample * positions * size
        let (mean, variance) = NormalizationKernels.moments(
          of: input.elements + start, count: positions * size)
        let inverse = 1 / (variance + Self.epsilon).squareRoot()
        statistics[sample, 0] = mean
        statistics[sample, 1] = inverse
        fill(table, mean: mean, inverse: inverse)
        NormalizationKernels.normalize(
          rows(of: input, from: start), into: rows(of: output, from: start), table: table,
          addend: addend.map { $0.elements + start }, isRectified: isRectified)
      }
    }
    return output
  }

  public func backward(_ outputGradient: Matrix<Scalar>, inputGradient needed: Bool) -> Matrix<Scalar>? {
    backward(outputGradient, isRectified: rectifies, keepingIn: nil, inputGradient: needed)
  }

  func backward(
    _ outputGradient: Matrix<Scalar>, isRectified: Bool, keepingIn kept: Matrix<Scalar>?,
    inputGradient needed: Bool
  ) -> Matrix<Scalar>? {
    guard let input, let output, let scratch, let statistics else {
      fatalError("a backward pass before any forward pass")
    }
    let inputGradient = inputGradient?.prefix(rows: input.rows) ?? outputGradient
    let share = 1 / Scalar(positions * size)
    let shards = RowShards(rows: input.rows / positions, columns: positions * size)
    ThreadTeam.share(shards.count) { shard, _ in
      let table = self.table(shard, in: scratch)
      let (scaleGradient, shiftGradient) = gradients(shard, of: shards.count, in: scratch)
      scaleGradient.update(repeating: 0, count: size)
      shiftGradient.update(repeating: 0, count: size)
      for sample in shards[shard] {
        let start = sample * positions * size
        let inverse = statistics[sample, 1]
        fill(table, mean: statistics[sample, 0], inverse: inverse)
        let rectifier = rectifier(isRectified: isRectified, from: start, output: output, kept: kept)
        NormalizationKernels.sumGradients(
          rows(of: outputGradient, from: start), input: input.elements + start, table: table,
          rectifier: rectifier, sums: sums(shard, of: shards.count, in: scratch))
        NormalizationKernels.accumulate(
          table, inverse: inverse, share: share, scaleGradient: scaleGradient, shiftGradient: shiftGradient)
        guard needed else { continue }
        NormalizationKernels.differentiate(
          rows(of: outputGradient, from: start), input: input.elements + start, table: table,
          rectifier: rectifier, into: inputGradient.elements + start)
      }
    }
    let (scaleGradients, shiftGradients) = gradients(0, of: shards.count, in: scratch)
    ShardSums.add(scaleGradients, shards: shards.count, count: size, into: weight.gradient.elements)
    ShardSums.add(shiftGradients, shards: shards.count, count: size, into: bias.gradient.elements)
    return needed ? inputGradient : nil
  }

  /// Copies of a feature change neither mean nor variance.
  public func expansion(into clone: any Layer<Scalar>, input: CloningProfile) throws -> LayerExpansion {
    let other = try counterpart(clone, receiving: input)
    guard other.affine == affine else {
      throw CloningError.mismatch(layer: name, reason: "only one of the two has affine parameters")
    }
    guard other.positions == positions else {
      throw CloningError.mismatch(
        layer: name, reason: "\(other.positions) positions where \(positions) are needed")
    }
    return LayerExpansion(
      input: input, output: input, parameters: parameters.map { _ in .vector(input) })
  }

  /// A table, the gradients of scale and shift, and two sums for each shard of the rows of a sample.
  private static var rowsOfShard: Int { NormalizationTable<Scalar>.rows + 2 + 2 * RowShards.most }

  private func table(_ shard: Int, in scratch: Matrix<Scalar>) -> NormalizationTable<Scalar> {
    NormalizationTable(scratch.rows(shard * rowsOfTable..<(shard + 1) * rowsOfTable))
  }

  /// Behind all tables the scales' gradients of `shards` shards, then the shifts'.
  private func gradients(
    _ shard: Int, of shards: Int, in scratch: Matrix<Scalar>
  ) -> (scale: UnsafeMutablePointer<Scalar>, shift: UnsafeMutablePointer<Scalar>) {
    let place = scratch.elements + (shards * rowsOfTable + shard) * size
    return (place, place + shards * size)
  }

  /// Behind the gradients.
  private func sums(_ shard: Int, of shards: Int, in scratch: Matrix<Scalar>) -> UnsafeMutablePointer<Scalar>
  {
    scratch.elements + (shards * (rowsOfTable + 2) + shard * 2 * RowShards.most) * size
  }

  private var rowsOfTable: Int { NormalizationTable<Scalar>.rows }

  /// The rows of one sample, whose first scalar is the `start`-th.
  private func rows(of matrix: Matrix<Scalar>, from start: Int) -> Matrix<Scalar> {
    Matrix(elements: matrix.elements + start, rows: positions, columns: size)
  }

  private func fill(_ table: NormalizationTable<Scalar>, mean: Scalar, inverse: Scalar) {
    NormalizationKernels.fill(
      table, mean: mean, inverse: inverse, scale: weight.value.elements, shift: bias.value.elements)
  }
}
