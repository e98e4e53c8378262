import LinearAlgebra
import NeuralNetwork
import PlanarTasks

/// A network of hyperbolic tangents, that of the output included, on its way to tell the inside of a circle from its
/// outside: targets ±1, squared error, weights normal with variance 1/fan-in and biases 0 at first.
final class CircleCourse {
  /// As much of the square [−1, 1]² lies within as without.
  static let radius = (2 / Double.pi).squareRoot()
  /// Samples that are looked at in one go.
  static let capacity = 512

  let stretching: Stretching
  private let specification: CircleSpecification
  private let network: Network<Float>
  private let optimizer: SGD<Float>
  private let batch: Batch<Float>
  private let points: [SIMD2<Float>]
  private let trainingPoints: Int

  init(_ specification: CircleSpecification) {
    self.specification = specification
    let widths = [2] + specification.hiddenSizes + [1]
    let layers = zip(widths, widths.dropFirst()).enumerated().flatMap { index, sizes -> [any Layer<Float>] in
      let scale = 1 / Double(sizes.0).squareRoot()
      return [
        Linear(
          name: "linear_\(index + 1)", inputSize: sizes.0, outputSize: sizes.1,
          initialization: .normal(standardDeviation: scale)),
        ActivationKind.tanh.makeLayer(name: "act_\(index + 1)", size: sizes.1),
      ]
    }
    network = Network(layers: layers)
    let size = min(specification.batchSize, specification.points)
    network.reserve(batchSize: max(size, Self.capacity), retaining: .outputs)
    network.initialize(seed: specification.seed)
    optimizer = SGD(network, learningRate: Float(specification.learningRate))
    stretching = Stretching(network, isReLU: false, capacity: Self.capacity)
    batch = Batch(capacity: size, inputSize: 2, classes: 1, hasSoftTargets: true)
    var stream = RandomStream(seed: specification.seed, purpose: "circle points")
    points = (0..<specification.points).map { _ in
      SIMD2(Float(2 * stream.uniform() - 1), Float(2 * stream.uniform() - 1))
    }
    trainingPoints = specification.points * 9 / 10
  }

  /// The target of a point.
  static func side(of point: SIMD2<Float>) -> Float {
    Double((point * point).sum()) < radius * radius ? 1 : -1
  }

  /// Trains for an epoch, counted from 0.
  func train(epoch: Int) {
    var order = Array(0..<trainingPoints)
    var stream = RandomStream(seed: specification.seed, purpose: "circle order", index: UInt64(epoch))
    for last in stride(from: order.count - 1, to: 0, by: -1) {
      order.swapAt(last, Int(stream.integer(below: UInt32(last + 1))))
    }
    for start in stride(from: 0, to: order.count, by: batch.capacity) {
      let part = order[start..<min(start + batch.capacity, order.count)]
      batch.count = part.count
      for (row, index) in part.enumerated() {
        batch.inputs[row, 0] = points[index].x
        batch.inputs[row, 1] = points[index].y
        batch.targets?[row, 0] = Self.side(of: points[index])
      }
      network.forward(batch, in: StepContext(mode: .training, seed: specification.seed))
      _ = network.backward(from: .meanSquaredError)
      optimizer.step()
    }
  }

  /// The share of the points that were not learned from on whose right side the output's sign is.
  var testAccuracy: Double {
    var right = 0
    let test = points[trainingPoints...]
    for start in stride(from: test.startIndex, to: test.endIndex, by: Self.capacity) {
      let part = test[start..<min(start + Self.capacity, test.endIndex)]
      _ = stretching.represent(part)
      let outputs = self.outputs
      for (row, point) in part.enumerated() where outputs[row, 0] * Self.side(of: point) > 0 { right += 1 }
    }
    return Double(right) / Double(test.count)
  }

  /// Of the last points that were looked at.
  var outputs: Matrix<Float> { network.output(of: network.layers.count - 1) }
}
