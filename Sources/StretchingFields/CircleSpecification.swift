import NeuralNetwork
import PlanarTasks
import Specifications

/// A network that learns whether a point of the square lies within a circle: the task on which Storm et al. (PRL 132,
/// 057301, 2024) show how stretchings form ridges along the border between classes.
public struct CircleSpecification: Codable, Hashable, Sendable {
  /// Names all streams of the run.
  public var seed: UInt64
  /// Uniform in the square [−1, 1]², nine tenths of them to learn from.
  public var points: Int
  /// Of the hidden layers.
  public var hiddenSizes: [Int]
  /// Of gradient descent.
  public var learningRate: Double
  public var batchSize: Int
  public var epochs: Int
  /// Whether to make a picture of the plane instead of the curves.
  public var picture: Bool?

  /// Rejects what no run can have, naming the key.
  public func validate() throws(SpecificationProblem) {
    try require(points, in: 10...10_000_000, "points")
    try shape.model.validate()
    try require(learningRate, in: 1e-12...1e6, "learningRate")
    try require(batchSize, in: 1...65_536, "batchSize")
    try require(epochs, in: 1...1_000_000, "epochs")
    try requireMemory(
      saturatedProduct(
        2, shape.extent(of: Float.self, batchSize: max(batchSize, CircleCourse.capacity)).bytes),
      "hiddenSizes")
    guard cost < 1e16 else {
      throw SpecificationProblem("epochs", "is \(epochs), which with these sizes is more than a week's work")
    }
  }

  /// Of hyperbolic tangents; the network has one more, behind its output.
  var shape: MLPSpecification {
    MLPSpecification(inputSize: 2, hiddenSizes: hiddenSizes, classes: 1, activation: .tanh)
  }

  /// Roughly how much work the run is, in floating-point operations.
  public var cost: Double {
    shape.trainingOperations * Double(points) * (Double(epochs) + 1)
  }
}
