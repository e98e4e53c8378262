import LinearAlgebra

/// The shape of a network, from which networks of either precision are made.
public protocol NetworkSpecification: Hashable, Sendable {
  /// The layers of a network of this shape. They have no memory.
  func makeLayers<Scalar: Real>(of type: Scalar.Type) -> [any Layer<Scalar>]
  /// The same shape with `factor` times as many units everywhere between input and output.
  func cloned(by factor: Int) -> Self
  /// Multiplications of a forward pass in training for each sample, convolutions as defined: those of the first
  /// layer with weights, and the rest. What is not computed because nobody reads it does not count.
  var multiplications: (first: Int, rest: Int) { get }
}

extension NetworkSpecification {
  /// A network of this shape, its parameters zero.
  public func makeNetwork<Scalar: Real>(of type: Scalar.Type) -> Network<Scalar> {
    Network(layers: makeLayers(of: type))
  }

  /// Floating-point operations of a training step for each sample: two for a multiplication, forward, for the
  /// gradients of weights and, but for the first layer, for those of inputs.
  public var trainingOperations: Double {
    Double(2 * (2 * multiplications.first + 3 * multiplications.rest))
  }
}

extension MLPSpecification: NetworkSpecification {
  public var multiplications: (first: Int, rest: Int) {
    let widths = [inputSize] + hiddenSizes + [classes]
    let products = zip(widths, widths.dropFirst()).map { $0 * $1 }
    return (products[0], products.dropFirst().reduce(0, +))
  }
}

extension CNNSpecification: NetworkSpecification {
  public var multiplications: (first: Int, rest: Int) {
    var (rows, columns, depth) = (height, width, inputChannels)
    var products: [Int] = []
    for size in channels {
      products.append(rows * columns * 9 * depth * size)
      (rows, columns, depth) = (rows / 2, columns / 2, size)
    }
    let linear = rows * columns * depth * hiddenSize + hiddenSize * classes
    return (products.first ?? 0, products.dropFirst().reduce(linear, +))
  }
}

extension ResNetSpecification: NetworkSpecification {
  public var multiplications: (first: Int, rest: Int) {
    var (rows, columns, depth) = (height, width, baseChannels)
    var rest = 0
    for (stage, count) in blocks.enumerated() {
      let size = baseChannels << stage
      for index in 0..<count {
        if stage > 0, index == 0 {
          (rows, columns) = ((rows + 1) / 2, (columns + 1) / 2)
          rest += rows * columns * depth * size
        }
        rest += rows * columns * 9 * (depth + size) * size
        depth = size
      }
    }
    return (height * width * 9 * inputChannels * baseChannels, rest + depth * classes)
  }
}

extension VisionTransformerSpecification: NetworkSpecification {
  /// With more heads of the same width: the exact clone.
  public func cloned(by factor: Int) -> VisionTransformerSpecification {
    cloned(by: factor, attention: .duplicatedHeads)
  }

  public var multiplications: (first: Int, rest: Int) {
    let inner = heads * headWidth
    /// Of a block in which so many tokens ask and go on.
    func block(queries: Int) -> Int {
      let keysAndValues = tokens * size * 2 * inner
      let behind = size * inner + 2 * tokens * inner + inner * size + 2 * size * hidden
      return keysAndValues + queries * behind
    }
    let last = block(queries: lastTokensRead == .all ? tokens : 1)
    let blocks = depth > 0 ? (depth - 1) * block(queries: tokens) + last : 0
    return ((tokens - 1) * channels * patch * patch * size, blocks + size * classes)
  }
}
