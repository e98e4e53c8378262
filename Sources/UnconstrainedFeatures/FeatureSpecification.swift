import Specifications

/// A table of the unconstrained features model: one of the `tables` of a chapter's block.
public struct FeatureSpecification: Codable, Hashable, Sendable {
  /// Names the streams of the initial features.
  public var seed: UInt64
  /// 2 or more.
  public var classes: Int
  public var featuresPerClass: Int
  /// Of the representation; a model each.
  public var dimensions: [Int]
  /// Of gradient descent. Positive.
  public var learningRate: Double
  public var steps: Int
  /// λ, towards zero, of the features alone; none if absent.
  public var decay: Double?

  /// Rejects what no table can have, naming the key.
  public func validate() throws(SpecificationProblem) {
    try require(classes, in: 2...100, "classes")
    try require(featuresPerClass, in: 2...1_000, "featuresPerClass")
    try requireCount(dimensions.count, in: 1...100, "dimensions")
    for dimension in dimensions { try require(dimension, in: 1...4_096, "dimensions") }
    guard Set(dimensions).count == dimensions.count else {
      throw SpecificationProblem("dimensions", "has a number twice")
    }
    try requirePositive(learningRate, upTo: 100, "learningRate")
    try require(steps, in: 1...10_000_000, "steps")
    if let decay { try requireNotNegative(decay, "decay") }
    let numbers = saturatedProduct(dimensions.max() ?? 0, classes, featuresPerClass)
    try requireMemory(saturatedProduct(16, numbers), "featuresPerClass")
    guard cost < 1e15 else {
      throw SpecificationProblem("steps", "is \(steps), which with these sizes is more than a day's work")
    }
  }

  /// Roughly how much work the table is, in floating-point operations.
  public var cost: Double {
    let features = Double(classes) * Double(featuresPerClass)
    // Every pair is looked at in every reading.
    let pairs = features * features / 2 * Double(FeatureTable.readings(upTo: steps).count)
    return dimensions.map(Double.init).reduce(0, +)
      * (Double(steps) * features * 6 * Double(classes) + pairs * 3)
  }
}
