import LinearAlgebra

/// A chain of layers with all its memory: parameters and gradients in one block each, activations in an arena
/// made once for the largest batch.
public final class Network<Scalar: Real> {
  /// A tensor with the name it has in snapshots, `linear_1.weight`.
  public struct NamedTensor {
    public let name: String
    public let parameter: Parameter<Scalar>
  }

  public let layers: [any Layer<Scalar>]
  /// All trained tensors, in layer order.
  public let parameters: [NamedTensor]
  /// All tensors that are kept but not trained.
  public let buffers: [NamedTensor]
  /// The values of all parameters as one contiguous vector (with zero padding between tensors).
  public let values: Matrix<Scalar>
  /// The gradients of all parameters, laid out as ``values``.
  public let gradients: Matrix<Scalar>

  private let parameterMemory: Arena<Scalar>
  private let bufferMemory: Arena<Scalar>
  private var workingMemory: LayerMemory<Scalar>?
  private var outputs: [Matrix<Scalar>] = []
  private var outputGradients: [Matrix<Scalar>] = []
  /// The first layer that has parameters: no gradient is asked for of what is before it.
  private let lowest: Int
  /// What the last forward pass went over, if that was a batch: kept, because its memory can be read.
  var pass: Pass?
  /// The largest batch that memory is reserved for.
  public private(set) var batchCapacity = 0

  /// A network of `layers`, its parameters zero until ``initialize(seed:)`` or a snapshot sets them.
  public init(layers: [any Layer<Scalar>]) {
    self.layers = layers
    lowest = layers.firstIndex { !$0.parameters.isEmpty } ?? 0
    parameters = layers.flatMap { layer in
      layer.parameters.map { NamedTensor(name: "\(layer.name).\($0.name)", parameter: $0) }
    }
    buffers = layers.flatMap { layer in
      layer.buffers.map { NamedTensor(name: "\(layer.name).\($0.name)", parameter: $0) }
    }
    let size = parameters.map {
      Arena<Scalar>.footprint(rows: $0.parameter.rows, columns: $0.parameter.columns)
    }
    .reduce(0, +)
    parameterMemory = Arena(capacity: 2 * size)
    var offset = 0
    values = parameterMemory.take(rows: 1, columns: size)
    gradients = parameterMemory.take(rows: 1, columns: size)
    for tensor in parameters.map(\.parameter) {
      tensor.bind(
        value: Matrix(elements: values.elements + offset, rows: tensor.rows, columns: tensor.columns))
      tensor.bind(
        gradient: Matrix(elements: gradients.elements + offset, rows: tensor.rows, columns: tensor.columns))
      offset += Arena<Scalar>.footprint(rows: tensor.rows, columns: tensor.columns)
    }
    bufferMemory = Arena(
      capacity: buffers.map {
        Arena<Scalar>.footprint(rows: $0.parameter.rows, columns: $0.parameter.columns)
      }
      .reduce(0, +))
    for tensor in buffers.map(\.parameter) {
      tensor.bind(value: bufferMemory.take(rows: tensor.rows, columns: tensor.columns))
    }
  }

  /// Reserves working memory for batches of up to `batchSize` samples.
  ///
  /// - Parameter retainingGradients: whether every ``outputGradient(of:)`` can be read after a backward pass.
  ///   Without that the gradients of a deep network share a few places.
  public func reserve(batchSize: Int, retainingGradients: Bool = true) {
    reserve(batchSize: batchSize, retaining: retainingGradients ? .outputsAndGradients : .nothing)
  }

  /// Reserves working memory for batches of up to `batchSize` samples, of whose passes so much can be read.
  public func reserve(batchSize: Int, retaining retention: Retention) {
    enforce(batchSize >= 0, "a batch of no fewer than no samples")
    let memory = LayerMemory<Scalar>(batchSize: batchSize, retention: retention)
    memory.plan { memory in
      for layer in layers { layer.reserve(from: memory) }
    }
    workingMemory = memory
    batchCapacity = batchSize
    outputs.reserveCapacity(layers.count)
    outputGradients.reserveCapacity(layers.count)
  }

