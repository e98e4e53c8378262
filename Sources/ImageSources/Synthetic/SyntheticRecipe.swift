import PreparedImages

/// All that determines a synthetic data set.
///
/// The classes are procedural: each has a typical shape, an oriented texture, two colours of its own and a
/// typical background, and every image varies position, scale, phase, lighting, colour, clutter and noise, so
/// that the classes overlap and have to be learned. Images are mirrored at random: classes do not change when
/// they are flipped.
public struct SyntheticRecipe: Hashable, Codable, Sendable {
  public var shape: ImageShape
  public var classCount: Int
  public var trainingCount: Int
  public var validationCount: Int
  public var seed: UInt64

  /// Raised whenever the same recipe begins to give other pixels.
  static let version = 1

  /// Precondition: 1 or 3 channels, 1 to 65,536 classes, counts not negative.
  public init(shape: ImageShape, classCount: Int, trainingCount: Int, validationCount: Int, seed: UInt64 = 1)
  {
    precondition([1, 3].contains(shape.channels) && shape.count > 0, "grey or colour images")
    precondition((1...65_536).contains(classCount) && trainingCount >= 0 && validationCount >= 0)
    self.shape = shape
    self.classCount = classCount
    self.trainingCount = trainingCount
    self.validationCount = validationCount
    self.seed = seed
  }

  /// A set of the same shape, classes and counts as an official one.
  public init(standingInFor description: DataSetDescription) {
    self.init(
      shape: description.shape, classCount: description.classCount,
      trainingCount: description.trainingCount, validationCount: description.validationCount)
  }

  /// One line that differs whenever the pixels may differ.
  var identity: String {
    "synthetic \(Self.version) shape \(shape.channels) \(shape.height) \(shape.width) classes \(classCount) "
      + "training \(trainingCount) validation \(validationCount) seed \(seed)\n"
  }

  var classNames: [String] { (0..<classCount).map { "synthetic class \($0)" } }
}
