/// A scalar activation φ, its derivative, and what numerical integration has to know about its shape: the definition
/// that tables of the theory are computed from and that networks follow in vectors, up to rounding.
public struct ScalarActivation: Sendable {
  /// Where φ′ has its structure: what a search for level sets has to look through.
  public enum Structure: Sendable, Equatable {
    /// Below and above this range φ′ is monotone.
    case within(ClosedRange<Double>)
    /// φ′ has this period.
    case periodic(Double)
  }

  /// The name in chapters and files, `leakyReLU`.
  public let name: String
  /// The name in a legend, `leaky ReLU`.
  public let label: String
  /// The points at which φ or one of its derivatives jumps, ascending.
  public let kinks: [Double]
  /// True if φ itself jumps at a kink: then E[φ′(z)²] is infinite.
  public let isDiscontinuous: Bool
  public let structure: Structure
  /// ρ ↦ K(ρ) of the standardised activation in closed form, where one is known.
  public let closedFormKernel: (@Sendable (Double) -> Double)?

  private let function: @Sendable (Double) -> Double
  private let slope: @Sendable (Double) -> Double

  /// - Parameters:
  ///   - name: in chapters and files.
  ///   - label: in a legend.
  public init(
    name: String, label: String, kinks: [Double] = [], isDiscontinuous: Bool = false,
    structure: Structure = .within(-8...8), closedFormKernel: (@Sendable (Double) -> Double)? = nil,
    value: @escaping @Sendable (Double) -> Double, derivative: @escaping @Sendable (Double) -> Double
  ) {
    self.name = name
    self.label = label
    self.kinks = kinks
    self.isDiscontinuous = isDiscontinuous
    self.structure = structure
    self.closedFormKernel = closedFormKernel
    function = value
    slope = derivative
  }

  /// φ(x).
  public func value(_ x: Double) -> Double { function(x) }

  /// φ′(x); at a kink the limit from one side, at a jump zero.
  public func derivative(_ x: Double) -> Double { slope(x) }

  /// The kinks and the middle of the structure. A steep activation is so narrow that the nodes of a rule could
  /// miss it: these points tell where to look.
  public var landmarks: [Double] {
    guard case .within(let range) = structure else { return kinks }
    return kinks + [0.5 * (range.lowerBound + range.upperBound)]
  }

  /// x ↦ φ(scale · x + bias), whose derivative is scale · φ′(scale · x + bias) (section A.2).
  ///
  /// The closed form of the kernel is kept only if the modulation leaves the standardised kernel as it is.
  public func modulated(scale: Double, bias: Double) -> ScalarActivation {
    let function = function
    let slope = slope
    let preimage = { (y: Double) in (y - bias) / scale }
    let movedStructure: Structure
    switch structure {
    case _ where scale == 0:
      movedStructure = .within(0...0)
    case .within(let range):
      let ends = [preimage(range.lowerBound), preimage(range.upperBound)].sorted()
      movedStructure = .within(ends[0]...ends[1])
    case .periodic(let period):
      movedStructure = .periodic(period / abs(scale))
    }
    // A unit scale without bias changes nothing; K(ρ) belongs to φ(−x) as well, since (−x, −y) is as (x, y).
    let keepsKernel = abs(scale) == 1 && bias == 0
    return ScalarActivation(
      name: "\(name)(\(scale)x\(bias < 0 ? "" : "+")\(bias))",
      label: "\(label), scale \(scale), bias \(bias)",
      kinks: scale == 0 ? [] : kinks.map(preimage).sorted(),
      isDiscontinuous: scale != 0 && isDiscontinuous, structure: movedStructure,
      closedFormKernel: keepsKernel ? closedFormKernel : nil,
      value: { function(scale * $0 + bias) }, derivative: { scale * slope(scale * $0 + bias) })
  }
}
