import LinearAlgebra

/// How a layer of a clone repeats the same layer of its base.
public struct LayerExpansion: Hashable, Sendable {
  /// The profile of what the layer receives.
  public let input: CloningProfile
  /// The profile of what it emits.
  public let output: CloningProfile
  /// One for each of ``Layer/parameters``.
  public let parameters: [TensorExpansion]
  /// One for each of ``Layer/buffers``.
  public let buffers: [TensorExpansion]

  public init(
    input: CloningProfile, output: CloningProfile, parameters: [TensorExpansion] = [],
    buffers: [TensorExpansion] = []
  ) {
    self.input = input
    self.output = output
    self.parameters = parameters
    self.buffers = buffers
  }

  /// That of this layer and the one behind it, taken as one.
  func followed(by next: LayerExpansion) -> LayerExpansion {
    LayerExpansion(
      input: input, output: next.output, parameters: parameters + next.parameters,
      buffers: buffers + next.buffers)
  }
}

/// How a clone repeats its base, layer by layer.
public struct NetworkExpansion: Hashable, Sendable {
  /// One for each of ``Network/layers``.
  public let layers: [LayerExpansion]

  /// How the layers of a clone repeat those of its base at the same places. What the first receives and what the
  /// last emits are not cloned. Only shapes are looked at: no layer needs memory.
  ///
  /// - Throws: ``CloningError`` if the networks differ in more than their widths, or their widths do not match
  ///   where layers are wired together.
  public init<Scalar: Real>(from base: [any Layer<Scalar>], to clone: [any Layer<Scalar>]) throws {
    guard base.count == clone.count else {
      throw CloningError.mismatch(
        layer: base.last?.name ?? "", reason: "\(clone.count) layers against \(base.count)")
    }
    var layers: [LayerExpansion] = []
    for (layer, counterpart) in zip(base, clone) {
      let input = layers.last?.output ?? CloningProfile(units: layer.inputSize)
      let expansion = try layer.expansion(into: counterpart, input: input)
      enforce(
        expansion.parameters.map(\.baseShape) == layer.parameters.map(\.shape)
          && expansion.parameters.map(\.cloneShape) == counterpart.parameters.map(\.shape)
          && expansion.buffers.map(\.baseShape) == layer.buffers.map(\.shape)
          && expansion.buffers.map(\.cloneShape) == counterpart.buffers.map(\.shape),
        "the rule of layer \(layer.name) covers every tensor")
      layers.append(expansion)
    }
    if let last = base.last, let output = layers.last?.output, output.isCloned {
      throw CloningError.unequalProfiles(
        layer: last.name, CloningError.Interface("its output", output),
        CloningError.Interface("the network's output", CloningProfile(units: output.units)))
    }
    self.layers = layers
  }

  /// One for each of ``Network/parameters``.
  public var parameters: [TensorExpansion] { layers.flatMap(\.parameters) }
  /// One for each of ``Network/buffers``.
  public var buffers: [TensorExpansion] { layers.flatMap(\.buffers) }
}
