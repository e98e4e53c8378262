import LinearAlgebra

/// The arithmetic of cloning (SPEC §5) that layers share: unit i of the base becomes units k·i … k·i+k−1.
enum Cloning {
  /// Writes `base` into `clone` with every entry repeated along both axes and divided by `divisor`.
  ///
  /// Precondition: the clone's axes are whole multiples of the base's.
  ///
  /// - Parameter taps: how many neighbouring columns are one entry, the filter of a pair of channels.
  static func expand<Scalar: Real>(
    _ base: Matrix<Scalar>, into clone: Matrix<Scalar>, dividedBy divisor: Int, taps: Int = 1
  ) {
    let rowFactor = clone.rows / base.rows
    let columnFactor = clone.columns / base.columns
    let scale = Scalar(divisor)
    for row in 0..<clone.rows {
      for column in 0..<clone.columns {
        let entry = column / taps / columnFactor
        clone[row, column] = base[row / rowFactor, entry * taps + column % taps] / scale
      }
    }
  }

  /// How many times `base` goes into `clone`.
  ///
  /// - Throws: ``CloningError/mismatch(layer:reason:)`` if it is no whole number.
  static func factor(from base: Int, to clone: Int, of what: String, layer: String) throws -> Int {
    guard base > 0, clone > 0, clone % base == 0 else {
      throw CloningError.mismatch(layer: layer, reason: "\(clone) \(what) are no multiple of \(base)")
    }
    return clone / base
  }

  /// `clone` as a layer of the same kind as the base.
  ///
  /// - Throws: ``CloningError/mismatch(layer:reason:)`` if it is of another kind.
  static func counterpart<Kind>(_ clone: Any, as kind: Kind.Type, layer: String) throws -> Kind {
    guard let clone = clone as? Kind else {
      throw CloningError.mismatch(layer: layer, reason: "its counterpart is a \(type(of: clone))")
    }
    return clone
  }

  /// For layers of images: cloning changes channels, never pixels.
  ///
  /// - Throws: ``CloningError/mismatch(layer:reason:)`` if the two images differ in height or width.
  static func requireEqualImages(
    _ base: (height: Int, width: Int), _ clone: (height: Int, width: Int), layer: String
  ) throws {
    guard base == clone else {
      throw CloningError.mismatch(
        layer: layer,
        reason:
          "images of \(clone.height) × \(clone.width) pixels where \(base.height) × \(base.width) are needed")
    }
  }

  /// For a layer that changes no number of features and has no tensors: only the kind is checked.
  static func passThrough<Kind>(
    _ clone: Any, as kind: Kind.Type, layer: String, features: Int, cloneFeatures: (Kind) -> Int, factor: Int
  ) throws -> Int {
    let other = try counterpart(clone, as: kind, layer: layer)
    guard cloneFeatures(other) == features * factor else {
      throw CloningError.mismatch(
        layer: layer, reason: "\(cloneFeatures(other)) features where \(features) × \(factor) are needed")
    }
    return factor
  }
}

extension Network {
  /// Makes `clone` compute what this network computes: every layer is expanded into the layer at the same place
  /// (SPEC §5). The network's inputs and outputs are not cloned.
  ///
  /// - Throws: ``CloningError`` if the networks differ in more than their widths.
  public func expand(into clone: Network) throws {
    guard layers.count == clone.layers.count else {
      throw CloningError.mismatch(
        layer: layers.last?.name ?? "", reason: "\(clone.layers.count) layers against \(layers.count)")
    }
    var factor = 1
    for (layer, counterpart) in zip(layers, clone.layers) {
      factor = try layer.expand(into: counterpart, inputFactor: factor)
    }
    guard factor == 1 else {
      throw CloningError.mismatch(layer: layers.last?.name ?? "", reason: "the outputs are cloned too")
    }
  }
}
