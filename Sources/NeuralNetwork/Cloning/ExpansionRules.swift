import LinearAlgebra

extension Layer {
  /// The rule of layers that treat every feature alike and have no tensors: they emit what they receive.
  public func expansion(into clone: any Layer<Scalar>, input: CloningProfile) throws -> LayerExpansion {
    _ = try counterpart(clone, receiving: input)
    return LayerExpansion(input: input, output: input)
  }

  /// `clone` as a layer of the same kind as this one, as wide as what it receives.
  ///
  /// - Throws: ``CloningError`` if it is of another kind or another width.
  public func counterpart(_ clone: any Layer<Scalar>, receiving input: CloningProfile) throws -> Self {
    guard let clone = clone as? Self else {
      throw CloningError.mismatch(layer: name, reason: "its counterpart is a \(type(of: clone))")
    }
    let own = try profile(from: inputSize, to: clone.inputSize, of: "inputs")
    guard own.units == input.units, own.copies == input.copies else {
      throw CloningError.unequalProfiles(
        layer: name, CloningError.Interface("what it receives", input),
        CloningError.Interface("what it takes", own))
    }
    return clone
  }

  /// The profile of an interface that has so many features in the base and in the clone.
  ///
  /// - Parameter groupSize: how many neighbouring units are copied together.
  /// - Throws: ``CloningError/mismatch(layer:reason:)`` if the clone's are no whole multiple.
  public func profile(
    from units: Int, to features: Int, of what: String, groupSize: Int = 1
  ) throws -> CloningProfile {
    guard units > 0, features > 0, features % units == 0 else {
      throw CloningError.mismatch(layer: name, reason: "\(features) \(what) are no multiple of \(units)")
    }
    return CloningProfile(units: units, copies: features / units, groupSize: groupSize)
  }

  /// For layers that need copies laid out in one way, or none.
  ///
  /// - Throws: ``CloningError/unequalProfiles(layer:_:_:)`` if `input` is another profile than `taken`.
  func require(_ input: CloningProfile, toBe taken: CloningProfile) throws {
    guard input == taken else {
      throw CloningError.unequalProfiles(
        layer: name, CloningError.Interface("what it receives", input),
        CloningError.Interface("what it takes", taken))
    }
  }

  /// For sums: both addends have to repeat their units in the same way.
  ///
  /// - Throws: ``CloningError/unequalProfiles(layer:_:_:)`` if they do not.
  func requireEqual(branch: CloningProfile, skip: CloningProfile) throws {
    guard branch == skip else {
      throw CloningError.unequalProfiles(
        layer: name, CloningError.Interface("its branch", branch), CloningError.Interface("its skip", skip))
    }
  }

  /// For layers of images: cloning changes channels, never pixels.
  ///
  /// - Throws: ``CloningError/mismatch(layer:reason:)`` if the two images differ in height or width.
  func requireEqualImages(_ base: (height: Int, width: Int), _ clone: (height: Int, width: Int)) throws {
    guard base == clone else {
      throw CloningError.mismatch(
        layer: name,
        reason:
          "images of \(clone.height) × \(clone.width) pixels where \(base.height) × \(base.width) are needed")
    }
  }

  /// For layers of tokens: cloning changes features, never tokens.
  ///
  /// - Throws: ``CloningError/mismatch(layer:reason:)`` if the two numbers differ.
  func requireEqualTokens(_ base: Int, _ clone: Int) throws {
    guard base == clone else {
      throw CloningError.mismatch(layer: name, reason: "\(clone) tokens where \(base) are needed")
    }
  }
}

extension Network {
  /// How `clone` repeats this network if every layer is expanded into the layer at the same place (paper,
  /// remark A.4). The network's inputs and outputs are not cloned.
  ///
  /// - Throws: ``CloningError`` if the networks differ in more than their widths, or their widths do not match where
  ///   layers are wired together.
  public func expansion(into clone: Network) throws -> NetworkExpansion {
    try NetworkExpansion(from: layers, to: clone.layers)
  }

  /// Makes `clone` compute what this network computes, by writing the expanded values of all parameters and buffers
  /// into it.
  ///
  /// - Returns: how the clone repeats this network.
  /// - Throws: as ``expansion(into:)``; the clone is then as it was.
  @discardableResult
  public func expand(into clone: Network) throws -> NetworkExpansion {
    let expansion = try expansion(into: clone)
    let rules = expansion.parameters + expansion.buffers
    for (rule, tensors) in zip(rules, zip(parameters + buffers, clone.parameters + clone.buffers)) {
      rule.expand(tensors.0.parameter.value, into: tensors.1.parameter.value)
    }
    return expansion
  }
}
