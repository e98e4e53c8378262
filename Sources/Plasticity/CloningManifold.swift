import LinearAlgebra
import NeuralNetwork

/// How far tensors of a clone are from the manifolds of Theorem A.1 (paper, appendix A.3), for all tensors of a
/// network at once: the largest deviation of any block.
///
/// A block is what the clone made of one base entry: outputs × inputs entries for a weight, outputs for a vector.
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
    max(fromRowEquitable, fromColumnEquitable) <= tolerance
  }

  /// The distance of a clone's parameters.
  public init<Scalar: Real>(ofParametersOf network: Network<Scalar>, factor: Int) {
    self.init(of: network.parameters.map(\.parameter.value), in: network, factor: factor)
  }

  /// The distance of the gradients of a clone's last backward pass: zero at every equitable point.
  public init<Scalar: Real>(ofGradientsOf network: Network<Scalar>, factor: Int) {
    self.init(of: network.parameters.map(\.parameter.gradient), in: network, factor: factor)
  }

  /// The distance of `tensors`, which are shaped and ordered as `network.parameters`: for instance a shift
  /// W(t) − W(0), or an optimiser's moments.
  public init<Scalar: Real>(of tensors: [Matrix<Scalar>], in network: Network<Scalar>, factor: Int) {
    precondition(tensors.count == network.parameters.count, "a tensor for each parameter")
    var constant = 0.0
    var row = 0.0
    var column = 0.0
    let profiles = CopyProfile.profiles(of: network, factor: factor)
    for (index, tensor) in tensors.enumerated() {
      // A vector is a column: an entry for each unit that is copied.
      let isVector = network.parameters[index].parameter.shape.count < 2
      let matrix =
        isVector ? Matrix(elements: tensor.elements, rows: tensor.count, columns: 1) : tensor
      for block in BlockView.blocks(of: matrix, profile: profiles[index]) {
        constant = max(constant, spread(block.entries))
        row = max(row, spread(block.rowSums))
        column = max(column, spread(block.columnSums))
      }
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
  return values.reduce(0) { max($0, abs($1 - mean)) }
}

/// The copies of one base entry in a tensor of a clone.
private struct BlockView<Scalar: Real> {
  let matrix: Matrix<Scalar>
  let profile: CopyProfile
  /// The first row of the block, and the column of its first entry.
  let row: Int
  let column: Int

  static func blocks(of matrix: Matrix<Scalar>, profile: CopyProfile) -> some Sequence<BlockView> {
    let width = profile.inputs * profile.positions
    return stride(from: 0, to: matrix.rows, by: profile.outputs).lazy.flatMap { row in
      stride(from: 0, to: matrix.columns, by: width).lazy.flatMap { start in
        (start..<start + profile.positions).lazy.map { column in
          BlockView(matrix: matrix, profile: profile, row: row, column: column)
        }
      }
    }
  }

  private func entry(_ output: Int, _ input: Int) -> Double {
    Double(matrix[row + output, column + input * profile.positions])
  }

  var entries: [Double] {
    (0..<profile.outputs).flatMap { output in (0..<profile.inputs).map { entry(output, $0) } }
  }

  var rowSums: [Double] {
    (0..<profile.outputs).map { output in (0..<profile.inputs).reduce(0) { $0 + entry(output, $1) } }
  }

  var columnSums: [Double] {
    (0..<profile.inputs).map { input in (0..<profile.outputs).reduce(0) { $0 + entry($1, input) } }
  }
}
