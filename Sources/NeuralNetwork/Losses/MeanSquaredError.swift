import LinearAlgebra

/// The mean over all entries of (output − target)².
public enum MeanSquaredError<Scalar: Real> {
  /// The loss and, on request, its gradient.
  ///
  /// - Parameters:
  ///   - outputs: samples × outputs.
  ///   - targets: what they should be, of the same shape.
  ///   - gradient: where to write the gradient with respect to the outputs, of the same shape.
  /// - Returns: the loss; of no entries it is 0.
  public static func evaluate(
    outputs: Matrix<Scalar>, targets: Matrix<Scalar>, gradient: Matrix<Scalar>?
  ) -> Double {
    precondition(outputs.rows == targets.rows && outputs.columns == targets.columns, "equal shapes")
    if let gradient {
      precondition(gradient.rows == outputs.rows && gradient.columns == outputs.columns, "equal shapes")
    }
    return MeanSquaredErrorKernel.evaluate(outputs: outputs, targets: targets, gradient: gradient?.elements)
  }
}

private enum MeanSquaredErrorKernel {
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func evaluate<Scalar: Real>(
    outputs: Matrix<Scalar>, targets: Matrix<Scalar>, gradient: UnsafeMutablePointer<Scalar>?
  ) -> Double {
    let count = max(outputs.count, 1)
    let factor = 2 / Scalar(count)
    var sum = 0.0
    for index in 0..<outputs.count {
      let difference = outputs.elements[index] - targets.elements[index]
      sum += Double(difference) * Double(difference)
      gradient?[index] = factor * difference
    }
    return sum / Double(count)
  }
}
