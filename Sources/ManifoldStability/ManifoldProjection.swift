import LinearAlgebra
import NeuralNetwork
import Plasticity

/// Why a network has no cloning manifold of the factor asked for.
public enum ManifoldError: Error, Equatable, CustomStringConvertible {
  /// A tensor's extent is no whole multiple of the number of copies.
  case indivisible(tensor: String, extent: Int, copies: Int)

  public var description: String {
    switch self {
    case .indivisible(let tensor, let extent, let copies):
      """
      no cloning manifold: tensor \(tensor) has \(extent) rows or columns, no multiple of \(copies) copies; \
      check the cloning factor
      """
    }
  }
}

/// The two orthogonal spaces that the cloning manifold makes of a clone's parameters (paper, appendix A.5).
///
/// The manifold M holds all networks whose tensors are constant on every block, a block being the copies of one
/// base entry. M is a linear space, so at each of its points it is its own tangent space; the normal space holds
/// the vectors whose blocks have mean zero. M is also what the permutations of each unit's copies leave fixed,
/// and the loss does not change under them. Hence at a point of M the gradient is tangent, and the Hessian maps
/// tangent vectors to tangent ones and normal vectors to normal ones.
public struct ManifoldProjection: Hashable, Sendable {
  public enum Space: String, Hashable, Sendable, CaseIterable {
    /// Along the manifold: block means.
    case tangent
    /// Away from it: what is left without the block means.
    case normal
  }

  /// Where a tensor lies in the vector of all parameters, and how its copies lie in it.
  private struct Section: Hashable, Sendable {
    let offset: Int
    let rows: Int
    let columns: Int
    let profile: CopyProfile

    var entries: Int { rows * columns }
    var blocks: Int { entries / (profile.outputs * profile.inputs) }
  }

  /// The length of the vectors, `network.values.count`. Padding between tensors belongs to neither space.
  public let count: Int
  public let tangentDimension: Int
  public let normalDimension: Int
  private let sections: [Section]

  /// The spaces of a clone with `factor` copies of each hidden unit, for chains of layers as
  /// `CopyProfile.profiles(of:factor:)` describes them.
  ///
  /// - Throws: ``ManifoldError`` if a tensor cannot be cut into blocks.
  public init(of network: Network<Double>, factor: Int) throws(ManifoldError) {
    var sections: [Section] = []
    let profiles = CopyProfile.profiles(of: network, factor: factor)
    for (tensor, profile) in zip(network.parameters, profiles) {
      let parameter = tensor.parameter
      // A vector is a column: an entry for each unit that is copied.
      let isVector = parameter.shape.count < 2
      let section = Section(
        offset: parameter.value.elements - network.values.elements,
        rows: isVector ? parameter.count : parameter.rows, columns: isVector ? 1 : parameter.columns,
        profile: profile)
      let width = profile.inputs * profile.positions
      guard section.rows.isMultiple(of: profile.outputs) else {
        throw .indivisible(tensor: tensor.name, extent: section.rows, copies: profile.outputs)
      }
      guard section.columns.isMultiple(of: width) else {
        throw .indivisible(tensor: tensor.name, extent: section.columns, copies: profile.inputs)
      }
      sections.append(section)
    }
    self.sections = sections
    count = network.values.count
    tangentDimension = sections.reduce(0) { $0 + $1.blocks }
    normalDimension = sections.reduce(0) { $0 + $1.entries } - tangentDimension
  }

  /// The dimension of a space.
  public func dimension(of space: Space) -> Int {
    switch space {
    case .tangent: tangentDimension
    case .normal: normalDimension
    }
  }

  /// Replaces `vector` (laid out as `network.values`) by its orthogonal projection. Blocks of equal entries have
  /// a normal part of exactly zero.
  public func project(_ vector: Matrix<Double>, onto space: Space) {
    precondition(vector.count == count, "a vector as long as the parameters")
    var end = 0
    for section in sections {
      (vector.elements + end).update(repeating: 0, count: section.offset - end)
      end = section.offset + section.entries
      Self.project(vector.elements + section.offset, section: section, onto: space)
    }
    (vector.elements + end).update(repeating: 0, count: count - end)
  }

  private static func project(_ elements: UnsafeMutablePointer<Double>, section: Section, onto space: Space) {
    let (outputs, inputs, positions) =
      (section.profile.outputs, section.profile.inputs, section.profile.positions)
    let share = 1 / Double(outputs * inputs)
    let keepsMean: Double = space == .tangent ? 1 : 0
    for row in stride(from: 0, to: section.rows, by: outputs) {
      for start in stride(from: 0, to: section.columns, by: inputs * positions) {
        for position in 0..<positions {
          let block = elements + row * section.columns + start + position
          // Sums of differences are exactly zero for equal entries, whatever their number.
          let origin = block[0]
          var sum = 0.0
          for output in 0..<outputs {
            for input in 0..<inputs {
              sum += block[output * section.columns + input * positions] - origin
            }
          }
          let mean = origin + sum * share
          for output in 0..<outputs {
            for input in 0..<inputs {
              let index = output * section.columns + input * positions
              block[index] = keepsMean * mean + (1 - keepsMean) * (block[index] - mean)
            }
          }
        }
      }
    }
  }

  /// The Euclidean distance of the point `vector` (laid out as `network.values`) from the manifold.
  public func distance(of vector: Matrix<Double>) -> Double {
    let arena = Arena<Double>(capacity: Arena<Double>.footprint(rows: 1, columns: count))
    return withExtendedLifetime(arena) {
      let copy = arena.take(rows: 1, columns: count)
      copy.elements.update(from: vector.elements, count: count)
      project(copy, onto: .normal)
      return copy.norm
    }
  }
}
