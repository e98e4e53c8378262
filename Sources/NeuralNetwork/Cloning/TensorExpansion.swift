import LinearAlgebra

/// How a tensor of a clone repeats its base's: what every axis belongs to, and the cloning profile there.
///
/// Entries are repeated along all axes and divided by the number of copies of the inputs that they are summed
/// over (paper, remark A.4: tiling with scaling), so that the sum stays what it was.
public struct TensorExpansion: Hashable, Sendable {
  public enum Axis: Hashable, Sendable {
    /// The features that the layer emits, or the only ones that it has.
    case outputs(CloningProfile)
    /// The features that the layer receives and sums over.
    case inputs(CloningProfile)
    /// Places that are not copied: rows and columns of a kernel, tokens.
    case places(Int)

    var profile: CloningProfile {
      switch self {
      case .outputs(let profile), .inputs(let profile): profile
      case .places(let count): CloningProfile(units: count)
      }
    }
  }

  /// In the order of ``Parameter/shape``; none for a single number.
  public let axes: [Axis]

  public init(axes: [Axis]) {
    self.axes = axes
  }

  /// An entry for each feature.
  public static func vector(_ outputs: CloningProfile) -> TensorExpansion {
    TensorExpansion(axes: [.outputs(outputs)])
  }

  /// An entry for each output and input, and each place of a kernel of so many rows, columns, ….
  public static func weight(
    from inputs: CloningProfile, to outputs: CloningProfile, kernel: [Int] = []
  ) -> TensorExpansion {
    TensorExpansion(axes: [.outputs(outputs), .inputs(inputs)] + kernel.map { .places($0) })
  }

  /// Copies of each output.
  public var outputCopies: Int {
    axes.reduce(1) { if case .outputs(let profile) = $1 { $0 * profile.copies } else { $0 } }
  }

  /// Copies of each input; 1 for tensors that sum over none.
  public var inputCopies: Int {
    axes.reduce(1) { if case .inputs(let profile) = $1 { $0 * profile.copies } else { $0 } }
  }

  /// What the base's entries are divided by.
  public var divisor: Int { inputCopies }

  public var baseShape: [Int] { axes.map(\.profile.units) }
  public var cloneShape: [Int] { axes.map(\.profile.features) }

  /// Writes the tensor of a base into that of its clone.
  ///
  /// Precondition: they have ``baseShape`` and ``cloneShape``.
  func expand<Scalar: Real>(_ base: Matrix<Scalar>, into clone: Matrix<Scalar>) {
    let blocks = TensorBlocks(self)
    enforce(base.count == blocks.starts.count, "a block for each entry of the base")
    enforce(clone.count == base.count * blocks.offsets.count, "all copies of each entry")
    let divisor = Scalar(divisor)
    for (entry, start) in blocks.starts.enumerated() {
      let value = base.elements[entry] / divisor
      for offset in blocks.offsets { clone.elements[start + offset] = value }
    }
  }
}

/// Where the copies of a base's entries lie in the clone's tensor. A block is all copies of one entry: those of an
/// output and an input at one place.
public struct TensorBlocks: Hashable, Sendable {
  /// The index of the first copy of each entry of the base, in row-major order.
  public let starts: [Int]
  /// How far every copy of an entry lies behind the first: ``rows`` × ``columns``, row-major. The same in every block.
  public let offsets: [Int]
  /// Copies of the output.
  public let rows: Int
  /// Copies of the input.
  public let columns: Int

  public init(_ expansion: TensorExpansion) {
    rows = expansion.outputCopies
    columns = expansion.inputCopies
    var starts = [0]
    var outputs = [0]
    var inputs = [0]
    var step = expansion.cloneShape.reduce(1, *)
    for axis in expansion.axes {
      let profile = axis.profile
      step /= profile.features
      let firsts = (0..<profile.units).map { profile.firstCopy(of: $0) * step }
      starts = Self.sums(starts, firsts)
      let copies = (0..<profile.copies).map { $0 * profile.groupSize * step }
      if case .outputs = axis { outputs = Self.sums(outputs, copies) }
      if case .inputs = axis { inputs = Self.sums(inputs, copies) }
    }
    self.starts = starts
    offsets = Self.sums(outputs, inputs)
  }

  /// The sum of each of the first with each of the second.
  private static func sums(_ first: [Int], _ second: [Int]) -> [Int] {
    var sums: [Int] = []
    sums.reserveCapacity(first.count * second.count)
    for one in first {
      for other in second { sums.append(one + other) }
    }
    return sums
  }
}
