import LinearAlgebra
import NeuralNetwork

/// How far tensors of a clone are from the manifolds of Theorem A.1 (paper, appendix A.3), for all tensors of a
/// network at once: the largest deviation of any block.
///
/// A block is what the clone made of one base entry (`TensorBlocks`): outputs × inputs entries for a weight, outputs
/// for a vector.
/// With W[v,u] the weight from unit u to unit v, blocks of W are *block-wise constant* if all entries are equal;
/// *row-equitable* if all rows of a block have the same sum (every copy v receives the same, hence equal
/// activations); *column-equitable* if all columns have the same sum (every copy u sends the same, hence equal
/// errors). Vectors are equitable only if constant. All three are linear conditions; the first implies the others.
///
/// At an equitable point gradients are block-wise constant, and so is every shift W(t) − W(0) under gradient
/// descent, momentum, RMSprop and Adam with equal state in the copies. Weight decay, which the paper leaves open
/// ("could break some symmetries"), by test:
///
/// - A block-wise constant point stays block-wise constant under all of them, decay or not.
/// - An equitable point that is not block-wise constant stays equitable if the decay is linear in the weights
///   (gradient descent, momentum, decay apart from the gradient as in AdamW), but the shift is not block-wise
///   constant: the deviation from the block means shrinks, by 1 − rate · decay a step under gradient descent.
///   The point leaves its affine manifold for that of the block-wise constant ones.
/// - It ceases to be equitable if the decay is added to the gradient of a rule that normalises entry by entry
///   (Adam, RMSprop), and the copies part. Two copies are an exception: a redistributed block of 2 × 2 is
///   [[a, b], [b, a]], a pattern that every rule entry by entry keeps.
///
/// In exact arithmetic the manifolds are invariant; in floating point they hold as long as rounding is the same
/// for all copies, because they may repel: distances were seen to grow exponentially with batch normalisation.
public struct ManifoldDistance: Hashable, Sendable {
  /// The largest |entry − mean of its block|.
  public let fromBlockwiseConstant: Double
  /// The largest |row sum − mean row sum| of a block.
  public let fromRowEquitable: Double
  /// The largest |column sum − mean column sum| of a block.
  public let fromColumnEquitable: Double

  /// Whether all copies have equal activations and errors, up to `tolerance` in every sum.
  public func isEquitable(tolerance: Double) -> Bool {
    larger(fromRowEquitable, fromColumnEquitable) <= tolerance
  }

  /// The distance of a clone's parameters.
  public init<Scalar: Real>(ofParametersOf network: Network<Scalar>, expansion: NetworkExpansion) {
    self.init(of: network.parameters.map(\.parameter.value), expansion: expansion)
  }

  /// The distance of the gradients of a clone's last backward pass: zero at every equitable point.
  public init<Scalar: Real>(ofGradientsOf network: Network<Scalar>, expansion: NetworkExpansion) {
    self.init(of: network.parameters.map(\.parameter.gradient), expansion: expansion)
  }

  /// The distance of `tensors`, which are shaped and ordered as a clone's parameters: for instance a shift
  /// W(t) − W(0), or an optimiser's moments.
  public init<Scalar: Real>(of tensors: [Matrix<Scalar>], expansion: NetworkExpansion) {
    let rules = expansion.parameters
    enforce(tensors.count == rules.count, "a tensor for each parameter")
    self.init(largestOf: zip(tensors, rules).map { ManifoldDistance(of: $0, expansion: $1) })
  }

  /// The largest deviations of several tensors.
  init(largestOf distances: [ManifoldDistance]) {
    func largest(_ distance: (ManifoldDistance) -> Double) -> Double {
      distances.reduce(0) { larger($0, distance($1)) }
    }
    fromBlockwiseConstant = largest(\.fromBlockwiseConstant)
    fromRowEquitable = largest(\.fromRowEquitable)
    fromColumnEquitable = largest(\.fromColumnEquitable)
  }

  /// The distance of one tensor of a clone.
  public init<Scalar: Real>(of tensor: Matrix<Scalar>, expansion: TensorExpansion) {
    let blocks = TensorBlocks(expansion)
    enforce(tensor.count == blocks.starts.count * blocks.offsets.count, "a tensor of the clone's shape")
    var constant = 0.0
    var row = 0.0
    var column = 0.0
    var entries = [Double](repeating: 0, count: blocks.offsets.count)
    var rowSums = [Double](repeating: 0, count: blocks.rows)
    var columnSums = [Double](repeating: 0, count: blocks.columns)
    for start in blocks.starts {
      let block = tensor.elements + start
      // Nothing deviates in most blocks, and infinities that are equal are no evidence.
      if block[0].isFinite, blocks.offsets.allSatisfy({ block[$0] == block[0] }) { continue }
      for index in rowSums.indices { rowSums[index] = 0 }
      for index in columnSums.indices { columnSums[index] = 0 }
      for (index, offset) in blocks.offsets.enumerated() {
        entries[index] = Double(block[offset])
        rowSums[index / blocks.columns] += entries[index]
        columnSums[index % blocks.columns] += entries[index]
      }
      constant = larger(constant, spread(entries))
      row = larger(row, spread(rowSums))
      column = larger(column, spread(columnSums))
    }
    fromBlockwiseConstant = constant
    fromRowEquitable = row
    fromColumnEquitable = column
  }
}

/// The largest distance of any of `values` from their mean; exactly zero if they are equal.
private func spread(_ values: [Double]) -> Double {
  guard let origin = values.first else { return 0 }
  let mean = origin + values.reduce(0) { $0 + ($1 - origin) } / Double(values.count)
  return values.reduce(0) { larger($0, abs($1 - mean)) }
}

/// The larger of two, or whichever is not a number: what has overflowed is not close to anything.
func larger(_ one: Double, _ other: Double) -> Double { other > one || other.isNaN ? other : one }
