import LinearAlgebra
import Specifications

/// What training makes small: the `loss` of a chapter's block, by its raw value.
public enum Loss: String, Hashable, Sendable, Codable, CaseIterable {
  /// ``CrossEntropy``, as in the paper.
  case crossEntropy
  /// ``MeanSquaredError`` between the network's outputs and the probabilities that they should be: 1 for a sample's
  /// class and 0 for the others, or soft targets.
  case meanSquaredError
  /// ``BrierScore``, squared errors of the softmax.
  case brierScore

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    guard let loss = Loss(rawValue: name) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: unknownName(name, known: Self.allCases.map(\.rawValue)))
    }
    self = loss
  }

  /// The loss of a network's outputs and, on request, its gradient.
  ///
  /// - Parameters:
  ///   - outputs: samples × classes.
  ///   - target: what the samples should be taken for.
  ///   - classes: the active ones, columns of the outputs, each once, in any order; all if nil. The others' outputs
  ///     do not count, and their gradients are 0.
  ///   - gradient: where to write the gradient with respect to the outputs, of the same shape.
  func evaluate<Scalar: Real>(
    outputs: Matrix<Scalar>, target: Target<Scalar>, among classes: UnsafeBufferPointer<Int32>?,
    gradient: Matrix<Scalar>?
  ) -> Score {
    switch (self, target) {
    case (.meanSquaredError, _):
      return MeanSquaredError.evaluate(outputs: outputs, target: target, among: classes, gradient: gradient)
    case (.brierScore, _):
      return BrierScore.evaluate(logits: outputs, target: target, among: classes, gradient: gradient)
    case (.crossEntropy, .probabilities(let targets)):
      return CrossEntropy.evaluate(logits: outputs, targets: targets, among: classes, gradient: gradient)
    case (.crossEntropy, .classes(let labels)):
      guard let classes else {
        return CrossEntropy.evaluate(logits: outputs, labels: labels, gradient: gradient)
      }
      return CrossEntropy.evaluate(logits: outputs, labels: labels, among: classes, gradient: gradient)
    }
  }
}

/// How well a network does on samples.
public struct Score: Hashable, Sendable {
  /// The mean over the samples; 0 of none.
  public var loss: Double
  /// For how many samples the largest output among the active classes (the first of equals) is the right one's.
  public var correct: Int
  /// The same with all classes to choose from.
  public var correctOfAll: Int

  public init(loss: Double, correct: Int, correctOfAll: Int) {
    self.loss = loss
    self.correct = correct
    self.correctOfAll = correctOfAll
  }
}

/// What samples should be taken for, over memory that the caller keeps.
public enum Target<Scalar: Real> {
  /// A class for each sample, one of the active ones.
  case classes(UnsafeBufferPointer<Int32>)
  /// A probability for each sample and class: samples × classes, rows of sum 1, zeros outside the active classes. The
  /// most probable class (the first of equals) is the right one.
  case probabilities(Matrix<Scalar>)
}
