import NeuralNetwork
import Specifications
import Training

/// How the networks of a run through tasks stretch the images of a task, before they have learned it and after.
public struct ImageStretchingSpecification: Codable, Hashable, Sendable {
  /// The run's, which drew the tasks.
  public var seed: UInt64
  /// The network of the snapshots.
  public var model: AnyModel
  public var tasks: TaskSpecification
  public var options: ImageStretchingOptions

  public init(seed: UInt64, model: AnyModel, tasks: TaskSpecification, options: ImageStretchingOptions) {
    self.seed = seed
    self.model = model
    self.tasks = tasks
    self.options = options
  }

  /// The architectures whose Jacobians are taken: of layers in a row, the first of which only rearranges the image.
  static let architectures = ["cnn", "convnet"]

  /// Rejects what no look can have, naming the key.
  public func validate() throws(SpecificationProblem) {
    try model.validate()
    guard Self.architectures.contains(model.architecture) else {
      throw SpecificationProblem(
        "model.architecture",
        "is '\(model.architecture)'; Jacobians are taken of \(Self.architectures.joined(separator: " and ")) alone"
      )
    }
    try tasks.validate()
    guard tasks.start != .reinitialized, tasks.trained == nil else {
      throw SpecificationProblem(
        tasks.trained == nil ? "tasks.start" : "tasks.trained",
        "makes networks that meet no task after another, so that there is no look before one")
    }
    do { try options.validate() } catch { throw error.below("examine") }
  }
}

/// The `examine` object of a chapter's block.
public struct ImageStretchingOptions: Codable, Hashable, Sendable {
  /// Training images of each class, the first ones, that are paired, each with each, for secants.
  public var images: Int
  /// So many images of each class, and so many pairs within a class and between two, at which the Jacobian is
  /// computed.
  public var places: Int

  public init(images: Int, places: Int) {
    self.images = images
    self.places = places
  }

  /// Rejects values that no look can have, naming the key.
  public func validate() throws(SpecificationProblem) {
    try require(images, in: 2...512, "images")
    try require(places, in: 2...images, "places")
    guard places % 2 == 0 else {
      throw SpecificationProblem(
        "places", "is \(places); it must be even, since pairs within a class take two")
    }
  }
}