  /// The bytes of working memory that ``reserve(batchSize:retaining:)`` would take. Working memory that was reserved
  /// before is given up.
  public func memoryNeeded(batchSize: Int, retaining retention: Retention) -> Int {
    workingMemory = nil
    batchCapacity = 0
    let scalars = LayerMemory<Scalar>(batchSize: batchSize, retention: retention).count { memory in
      for layer in layers { layer.reserve(from: memory) }
    }
    return scalars * MemoryLayout<Scalar>.stride
  }

  /// Draws the initial parameters of every layer from streams named by seed, layer and tensor.
  public func initialize(seed: UInt64) {
    for layer in layers { layer.initialize(seed: seed) }
  }

  /// The last layer's output for `input` (samples × features).
  ///
  /// Precondition: no more samples than ``batchCapacity``. The result and every ``output(of:)`` live until the next pass.
  public func forward(_ input: Matrix<Scalar>, in context: StepContext) -> Matrix<Scalar> {
    enforce(input.rows <= batchCapacity, "the batch is larger than reserved")
    // By index: `first` and `last` of a generic array allocate.
    enforce(layers.isEmpty || input.columns == layers[0].inputSize, "a column for each input")
    pass = nil
    outputs.removeAll(keepingCapacity: true)
    var current = input
    for layer in layers {
      current = layer.forward(current, in: context)
      outputs.append(current)
    }
    return current
  }

  /// Goes forward once more from layer `first` on, over what the last pass went over, in another context.
  ///
  /// Precondition: the context makes no difference to the layers before, whose outputs are read and so are retained.
  public func repeatForward(from first: Int, in context: StepContext) {
    enforce(first > 0 && first < layers.count && outputs.count == layers.count, "a layer after another")
    enforce(workingMemory?.retainsOutputs == true, "outputs are retained")
    outputs.removeLast(outputs.count - first)
    var current = outputs[first - 1]
    for index in first..<layers.count {
      current = layers[index].forward(current, in: context)
      outputs.append(current)
    }
  }

  /// Sets all gradients from the gradient of the loss with respect to the last output.
  ///
  /// Of layers before the first one with parameters nothing is computed, unless gradients are retained.
  public func backward(_ outputGradient: Matrix<Scalar>) {
    backward(outputGradient, to: workingMemory?.retainsGradients == true ? 0 : lowest) { _, _ in }
  }

  /// Sets all gradients from the gradient of the loss with respect to the last output, in all layers.
  ///
  /// - Parameter visit: called for every layer, the last one first, with its index and the gradient of the loss with
  ///   respect to its output, which holds during the call even if gradients are not retained.
  public func backward(
    _ outputGradient: Matrix<Scalar>, visit: (_ layer: Int, _ outputGradient: Matrix<Scalar>) -> Void
  ) {
    backward(outputGradient, to: 0, visit: visit)
  }

  private func backward(
    _ outputGradient: Matrix<Scalar>, to first: Int,
    visit: (_ layer: Int, _ outputGradient: Matrix<Scalar>) -> Void
  ) {
    let last = outputs.count - 1
    enforce(
      last >= 0 && outputs[last].rows == outputGradient.rows
        && outputs[last].columns == outputGradient.columns,
      "a gradient as large as the last output")
    outputGradients.removeAll(keepingCapacity: true)
    var current = outputGradient
    for index in layers.indices.reversed() {
      outputGradients.append(current)
      // The layer may overwrite what it is given.
      visit(index, current)
      guard let next = layers[index].backward(current, inputGradient: index > first) else { return }
      current = next
    }
  }

  /// The output of layer `index` in the last forward pass. In training the last block of a transformer may have
  /// left out the tokens that nobody reads, and what follows it too (``TokensRead``): then it has a row a sample.
  public func output(of index: Int) -> Matrix<Scalar> {
    enforce(index >= 0 && index < outputs.count, "an output of the last pass")
    return outputs[index]
  }

  /// The gradient of the loss with respect to the output of layer `index` in the last backward pass.
  ///
  /// Precondition: gradients are retained.
  public func outputGradient(of index: Int) -> Matrix<Scalar> {
    enforce(workingMemory?.retainsGradients == true, "gradients are retained")
    let place = layers.count - 1 - index
    enforce(place >= 0 && place < outputGradients.count, "a gradient of the last pass")
    return outputGradients[place]
  }
}
