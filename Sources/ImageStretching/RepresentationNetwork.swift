import LinearAlgebra
import NeuralNetwork
import PreparedImages
import Specifications

/// A network up to its representation, the output of its last hidden layer, and the Jacobian of that with respect to
/// the image.
///
/// The same network with the identity in place of its classifier, so that what it says is the representation, and what
/// is sent back from there are rows of the Jacobian. Networks are looked at as they are used: running statistics, no
/// dropout.
final class RepresentationNetwork {
  /// Units of the representation, d.
  let width: Int
  /// Layers of weights in front of the representation, ℓ.
  let depth: Int

  private let whole: Network<Float>
  private let network: Network<Float>
  private let memory: Arena<Float>
  private let exact: Arena<Double>
  /// A row for each copy of an image.
  private let copies: Matrix<Float>
  private let identity: Matrix<Float>
  private let jacobian: Matrix<Double>
  private let gram: Matrix<Double>

  /// - Precondition: a model of layers in a row, the first of which has no parameters.
  /// - Throws: `SpecificationProblem` if the images are too small for the model, or memory for it.
  init(_ model: AnyModel, dataSet: PreparedDataSet) throws {
    let input = InputShape(
      channels: dataSet.shape.channels, height: dataSet.shape.height, width: dataSet.shape.width)
    try model.validate(for: input)
    whole = model.network(for: input, classes: dataSet.classCount).makeNetwork(of: Float.self)
    let width = whole.layers.last?.inputSize ?? 1
    self.width = width
    let description = model.network(for: input, classes: width)
    try requireMemory(
      saturatedProduct(2, description.extent(of: Float.self, batchSize: width).bytes), "model")
    network = description.makeNetwork(of: Float.self)
    network.reserve(batchSize: width, retaining: .outputs)
    depth = whole.layers.dropLast().filter { $0 is Linear<Float> || $0 is Convolution<Float> }.count
    memory = Arena(
      capacity: Arena<Float>.footprint(rows: width, columns: input.count)
        + Arena<Float>.footprint(rows: width, columns: width))
    copies = memory.take(rows: width, columns: input.count)
    identity = memory.take(rows: width, columns: width)
    exact = Arena(
      capacity: Arena<Double>.footprint(rows: width, columns: input.count)
        + Arena<Double>.footprint(rows: width, columns: width))
    jacobian = exact.take(rows: width, columns: input.count)
    gram = exact.take(rows: width, columns: width)
  }

  /// The classifier of the last snapshot: its weight, a row for each class, and its bias.
  var classifier: (weight: Matrix<Float>, bias: Matrix<Float>) {
    let parameters = whole.layers.last?.parameters ?? []
    enforce(parameters.count == 2, "a linear classifier with a bias")
    return (parameters[0].value, parameters[1].value)
  }

  /// Takes the parameters of a snapshot.
  ///
  /// - Throws: `SnapshotError` if it is of another network.
  func load(_ snapshot: Snapshot) throws {
    try whole.load(snapshot)
    for (from, to) in zip(whole.layers.dropLast(), network.layers.dropLast()) {
      for (source, target) in zip(from.parameters + from.buffers, to.parameters + to.buffers) {
        target.value.copy(from: source.value)
      }
    }
    let parameters = network.layers.last?.parameters ?? []
    for parameter in parameters { parameter.value.fill(with: 0) }
    for unit in 0..<width { parameters.first?.value[unit, unit] = 1 }
  }

  /// The representation of images, a row each, and the images as the first layer hands them on.
  ///
  /// - Parameter images: a row each, as many as there may be.
  func represent(_ images: Matrix<Float>) -> (features: [[Float]], arranged: [[Float]]) {
    var features: [[Float]] = []
    var arranged: [[Float]] = []
    for start in stride(from: 0, to: images.rows, by: width) {
      let rows = start..<min(start + width, images.rows)
      let output = network.forward(images.rows(rows), in: StepContext(mode: .evaluation))
      let first = network.output(of: 0)
      for row in 0..<rows.count {
        features.append((0..<width).map { output[row, $0] })
        let start = first.elements + row * images.columns
        arranged.append(Array(UnsafeBufferPointer(start: start, count: images.columns)))
      }
    }
    return (features, arranged)
  }

  /// How the network stretches small changes of one image: Λ₁, the largest singular value of the Jacobian J, and ‖J u‖.
  ///
  /// - Parameters:
  ///   - image: channel by channel.
  ///   - direction: u, of length 1, arranged as ``represent(_:)`` says; zero for none.
  /// - Throws: `SymmetricEigenvalueError` if the network diverged.
  func stretching(
    at image: [Float], along direction: [Float]? = nil
  ) throws -> (largest: Double, along: Double) {
    for row in 0..<width {
      for (place, value) in image.enumerated() { copies[row, place] = value }
    }
    _ = network.forward(copies, in: StepContext(mode: .evaluation))
    // Layers may write over the gradients that they are given.
    identity.fill(with: 0)
    for unit in 0..<width { identity[unit, unit] = 1 }
    network.backward(identity) { layer, gradient in
      guard layer == 0 else { return }
      // A row for each unit: all pixels of its copy lie behind one another.
      for place in 0..<jacobian.count { jacobian.elements[place] = Double(gradient.elements[place]) }
    }
    gram.setProduct(of: jacobian, transposed: false, and: jacobian, transposed: true)
    let square = try gram.symmetricEigenvalues().last ?? 0
    var along = 0.0
    if let direction {
      for unit in 0..<width {
        var sum = 0.0
        for (place, step) in direction.enumerated() { sum += jacobian[unit, place] * Double(step) }
        along += sum * sum
      }
    }
    return (max(square, 0).squareRoot(), along.squareRoot())
  }
}
