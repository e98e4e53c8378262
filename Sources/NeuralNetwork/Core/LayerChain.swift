import LinearAlgebra

/// Layers one after the other inside a composite layer.
struct LayerChain<Scalar: Real> {
  /// A layer with the name that its tensors have inside the composite.
  typealias Place = (place: String, layer: any Layer<Scalar>)

  let layers: [any Layer<Scalar>]
  let parameters: [Parameter<Scalar>]
  let buffers: [Parameter<Scalar>]

  /// Puts each layer's place before the names of its tensors; an empty place leaves them as they are.
  init(_ places: [Place]) {
    layers = places.map { $0.layer }
    parameters = layers.flatMap { $0.parameters }
    buffers = layers.flatMap { $0.buffers }
    for (place, layer) in places where !place.isEmpty {
      for tensor in layer.parameters + layer.buffers { tensor.nest(in: place) }
    }
  }

  func reserve(from memory: LayerMemory<Scalar>) {
    for layer in layers { layer.reserve(from: memory) }
  }

  func initialize(seed: UInt64) {
    for layer in layers { layer.initialize(seed: seed) }
  }

  func forward(_ input: Matrix<Scalar>, in context: StepContext) -> Matrix<Scalar> {
    var current = input
    for layer in layers { current = layer.forward(current, in: context) }
    return current
  }

  func backward(_ outputGradient: Matrix<Scalar>, inputGradient needed: Bool) -> Matrix<Scalar>? {
    var current = outputGradient
    for index in layers.indices.reversed() {
      guard let next = layers[index].backward(current, inputGradient: index > 0 || needed) else { return nil }
      current = next
    }
    return current
  }

  /// The rules of all layers as one.
  func expansion(into clone: LayerChain, input: CloningProfile, name: String) throws -> LayerExpansion {
    guard layers.count == clone.layers.count else {
      throw CloningError.mismatch(
        layer: name, reason: "\(clone.layers.count) layers inside against \(layers.count)")
    }
    let start = LayerExpansion(input: input, output: input)
    return try zip(layers, clone.layers).reduce(start) { expansion, pair in
      try expansion.followed(by: pair.0.expansion(into: pair.1, input: expansion.output))
    }
  }
}
