import LinearAlgebra

/// The mean over samples of Σ (softmax(logits) − target)² over the active classes (Brier, 1950): a squared error of
/// probabilities, which stays bounded whatever the targets are.
public enum BrierScore<Scalar: Real> {
  /// The loss and, on request, its gradient 2 p (d − Σ p d) / samples with probabilities p and d = p − target.
  ///
  /// - Parameters:
  ///   - logits: samples × classes.
  ///   - target: what the probabilities should be; a class stands for the row that is 1 there and 0 elsewhere.
  ///   - classes: the active ones, columns of the logits, each once, in any order; all if nil.
  ///   - gradient: where to write the gradient with respect to the logits, of the same shape; 0 at inactive classes.
  public static func evaluate(
    logits: Matrix<Scalar>, target: Target<Scalar>, among classes: UnsafeBufferPointer<Int32>? = nil,
    gradient: Matrix<Scalar>?
  ) -> Score {
    enforceShapes(outputs: logits, target: target, classes: classes, gradient: gradient)
    return BrierScoreKernel.evaluate(
      logits: logits, target: target, among: classes, gradient: gradient?.elements)
  }
}

private enum BrierScoreKernel {
  // logits, gradient: samples × classes, row-major; classes: the active columns, all of them if nil.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func evaluate<Scalar: Real>(
    logits: Matrix<Scalar>, target: Target<Scalar>, among classes: UnsafeBufferPointer<Int32>?,
    gradient: UnsafeMutablePointer<Scalar>?
  ) -> Score {
    let width = logits.columns
    let active = classes?.count ?? width
    let share = 2 / Scalar(max(logits.rows, 1))
    if let gradient, classes != nil { gradient.update(repeating: 0, count: logits.count) }
    var score = Score(loss: 0, correct: 0, correctOfAll: 0)
    for row in 0..<logits.rows {
      let scores = logits.elements + row * width
      let right = target.rightClass(ofRow: row, width: width)
      var best = classes.map { Int($0[0]) } ?? 0
      for index in 0..<active {
        let column = classes.map { Int($0[index]) } ?? index
        if scores[column] > scores[best] { best = column }
      }
      if best == right { score.correct += 1 }
      if scores.largestPlace(count: width) == right { score.correctOfAll += 1 }
      let largest = scores[best]
      var sum: Scalar = 0
      for index in 0..<active { sum += Scalar.exp(scores[classes.map { Int($0[index]) } ?? index] - largest) }
      var mean: Scalar = 0
      for index in 0..<active {
        let column = classes.map { Int($0[index]) } ?? index
        let probability = Scalar.exp(scores[column] - largest) / sum
        let difference = probability - target.value(ofRow: row, column: column)
        score.loss += Double(difference) * Double(difference)
        mean += probability * difference
      }
      guard let gradient else { continue }
      for index in 0..<active {
        let column = classes.map { Int($0[index]) } ?? index
        let probability = Scalar.exp(scores[column] - largest) / sum
        let difference = probability - target.value(ofRow: row, column: column)
        gradient[row * width + column] = share * probability * (difference - mean)
      }
    }
    score.loss /= Double(max(logits.rows, 1))
    return score
  }
}
