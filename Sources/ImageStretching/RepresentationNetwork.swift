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
  /// A row for each copy of an image.
  private let copies: Matrix<Float>
  private let identity: Matrix<Float>
  private let jacobian: Matrix<Float>
  /// J Jᵀ.
  private let gram: Matrix<Float>

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
      capacity: 2 * Arena<Float>.footprint(rows: width, columns: input.count)
        + 2 * Arena<Float>.footprint(rows: width, columns: width))
    copies = memory.take(rows: width, columns: input.count)
    jacobian = memory.take(rows: width, columns: input.count)
    identity = memory.take(rows: width, columns: width)
    gram = memory.take(rows: width, columns: width)
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
  func stretching(at image: [Float], along direction: [Float]? = nil) -> (largest: Double, along: Double) {
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
      jacobian.elements.update(from: gradient.elements, count: jacobian.count)
    }
    gram.setProduct(of: jacobian, transposed: false, and: jacobian, transposed: true)
    var along = 0.0
    if let direction {
      for unit in 0..<width {
        var sum = 0.0
        for (place, step) in direction.enumerated() { sum += Double(jacobian[unit, place] * step) }
        along += sum * sum
      }
    }
    return (Self.largestEigenvalue(of: gram).squareRoot(), along.squareRoot())
  }

  /// The largest eigenvalue of a symmetric matrix that has no negative ones, by power iteration: to about 10⁻⁶ of it, as
  /// exact as a matrix in single precision is. Not a number where the matrix is not finite.
  static func largestEigenvalue(of matrix: Matrix<Float>) -> Double {
    let size = matrix.columns
    // Starts with the longest row: it is not orthogonal to what it is looked for.
    let longest = (0..<size).max { matrix[$0, $0] < matrix[$1, $1] } ?? 0
    var vector = (0..<size).map { Double(matrix[longest, $0]) }
    var value = 0.0
    for _ in 0..<mostIterations {
      let length = vector.map { $0 * $0 }.reduce(0, +).squareRoot()
      guard length > 0 else { return 0 }
      for place in vector.indices { vector[place] /= length }
      let image = (0..<size).map { row in
        let elements = matrix.elements + row * size
        var sum = 0.0
        for place in 0..<size { sum += Double(elements[place]) * vector[place] }
        return sum
      }
      // The Rayleigh quotient: its error is the square of the vector's.
      let next = zip(vector, image).map { $0 * $1 }.reduce(0, +)
      let isThere = !(abs(next - value) > tolerance * next)
      (value, vector) = (next, image)
      if isThere { break }
    }
    return max(value, 0)
  }

  private static let mostIterations = 10_000
  private static let tolerance = 1e-9
}
