import LinearAlgebra

/// The mean over samples and active classes of (output − target)², as PyTorch's `MSELoss`.
public enum MeanSquaredError<Scalar: Real> {
  /// The loss and, on request, its gradient 2 (output − target) / (samples · active classes).
  ///
  /// - Parameters:
  ///   - outputs: samples × classes.
  ///   - target: what they should be; a class stands for the row that is 1 there and 0 elsewhere.
  ///   - classes: the active ones, columns of the outputs, each once, in any order; all if nil.
  ///   - gradient: where to write the gradient with respect to the outputs, of the same shape; 0 at inactive classes.
  public static func evaluate(
    outputs: Matrix<Scalar>, target: Target<Scalar>, among classes: UnsafeBufferPointer<Int32>? = nil,
    gradient: Matrix<Scalar>?
  ) -> Score {
    enforceShapes(outputs: outputs, target: target, classes: classes, gradient: gradient)
    return MeanSquaredErrorKernel.evaluate(
      outputs: outputs, target: target, among: classes, gradient: gradient?.elements)
  }
}

private enum MeanSquaredErrorKernel {
  // outputs, gradient: samples × classes, row-major; classes: the active columns, all of them if nil.
  // loss = Σ (output − target)² / (samples · active), gradient = 2 (output − target) / (samples · active).
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func evaluate<Scalar: Real>(
    outputs: Matrix<Scalar>, target: Target<Scalar>, among classes: UnsafeBufferPointer<Int32>?,
    gradient: UnsafeMutablePointer<Scalar>?
  ) -> Score {
    let width = outputs.columns
    let active = classes?.count ?? width
    let count = max(outputs.rows * active, 1)
    let factor = 2 / Scalar(count)
    if let gradient, classes != nil { gradient.update(repeating: 0, count: outputs.count) }
    var score = Score(loss: 0, correct: 0, correctOfAll: 0)
    for row in 0..<outputs.rows {
      let values = outputs.elements + row * width
      let right = target.rightClass(ofRow: row, width: width)
      var best = classes.map { Int($0[0]) } ?? 0
      for index in 0..<active {
        let column = classes.map { Int($0[index]) } ?? index
        let difference = values[column] - target.value(ofRow: row, column: column)
        score.loss += Double(difference) * Double(difference)
        if let gradient { gradient[row * width + column] = factor * difference }
        if values[column] > values[best] { best = column }
      }
      if best == right { score.correct += 1 }
      if values.largestPlace(count: width) == right { score.correctOfAll += 1 }
    }
    score.loss /= Double(count)
    return score
  }
}

extension Target {
  /// The class that sample `row` should be taken for.
  @inline(__always)
  func rightClass(ofRow row: Int, width: Int) -> Int {
    switch self {
    case .classes(let labels): Int(labels[row])
    case .probabilities(let values): (values.elements + row * width).largestPlace(count: width)
    }
  }

  /// The probability that `column` should have.
  @inline(__always)
  func value(ofRow row: Int, column: Int) -> Scalar {
    switch self {
    case .classes(let labels): Int(labels[row]) == column ? 1 : 0
    case .probabilities(let values): values[row, column]
    }
  }
}

extension UnsafeMutablePointer where Pointee: Real {
  /// The place of the largest of `count` scalars, of equals the first.
  @inline(__always)
  func largestPlace(count: Int) -> Int {
    var best = 0
    for index in 1..<max(count, 1) where self[index] > self[best] { best = index }
    return best
  }
}

/// Ends the program unless shapes agree and classes are columns of the outputs.
func enforceShapes<Scalar: Real>(
  outputs: Matrix<Scalar>, target: Target<Scalar>, classes: UnsafeBufferPointer<Int32>?,
  gradient: Matrix<Scalar>?
) {
  switch target {
  case .classes(let labels): enforce(labels.count >= outputs.rows, "a label for each sample")
  case .probabilities(let values):
    enforce(values.rows == outputs.rows && values.columns == outputs.columns, "equal shapes")
  }
  if let gradient {
    enforce(gradient.rows == outputs.rows && gradient.columns == outputs.columns, "equal shapes")
  }
  guard let classes else { return }
  enforce(!classes.isEmpty, "at least one active class")
  for label in classes { enforce(label >= 0 && label < outputs.columns, "active classes are columns") }
}
