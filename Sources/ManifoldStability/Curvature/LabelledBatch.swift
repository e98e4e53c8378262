import LinearAlgebra
import NeuralNetwork

/// Examples with their classes, over memory that the caller keeps.
public struct LabelledBatch {
  /// Samples × features.
  public let inputs: Matrix<Double>
  /// A class for each sample.
  public let labels: [Int32]

  /// Precondition: a label for each row of `inputs`, and at least one row.
  public init(inputs: Matrix<Double>, labels: [Int32]) {
    precondition(inputs.rows > 0 && inputs.rows == labels.count, "a label for each sample")
    self.inputs = inputs
    self.labels = labels
  }
}
