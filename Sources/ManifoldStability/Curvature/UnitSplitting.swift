import LinearAlgebra
import NeuralNetwork
import Plasticity

/// Why the normal Hessian of a network has no closed form here.
public enum UnitSplittingError: Error, Equatable, CustomStringConvertible {
  /// The network is no alternation of linear layers and rectifiers that begins and ends with a linear one.
  case unsupportedLayer(name: String)
  /// A unit's matrix has no singular values.
  case singularValues(layer: String, SingularValueError)

  public var description: String {
    switch self {
    case .unsupportedLayer(let name):
      """
      no closed form of the normal Hessian: layer \(name) is not in an alternation of linear layers and \
      rectifiers; use StabilityReport
      """
    case .singularValues(let layer, let error): "layer \(layer): \(error)"
    }
  }
}

/// The normal Hessian at a clone, in closed form, for chains of linear layers and rectifiers.
///
/// The permutations of one unit's copies act on the normal space unit by unit, and a symmetric operator that
/// commutes with them couples no unit with another. On the copies of unit v, what enters them is perturbed by
/// c ⊗ (weights from each unit u, bias) and what leaves them by d ⊗ (weights to each unit o), with c and d of sum
/// zero over the copies. The logits are affine in each tensor, so what enters does not couple with itself, nor
/// does what leaves; between them the Hessian is (c·d) · B with
///
/// B[o,u] = √(copies of o · copies of u) · Σ over samples where v is active of error(o) · input(u)
///
/// (input 1 for the bias; error is the gradient of the mean loss with respect to the next linear layer's
/// output). So the normal spectrum is ± the singular values of the units' B, each as often as there are copies
/// less one, and zeros. A unit whose B is not zero splits: at the rate σ₁, the copies part along its singular
/// vectors, each with what it receives and what it sends. Derived here; it is not in the paper.
public struct UnitSplitting: Hashable, Sendable {
  /// What drives the copies of one unit apart.
  public struct Unit: Hashable, Sendable {
    /// The linear layer that the unit belongs to.
    public let layer: String
    /// The unit's number in the base network.
    public let unit: Int
    /// The largest singular value of B: the normal Hessian has the eigenvalues ± this.
    public let curvature: Double
  }

  /// All hidden units of the base, in network order.
  public let units: [Unit]

  /// For `network`, at a point of the manifold of clones that repeat their base as `expansion` says, on `batch`. Its
  /// parameters stay; gradients and activations are overwritten.
  ///
  /// - Throws: ``UnitSplittingError``.
  public init(
    of network: Network<Double>, expansion: NetworkExpansion, batch: Batch<Double>
  ) throws(UnitSplittingError) {
    enforce(network.layers.count == expansion.layers.count, "a network of the expansion's shape")
    var linearLayers: [Linear<Double>] = []
    for (index, layer) in network.layers.enumerated() {
      if let linear = layer as? Linear<Double>, index.isMultiple(of: 2) {
        linearLayers.append(linear)
      } else if !(layer is ReLU<Double>) || index.isMultiple(of: 2) || index == network.layers.count - 1 {
        throw .unsupportedLayer(name: layer.name)
      }
    }
    // One pass: the operator makes it, and leaves activations and errors in the network.
    let hessian = HessianOperator(of: network, batch: batch)
    defer { withExtendedLifetime(hessian) {} }
    var units: [Unit] = []
    for (number, linear) in linearLayers.dropLast().enumerated() {
      let rule = expansion.layers[2 * number]
      enforce(rule.output.isCloned, "a single copy has no normal directions")
      let sides = Sides(
        input: number == 0 ? batch.inputs : network.output(of: 2 * number - 1), inputProfile: rule.input,
        error: network.outputGradient(of: 2 * number + 2),
        errorProfile: expansion.layers[2 * number + 2].output)
      let active = network.output(of: 2 * number + 1)
      for unit in 0..<rule.output.units {
        do throws(SingularValueError) {
          let values = try sides.singularValues { active[$0, rule.output.firstCopy(of: unit)] > 0 }
          units.append(Unit(layer: linear.name, unit: unit, curvature: values.first ?? 0))
        } catch { throw .singularValues(layer: linear.name, error) }
      }
    }
    self.units = units
  }

  /// The largest of the units' curvatures: the normal Hessian's spectrum reaches from minus this to this.
  public var largestCurvature: Double { units.reduce(0) { max($0, $1.curvature) } }
}

/// What the units of one layer receive and what errors they send to, one column for each base unit, scaled so
/// that the product of the two is B.
private final class Sides {
  private let memory: Arena<Double>
  private let inputs: Matrix<Double>
  private let errors: Matrix<Double>
  private let selected: Matrix<Double>
  private let product: Matrix<Double>

  init(
    input: Matrix<Double>, inputProfile: CloningProfile, error: Matrix<Double>, errorProfile: CloningProfile
  ) {
    let rows = input.rows
    let width = inputProfile.units + 1
    let height = errorProfile.units
    memory = Arena(
      capacity: Arena<Double>.footprint(rows: rows, columns: width)
        + 2 * Arena<Double>.footprint(rows: rows, columns: height)
        + Arena<Double>.footprint(rows: height, columns: width))
    inputs = memory.take(rows: rows, columns: width)
    errors = memory.take(rows: rows, columns: height)
    selected = memory.take(rows: rows, columns: height)
    product = memory.take(rows: height, columns: width)
    Self.collapse(input, inputProfile, into: inputs)
    for row in 0..<rows { inputs[row, width - 1] = 1 }
    Self.collapse(error, errorProfile, into: errors)
  }

  /// Takes one copy of each unit, times the root of how many there are.
  private static func collapse(
    _ values: Matrix<Double>, _ profile: CloningProfile, into columns: Matrix<Double>
  ) {
    let scale = Double(profile.copies).squareRoot()
    for unit in 0..<profile.units {
      let feature = profile.firstCopy(of: unit)
      for row in 0..<values.rows { columns[row, unit] = scale * values[row, feature] }
    }
  }

  /// The singular values of B, summed over the rows that `isActive` chooses.
  func singularValues(where isActive: (Int) -> Bool) throws(SingularValueError) -> [Double] {
    for row in 0..<errors.rows {
      let factor: Double = isActive(row) ? 1 : 0
      for unit in 0..<errors.columns { selected[row, unit] = factor * errors[row, unit] }
    }
    product.setProduct(of: selected, transposed: true, and: inputs)
    return try product.singularValues()
  }
}
