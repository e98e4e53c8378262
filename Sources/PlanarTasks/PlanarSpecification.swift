import NeuralNetwork
import Specifications

/// A network that learns one planar task after the other.
public struct PlanarSpecification: Codable, Hashable, Sendable {
  /// Names all streams of the run.
  public var seed: UInt64
  /// How many tasks.
  public var tasks: Int
  /// Of a task, 2 if absent.
  public var classes: Int?
  public var trainingPoints: Int
  /// The share of training labels that are wrong; none if absent.
  public var flippedLabels: Double?
  public var testPoints: Int
  /// Of the hidden layers in front of the representation.
  public var hiddenSizes: [Int]
  /// The width of the representation, the last hidden layer.
  public var representation: Int
  /// `relu` or `tanh`.
  public var activation: ActivationKind
  public var optimizer: OptimizerSpecification
  public var batchSize: Int
  /// Of a task.
  public var epochs: Int
  /// Of a single task: read after every so many epochs instead of at its end.
  public var epochsBetweenReadings: Int?
  /// The numbers of tasks, from 1 and in their order, after each of which a picture is made of the plane and of the
  /// representation, instead of the curves.
  public var pictures: [Int]?

  /// Rejects what no run can have, naming the key.
  public func validate() throws(SpecificationProblem) {
    try require(tasks, in: 1...100_000, "tasks")
    if let classes { try require(classes, in: 2...64, "classes") }
    try require(trainingPoints, in: 4...1_000_000, "trainingPoints")
    try require(flippedLabels ?? 0, in: 0...0.5, "flippedLabels")
    try require(testPoints, in: 1...1_000_000, "testPoints")
    try require(representation, in: 1...4_096, "representation")
    guard activation == .relu || activation == .tanh else {
      throw SpecificationProblem("activation", "must be relu or tanh")
    }
    try model.validate()
    try optimizer.validate(for: model)
    try require(batchSize, in: 1...65_536, "batchSize")
    try require(epochs, in: 1...1_000_000, "epochs")
    if let epochsBetweenReadings {
      try require(epochsBetweenReadings, in: 1...epochs, "epochsBetweenReadings")
      guard tasks == 1 else {
        throw SpecificationProblem("epochsBetweenReadings", "needs a single task to be read in between")
      }
    }
    if let pictures {
      try requireCount(pictures.count, in: 1...20, "pictures")
      guard classesOrDefault == PlanarTask.usualClasses else {
        throw SpecificationProblem("pictures", "are of two classes, and here there are \(classesOrDefault)")
      }
      for number in pictures { try require(number, in: 1...tasks, "pictures") }
      guard zip(pictures, pictures.dropFirst()).allSatisfy(<) else {
        throw SpecificationProblem("pictures", "must be in ascending order, each task once")
      }
    }
    try requireMemory(
      saturatedProduct(
        2, shape.extent(of: Float.self, batchSize: max(batchSize, PlanarCourse.capacity)).bytes),
      "hiddenSizes")
    guard cost < 1e16 else {
      throw SpecificationProblem("tasks", "is \(tasks), which with these sizes is more than a week's work")
    }
  }

  var classesOrDefault: Int { classes ?? PlanarTask.usualClasses }

  /// The network, without input and classes.
  var model: AnyModel { AnyModel(MLP(hiddenSizes: hiddenSizes + [representation], activation: activation)) }

  var shape: MLPSpecification {
    MLPSpecification(
      inputSize: 2, hiddenSizes: hiddenSizes + [representation], classes: classesOrDefault,
      activation: activation)
  }

  /// Roughly how much work the run is, in floating-point operations.
  public var cost: Double {
    let tasks = pictures?.last ?? tasks
    let steps = Double(tasks) * Double(epochs) * Double(trainingPoints)
    return shape.trainingOperations * (steps + Double(tasks) * Double(testPoints))
  }
}
