import Foundation
import LinearAlgebra
import NeuralNetwork

/// How a perceptron stretches small distances between points of the plane on their way to its representation, the
/// output of its last hidden layer: the Jacobian J of each point, exactly, by carrying the two directions of the plane
/// forward through weights and slopes.
package final class Stretching {
  /// Where less is left of a distance, nothing is: the representation is dead there.
  static let floor = 1e-12

  /// The logarithm of a stretching, −∞ below the floor.
  package static func logarithm(_ stretching: Double) -> Double {
    stretching < floor ? -.infinity : log(stretching)
  }

  /// Of some points.
  package struct Field {
    /// log Λ₁, the largest singular value's logarithm; −∞ where nothing is stretched.
    package var largest: [Double] = []
    /// log ‖J u‖ for the direction that was asked for; empty if none was.
    package var along: [Double] = []
    /// The share of points with Λ₁ below the floor.
    package var dead = 0.0
  }

  private let network: Network<Float>
  /// The layers of weights in front of the representation, and the number of the activation behind each.
  private let stages: [(weights: Linear<Float>, activation: Int)]
  private let isReLU: Bool
  private let memory: Arena<Float>
  private let batch: Batch<Float>
  /// For each stage, the images of the first direction for all points, then those of the second.
  private let tangents: [Matrix<Float>]

  /// The number of the layer that is the representation.
  var representation: Int { stages.last?.activation ?? 0 }
  /// The number of layers of weights up to it, ℓ.
  package var depth: Int { stages.count }

  /// - Parameters:
  ///   - network: a perceptron on the plane without normalisation or dropout, whose last layer of weights is the classifier, its memory reserved for `capacity` samples
  ///     with all outputs retained.
  ///   - isReLU: its activation: ReLU, or the hyperbolic tangent.
  package init(_ network: Network<Float>, isReLU: Bool, capacity: Int) {
    self.network = network
    self.isReLU = isReLU
    let weights = network.layers.enumerated().compactMap { index, layer in
      (layer as? Linear<Float>).map { (index, $0) }
    }
    stages = weights.dropLast().map { (weights: $0.1, activation: $0.0 + 1) }
    memory = Arena(
      capacity: stages.map { Arena<Float>.footprint(rows: 2 * capacity, columns: $0.weights.outputSize) }
        .reduce(0, +))
    var tangents: [Matrix<Float>] = []
    for stage in stages {
      tangents.append(memory.take(rows: 2 * capacity, columns: stage.weights.outputSize))
    }
    self.tangents = tangents
    batch = Batch(capacity: capacity, inputSize: 2, classes: weights.last?.1.outputSize ?? 1)
  }

  /// The representation of points: a row each, which holds until the network's next pass.
  package func represent(_ points: some Collection<SIMD2<Float>>) -> Matrix<Float> {
    batch.count = points.count
    for (row, point) in points.enumerated() {
      batch.inputs[row, 0] = point.x
      batch.inputs[row, 1] = point.y
    }
    network.forward(batch, in: StepContext(mode: .evaluation))
    return network.output(of: representation)
  }

  /// The stretchings at points.
  ///
  /// - Parameter directions: a direction of length 1 for each point, if they are asked for.
  package func field(at points: [SIMD2<Float>], directions: [SIMD2<Float>] = []) -> Field {
    var field = Field()
    let capacity = batch.capacity
    for start in stride(from: 0, to: points.count, by: capacity) {
      let part = points[start..<min(start + capacity, points.count)]
      _ = represent(part)
      let jacobian = carryForward(part.count)
      for row in 0..<part.count {
        let (first, second) = (jacobian.row(row), jacobian.row(part.count + row))
        let (a, b, c) = (dot(first, first), dot(first, second), dot(second, second))
        // The larger eigenvalue of the 2 × 2 matrix JᵀJ.
        let square = ((a + c) + ((a - c) * (a - c) + 4 * b * b).squareRoot()) / 2
        let largest = square.squareRoot()
        field.largest.append(Self.logarithm(largest))
        if largest < Self.floor { field.dead += 1 / Double(points.count) }
        guard !directions.isEmpty else { continue }
        let direction = directions[start + row]
        let (x, y) = (Double(direction.x), Double(direction.y))
        field.along.append(
          Self.logarithm(max(a * x * x + 2 * b * x * y + c * y * y, 0).squareRoot()))
      }
    }
    return field
  }

  /// The Jacobians of the points of the last pass: the images of the first direction, then those of the second.
  private func carryForward(_ count: Int) -> Matrix<Float> {
    var current: Matrix<Float>?
    for (stage, whole) in zip(stages, tangents) {
      let (weight, next) = (stage.weights.weight.value, whole.prefix(rows: 2 * count))
      if let current {
        next.setProduct(of: current, transposed: false, and: weight, transposed: true)
      } else {
        for row in 0..<2 * count {
          for unit in 0..<next.columns { next[row, unit] = weight[unit, row < count ? 0 : 1] }
        }
      }
      let outputs = network.output(of: stage.activation)
      for row in 0..<count {
        for unit in 0..<next.columns {
          let output = outputs[row, unit]
          let slope: Float = isReLU ? (output > 0 ? 1 : 0) : 1 - output * output
          next[row, unit] *= slope
          next[count + row, unit] *= slope
        }
      }
      current = next
    }
    guard let current else { fatalError("a perceptron has a hidden layer") }
    return current
  }

  private func dot(_ one: UnsafeBufferPointer<Float>, _ other: UnsafeBufferPointer<Float>) -> Double {
    var sum = 0.0
    for place in one.indices { sum += Double(one[place]) * Double(other[place]) }
    return sum
  }
}

extension Matrix where Scalar == Float {
  fileprivate func row(_ row: Int) -> UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(start: elements + row * columns, count: columns)
  }
}
