import LinearAlgebra

/// The mean over a batch of −log softmax(logits)[label].
public enum CrossEntropy<Scalar: Real> {
  /// Loss, hits and, on request, the gradient.
  ///
  /// - Parameters:
  ///   - logits: samples × classes.
  ///   - labels: a class for each sample, below the number of classes.
  ///   - gradient: where to write the gradient of the mean loss with respect to the logits (same shape).
  /// - Returns: the mean loss, and for how many samples the largest logit (the first of equals) is the label's.
  ///   Of no samples the loss is 0.
  public static func evaluate(
    logits: Matrix<Scalar>, labels: UnsafeBufferPointer<Int32>, gradient: Matrix<Scalar>?
  ) -> (loss: Double, correct: Int) {
    precondition(labels.count >= logits.rows, "a label for each sample")
    if let gradient {
      precondition(gradient.rows == logits.rows && gradient.columns == logits.columns, "equal shapes")
    }
    return CrossEntropyKernel.evaluate(logits: logits, labels: labels, gradient: gradient?.elements)
  }

  /// The same with a softmax over some of the classes only, those of the task at hand: the others' logits do not
  /// count and their gradients are 0.
  ///
  /// - Parameters:
  ///   - labels: a class for each sample, one of `classes`.
  ///   - classes: columns of the logits, each once, in any order.
  /// - Returns: the mean loss, for how many samples the largest logit among `classes` (the first of equals) is the
  ///   label's, and for how many the largest of all is.
  public static func evaluate(
    logits: Matrix<Scalar>, labels: UnsafeBufferPointer<Int32>, among classes: UnsafeBufferPointer<Int32>,
    gradient: Matrix<Scalar>?
  ) -> (loss: Double, correct: Int, correctOfAll: Int) {
    precondition(labels.count >= logits.rows, "a label for each sample")
    precondition(!classes.isEmpty, "at least one active class")
    if let gradient {
      precondition(gradient.rows == logits.rows && gradient.columns == logits.columns, "equal shapes")
    }
    return CrossEntropyKernel.evaluate(
      logits: logits, labels: labels, among: classes, gradient: gradient?.elements)
  }
}

private enum CrossEntropyKernel {
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func evaluate<Scalar: Real>(
    logits: Matrix<Scalar>, labels: UnsafeBufferPointer<Int32>, gradient: UnsafeMutablePointer<Scalar>?
  ) -> (loss: Double, correct: Int) {
    let classes = logits.columns
    let share = 1 / Scalar(max(logits.rows, 1))
    var loss = 0.0
    var correct = 0
    for row in 0..<logits.rows {
      let scores = logits.elements + row * classes
      let label = Int(labels[row])
      precondition(label < classes, "a label below the number of classes")
      var best = 0
      for index in 1..<max(classes, 1) where scores[index] > scores[best] { best = index }
      if best == label { correct += 1 }
      let largest = scores[best]
      var sum: Scalar = 0
      if let gradient {
        let out = gradient + row * classes
        for index in 0..<classes {
          let power = Scalar.exp(scores[index] - largest)
          out[index] = power
          sum += power
        }
        let factor = share / sum
        for index in 0..<classes { out[index] *= factor }
        out[label] -= share
      } else {
        for index in 0..<classes { sum += Scalar.exp(scores[index] - largest) }
      }
      loss += Double(Scalar.log(sum) - (scores[label] - largest))
    }
    return (loss / Double(max(logits.rows, 1)), correct)
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func evaluate<Scalar: Real>(
    logits: Matrix<Scalar>, labels: UnsafeBufferPointer<Int32>, among classes: UnsafeBufferPointer<Int32>,
    gradient: UnsafeMutablePointer<Scalar>?
  ) -> (loss: Double, correct: Int, correctOfAll: Int) {
    let width = logits.columns
    let share = 1 / Scalar(max(logits.rows, 1))
    if let gradient { gradient.update(repeating: 0, count: logits.count) }
    var loss = 0.0
    var correct = 0
    var correctOfAll = 0
    for row in 0..<logits.rows {
      let scores = logits.elements + row * width
      let label = Int(labels[row])
      var best = Int(classes[0])
      var isActive = false
      for index in 0..<classes.count {
        let candidate = Int(classes[index])
        precondition(candidate >= 0 && candidate < width, "active classes are columns of the logits")
        if scores[candidate] > scores[best] { best = candidate }
        if candidate == label { isActive = true }
      }
      precondition(isActive, "a label among the active classes")
      if best == label { correct += 1 }
      var bestOfAll = 0
      for index in 1..<max(width, 1) where scores[index] > scores[bestOfAll] { bestOfAll = index }
      if bestOfAll == label { correctOfAll += 1 }
      let largest = scores[best]
      var sum: Scalar = 0
      for index in 0..<classes.count { sum += Scalar.exp(scores[Int(classes[index])] - largest) }
      loss += Double(Scalar.log(sum) - (scores[label] - largest))
      guard let gradient else { continue }
      let out = gradient + row * width
      let factor = share / sum
      for index in 0..<classes.count {
        let column = Int(classes[index])
        out[column] = Scalar.exp(scores[column] - largest) * factor
      }
      out[label] -= share
    }
    return (loss / Double(max(logits.rows, 1)), correct, correctOfAll)
  }
}
