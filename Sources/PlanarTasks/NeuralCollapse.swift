import LinearAlgebra

/// How far the representation of two classes has collapsed to its class means, and the classifier turned to them (Papyan,
/// Han and Donoho, 2020). The second of their four quantities says nothing of two classes, whose centred means are always
/// opposite.
package struct NeuralCollapse: Hashable {
  /// NC1: tr(Σ_W Σ_B⁺) / C, the spread within classes in units of that between them; infinite where means are equal.
  package let variability: Double
  /// NC3: ‖Wᵀ/‖W‖ − M/‖M‖‖ with the centred class means M; in [0, 2].
  package let misalignment: Double
  /// NC4: the share of points that the classifier takes for another class than that of the nearest mean.
  package let disagreement: Double

  /// - Parameters:
  ///   - representation: a row for each point.
  ///   - classifier: a row for each of the two classes.
  ///   - biases: of the two classes.
  package init(
    _ representation: Matrix<Float>, labels: [Int32], classifier: Matrix<Float>,
    biases: (Float, Float) = (0, 0)
  ) {
    let size = representation.columns
    var means = [[Double]](repeating: [Double](repeating: 0, count: size), count: PlanarTask.classes)
    var counts = [Double](repeating: 0, count: PlanarTask.classes)
    for (row, label) in labels.enumerated() {
      counts[Int(label)] += 1
      for unit in 0..<size { means[Int(label)][unit] += Double(representation[row, unit]) }
    }
    for label in means.indices { for unit in 0..<size { means[label][unit] /= max(counts[label], 1) } }
    // Half the difference of the means: one of the centred means, and all of Σ_B.
    let half = (0..<size).map { (means[0][$0] - means[1][$0]) / 2 }
    let length = half.map { $0 * $0 }.reduce(0, +)
    var within = 0.0
    for (row, label) in labels.enumerated() {
      var along = 0.0
      for unit in 0..<size {
        along += (Double(representation[row, unit]) - means[Int(label)][unit]) * half[unit]
      }
      within += along * along / Double(labels.count)
    }
    variability = within / (length * length) / Double(PlanarTask.classes)
    var square = 0.0
    for unit in 0..<size {
      for label in 0..<2 { square += Double(classifier[label, unit] * classifier[label, unit]) }
    }
    let (weights, centred) = (square.squareRoot(), (2 * length).squareRoot())
    var distance = 0.0
    for unit in 0..<size {
      for label in 0..<2 {
        let mean = (label == 0 ? 1 : -1) * half[unit] / centred
        let difference = Double(classifier[label, unit]) / weights - mean
        distance += difference * difference
      }
    }
    misalignment = distance.squareRoot()
    var others = 0
    for row in 0..<representation.rows {
      var margin = Double(biases.1) - Double(biases.0)
      // Positive if the second mean is nearer.
      var nearer = 0.0
      for unit in 0..<size {
        let value = Double(representation[row, unit])
        margin += value * (Double(classifier[1, unit]) - Double(classifier[0, unit]))
        nearer -= 2 * half[unit] * (value - (means[0][unit] + means[1][unit]) / 2)
      }
      if (margin > 0) != (nearer > 0) { others += 1 }
    }
    disagreement = Double(others) / Double(max(representation.rows, 1))
  }
}
