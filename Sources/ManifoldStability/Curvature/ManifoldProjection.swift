import LinearAlgebra
import NeuralNetwork
import Plasticity

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
    let blocks: TensorBlocks

    var entries: Int { blocks.starts.count * blocks.offsets.count }
  }

  /// The length of the vectors, `network.values.count`. Padding between tensors belongs to neither space.
  public let count: Int
  public let tangentDimension: Int
  public let normalDimension: Int
  private let sections: [Section]

  /// The spaces of `network`, a clone that repeats its base as `expansion` says.
  public init(of network: Network<Double>, expansion: NetworkExpansion) {
    let rules = expansion.parameters
    enforce(
      rules.map(\.cloneShape) == network.parameters.map(\.parameter.shape),
      "a network of the expansion's shape")
    sections = zip(network.parameters, rules).map { tensor, rule in
      Section(
        offset: tensor.parameter.value.elements - network.values.elements, blocks: TensorBlocks(rule))
    }
    count = network.values.count
    tangentDimension = sections.reduce(0) { $0 + $1.blocks.starts.count }
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
    enforce(vector.count == count, "a vector as long as the parameters")
    var end = 0
    for section in sections {
      (vector.elements + end).update(repeating: 0, count: section.offset - end)
      end = section.offset + section.entries
      Self.project(vector.elements + section.offset, section: section, onto: space)
    }
    (vector.elements + end).update(repeating: 0, count: count - end)
  }

  private static func project(_ elements: UnsafeMutablePointer<Double>, section: Section, onto space: Space) {
    let offsets = section.blocks.offsets
    let share = 1 / Double(offsets.count)
    let keepsMean: Double = space == .tangent ? 1 : 0
    for start in section.blocks.starts {
      let block = elements + start
      // Sums of differences are exactly zero for equal entries, whatever their number.
      let origin = block[0]
      var sum = 0.0
      for offset in offsets { sum += block[offset] - origin }
      let mean = origin + sum * share
      for offset in offsets { block[offset] = keepsMean * mean + (1 - keepsMean) * (block[offset] - mean) }
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
