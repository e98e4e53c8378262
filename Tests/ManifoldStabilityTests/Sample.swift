import LinearAlgebra
import ManifoldStability
import NeuralNetwork

/// A small clone that has learned for a while, with random inputs and labels.
final class Sample {
  let network: Network<Double>
  let factor: Int
  let expansion: NetworkExpansion
  let batch: Batch<Double>

  /// A base of `hiddenSizes`, trained on the batch for `steps` steps and then cloned; without rectifiers, a chain
  /// of linear layers, if not `isRectified`.
  init(
    inputSize: Int = 6, hiddenSizes: [Int] = [3, 3], classes: Int = 3, factor: Int = 2,
    normalization: Normalization = .none, isRectified: Bool = true, rows: Int = 24,
    steps: Int = 20, learningRate: Double = 0.1, seed: UInt64 = 1
  ) throws {
    self.factor = factor
    batch = Batch(capacity: rows, inputSize: inputSize, classes: classes)
    var stream = RandomStream(seed: seed, purpose: "stability sample")
    Double.fillNormal(batch.inputs.buffer, from: &stream)
    for row in 0..<rows { batch.setLabel(Int32(stream.integer(below: UInt32(classes))), ofSample: row) }
    let specification = MLPSpecification(
      inputSize: inputSize, hiddenSizes: hiddenSizes, classes: classes, normalization: normalization)
    func makeNetwork(_ specification: MLPSpecification) -> Network<Double> {
      let network = specification.makeNetwork(of: Double.self)
      return isRectified ? network : Network(layers: network.layers.filter { !($0 is ReLU<Double>) })
    }
    let base = makeNetwork(specification)
    base.initialize(seed: seed)
    base.reserve(batchSize: rows)
    let optimizer = SGD(base, learningRate: learningRate)
    for _ in 0..<steps {
      base.forward(batch, in: StepContext(mode: .training))
      base.backward()
      optimizer.step()
    }
    network = makeNetwork(specification.cloned(by: factor))
    expansion = try base.expand(into: network)
  }

  func projection() -> ManifoldProjection { ManifoldProjection(of: network, expansion: expansion) }
}

/// Vectors and small matrices, kept as long as this lives.
final class Vectors {
  private var arenas: [Arena<Double>] = []

  func zeros(_ count: Int) -> Matrix<Double> { zeros(1, count) }

  func zeros(_ rows: Int, _ columns: Int) -> Matrix<Double> {
    let arena = Arena<Double>(capacity: Arena<Double>.footprint(rows: rows, columns: columns))
    arenas.append(arena)
    return arena.take(rows: rows, columns: columns)
  }

  func random(_ count: Int, seed: UInt64) -> Matrix<Double> {
    let vector = zeros(count)
    var stream = RandomStream(seed: seed, purpose: "test vector")
    Double.fillNormal(vector.buffer, from: &stream)
    return vector
  }

  func copy(_ vector: Matrix<Double>) -> Matrix<Double> {
    let copy = zeros(vector.rows, vector.columns)
    copy.copy(from: vector)
    return copy
  }

  /// The matrix of an operator on vectors of `count` entries, column by column.
  func dense(_ count: Int, _ apply: (Matrix<Double>, Matrix<Double>) -> Void) -> Matrix<Double> {
    let matrix = zeros(count, count)
    let unit = zeros(count)
    let result = zeros(count)
    for column in 0..<count {
      unit.fill(with: 0)
      unit.elements[column] = 1
      apply(unit, result)
      for row in 0..<count { matrix[row, column] = result.elements[row] }
    }
    return matrix
  }
}

func inner(_ first: Matrix<Double>, _ second: Matrix<Double>) -> Double {
  zip(first.buffer, second.buffer).reduce(0) { $0 + $1.0 * $1.1 }
}

func length(_ vector: Matrix<Double>) -> Double { inner(vector, vector).squareRoot() }

func largestDifference(_ first: Matrix<Double>, _ second: Matrix<Double>) -> Double {
  zip(first.buffer, second.buffer).reduce(0) { max($0, abs($1.0 - $1.1)) }
}

/// Without and with normalisation.
let normalizations = Normalization.allCases
