import LinearAlgebra
import NeuralNetwork
import PreparedImages
import Specifications

/// A network up to its representation, the output of its last hidden layer, and the Jacobian of that with respect to
/// the image.
///
/// The identity is sent back from the representation: what comes out are rows of the Jacobian, each for a copy of the
/// image. Where a layer before it is narrower, J is the product of two Jacobians that meet there, and only as many copies
/// go through the convolutions as that layer has units. Networks are looked at as they are used: running statistics, no
/// dropout.
final class RepresentationNetwork {
  /// Units of the representation, d.
  let width: Int
  /// Layers of weights in front of the representation, ℓ.
  let depth: Int

  private let whole: Network<Float>
  /// From the image to the narrowest place before a fully connected layer, or to the representation if that is narrower.
  private let trunk: JacobianNetwork
  /// From there to the representation.
  private let rest: JacobianNetwork?
  private let memory: Arena<Float>
  /// J₂ J₁ J₁ᵀ, of the Jacobians of trunk, J₁, and rest, J₂.
  private let product: Matrix<Float>
  /// J Jᵀ, where there is a rest.
  private let gram: Matrix<Float>
  /// J₁ J₁ᵀ: where there is no rest, J Jᵀ.
  private let trunkGram: Matrix<Float>

  /// - Precondition: a model of layers in a row, the first of which has no parameters.
  /// - Throws: `SpecificationProblem` if the images are too small for the model, or memory for it.
  init(_ model: AnyModel, dataSet: PreparedDataSet) throws {
    let input = InputShape(
      channels: dataSet.shape.channels, height: dataSet.shape.height, width: dataSet.shape.width)
    try model.validate(for: input)
    let description = model.network(for: input, classes: dataSet.classCount)
    whole = description.makeNetwork(of: Float.self)
    let width = whole.layers.last?.inputSize ?? 1
    self.width = width
    try requireMemory(
      saturatedProduct(2, description.extent(of: Float.self, batchSize: width).bytes), "model")
    depth = whole.layers.dropLast().filter { $0 is Linear<Float> || $0 is Convolution<Float> }.count
    let hidden = Array(description.makeLayers(of: Float.self).dropLast())
    let narrowest = hidden.indices.filter { hidden[$0] is Linear<Float> }
      .min { hidden[$0].inputSize < hidden[$1].inputSize }
    if let narrowest, narrowest > 0, hidden[narrowest].inputSize < width {
      let size = hidden[narrowest].inputSize
      trunk = JacobianNetwork(Array(hidden[..<narrowest]), outputs: size)
      rest = JacobianNetwork(Array(hidden[narrowest...]), outputs: width)
    } else {
      trunk = JacobianNetwork(hidden, outputs: width)
      rest = nil
    }
    memory = Arena(
      capacity: Arena<Float>.footprint(rows: width, columns: trunk.outputs)
        + Arena<Float>.footprint(rows: width, columns: width)
        + Arena<Float>.footprint(rows: trunk.outputs, columns: trunk.outputs))
    product = memory.take(rows: width, columns: trunk.outputs)
    gram = memory.take(rows: width, columns: width)
    trunkGram = memory.take(rows: trunk.outputs, columns: trunk.outputs)
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
    for (from, to) in zip(whole.layers.dropLast(), trunk.layers + (rest?.layers ?? [])) {
      for (source, target) in zip(from.parameters + from.buffers, to.parameters + to.buffers) {
        target.value.copy(from: source.value)
      }
    }
  }

  /// The representation of images, a row each, and the images as the first layer hands them on.
  ///
  /// - Parameter images: a row each, as many as there may be.
  func represent(_ images: Matrix<Float>) -> (features: [[Float]], arranged: [[Float]]) {
    var features: [[Float]] = []
    var arranged: [[Float]] = []
    for start in stride(from: 0, to: images.rows, by: trunk.outputs) {
      let rows = start..<min(start + trunk.outputs, images.rows)
      let between = trunk.forward(images.rows(rows))
      let output = rest?.forward(between) ?? between
      for row in 0..<rows.count {
        features.append((0..<width).map { output[row, $0] })
        arranged.append(trunk.arranged(row))
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
    let (features, first) = image.withUnsafeBufferPointer { trunk.jacobian(at: $0) }
    trunkGram.setProduct(of: first, transposed: false, and: first, transposed: true)
    var moved = direction.map { first.times($0.map(Double.init)) } ?? []
    if let rest {
      let (_, second) = features.withUnsafeBufferPointer { rest.jacobian(at: $0) }
      product.setProduct(of: second, transposed: false, and: trunkGram, transposed: false)
      gram.setProduct(of: product, transposed: false, and: second, transposed: true)
      if direction != nil { moved = second.times(moved) }
    }
    let largest = Self.largestEigenvalue(of: rest == nil ? trunkGram : gram)
    let square = moved.map { $0 * $0 }.reduce(0, +)
    return (largest.squareRoot(), square.squareRoot())
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

extension Matrix where Scalar == Float {
  /// The product with a vector.
  fileprivate func times(_ vector: [Double]) -> [Double] {
    (0..<rows).map { row in
      var sum = 0.0
      for (column, value) in vector.enumerated() { sum += Double(self[row, column]) * value }
      return sum
    }
  }
}
