import LinearAlgebra

/// The mean over a batch of −log softmax(logits)[label].
public enum CrossEntropy<Scalar: Real> {
  /// Loss, hits and, on request, the gradient.
  ///
  /// - Parameters:
  ///   - logits: samples × classes.
  ///   - labels: a class for each sample, below the number of classes.
  ///   - gradient: where to write the gradient of the mean loss with respect to the logits (same shape).
  public static func evaluate(
    logits: Matrix<Scalar>, labels: UnsafeBufferPointer<Int32>, gradient: Matrix<Scalar>?
  ) -> Score {
    enforceShapes(outputs: logits, target: .classes(labels), classes: nil, gradient: gradient)
    return CrossEntropyKernel.evaluate(logits: logits, labels: labels, gradient: gradient?.elements)
  }

  /// The same with a softmax over some of the classes only, those of the task at hand: the others' logits do not
  /// count and their gradients are 0.
  ///
  /// - Parameters:
  ///   - labels: a class for each sample, one of `classes`.
  ///   - classes: columns of the logits, each once, in any order.
  public static func evaluate(
    logits: Matrix<Scalar>, labels: UnsafeBufferPointer<Int32>, among classes: UnsafeBufferPointer<Int32>,
    gradient: Matrix<Scalar>?
  ) -> Score {
    enforceShapes(outputs: logits, target: .classes(labels), classes: classes, gradient: gradient)
    return CrossEntropyKernel.evaluate(
      logits: logits, labels: labels, among: classes, gradient: gradient?.elements)
  }

  /// The same against probabilities: the mean over a batch of −Σ target · log softmax(logits), with the gradient
  /// (softmax(logits) − target) / samples.
  ///
  /// - Parameters:
  ///   - targets: samples × classes, rows of sum 1, zeros outside the active classes.
  ///   - classes: the active ones, as above; all if nil.
  public static func evaluate(
    logits: Matrix<Scalar>, targets: Matrix<Scalar>, among classes: UnsafeBufferPointer<Int32>? = nil,
    gradient: Matrix<Scalar>?
  ) -> Score {
    enforceShapes(outputs: logits, target: .probabilities(targets), classes: classes, gradient: gradient)
    return CrossEntropyKernel.evaluate(
      logits: logits, targets: targets, among: classes, gradient: gradient?.elements)
  }
}

private enum CrossEntropyKernel {
  // logits, gradient: samples × classes, row-major; labels: a class for each sample.
  // loss = mean of −log softmax(logits)[label], gradient = (softmax(logits) − 1 at the label) / samples.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func evaluate<Scalar: Real>(
    logits: Matrix<Scalar>, labels: UnsafeBufferPointer<Int32>, gradient: UnsafeMutablePointer<Scalar>?
  ) -> Score {
    let classes = logits.columns
    let share = 1 / Scalar(max(logits.rows, 1))
    var loss = 0.0
    var correct = 0
    for row in 0..<logits.rows {
      let scores = logits.elements + row * classes
      let label = Int(labels[row])
      enforce(label >= 0 && label < classes, "a label below the number of classes")
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
    return Score(loss: loss / Double(max(logits.rows, 1)), correct: correct, correctOfAll: correct)
  }

  // The same over the columns `classes` of the logits; the gradient is 0 in the others.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func evaluate<Scalar: Real>(
    logits: Matrix<Scalar>, labels: UnsafeBufferPointer<Int32>, among classes: UnsafeBufferPointer<Int32>,
    gradient: UnsafeMutablePointer<Scalar>?
  ) -> Score {
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
        if scores[candidate] > scores[best] { best = candidate }
        if candidate == label { isActive = true }
      }
      enforce(isActive, "a label among the active classes")
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
    return Score(loss: loss / Double(max(logits.rows, 1)), correct: correct, correctOfAll: correctOfAll)
  }

  // logits, targets, gradient: samples × classes, row-major; classes: the active columns, all of them if nil.
  // loss = mean of −Σ target · log softmax(logits), gradient = (softmax(logits) − target) / samples.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func evaluate<Scalar: Real>(
    logits: Matrix<Scalar>, targets: Matrix<Scalar>, among classes: UnsafeBufferPointer<Int32>?,
    gradient: UnsafeMutablePointer<Scalar>?
  ) -> Score {
    let width = logits.columns
    let active = classes?.count ?? width
    let share = 1 / Scalar(max(logits.rows, 1))
    if let gradient, classes != nil { gradient.update(repeating: 0, count: logits.count) }
    var score = Score(loss: 0, correct: 0, correctOfAll: 0)
    for row in 0..<logits.rows {
      let scores = logits.elements + row * width
      let target = targets.elements + row * width
      var best = classes.map { Int($0[0]) } ?? 0
      for index in 0..<active {
        let column = classes.map { Int($0[index]) } ?? index
        if scores[column] > scores[best] { best = column }
      }
      let right = target.largestPlace(count: width)
      if best == right { score.correct += 1 }
      if scores.largestPlace(count: width) == right { score.correctOfAll += 1 }
      let largest = scores[best]
      var sum: Scalar = 0
      for index in 0..<active { sum += Scalar.exp(scores[classes.map { Int($0[index]) } ?? index] - largest) }
      let logarithm = Scalar.log(sum)
      for index in 0..<active {
        let column = classes.map { Int($0[index]) } ?? index
        score.loss += Double(target[column] * (logarithm - (scores[column] - largest)))
        guard let gradient else { continue }
        gradient[row * width + column] = (Scalar.exp(scores[column] - largest) / sum - target[column]) * share
      }
    }
    score.loss /= Double(max(logits.rows, 1))
    return score
  }
}
