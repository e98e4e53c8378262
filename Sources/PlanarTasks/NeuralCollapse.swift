import LinearAlgebra

/// How far the representation of some classes has collapsed to its class means, these to a simplex, and the classifier
/// turned to them: the four quantities of Papyan, Han and Donoho (2020), all without a unit.
///
/// Σ_W is the covariance of points around the mean of their class, over all points; Σ_B that of the class means μ_c around
/// their mean μ_G; C the number of classes.
package struct NeuralCollapse: Hashable {
  /// NC1: tr(Σ_W Σ_B⁺) / C, the spread within classes in units of that between them; infinite where means are equal.
  package let variability: Double
  /// tr Σ_W / tr Σ_B, the same without regard to directions.
  package let spread: Double
  /// NC2: the standard deviation of ‖μ_c − μ_G‖ over classes, in units of their mean. Of two classes 0, always, as the
  /// other two of NC2 are.
  package let equinorm: Double
  /// NC2: the standard deviation of cos(μ_c − μ_G, μ_c′ − μ_G) over pairs of classes.
  package let equiangularity: Double
  /// NC2: the mean of |cos(μ_c − μ_G, μ_c′ − μ_G) + 1 / (C − 1)| over pairs, how far they are from a simplex.
  package let simplexAngles: Double
  /// NC3: ‖W/‖W‖ − M/‖M‖‖ with the centred class means M as rows; in [0, 2].
  package let misalignment: Double
  /// NC4: the share of points that the classifier takes for another class than that of the nearest mean.
  package let disagreement: Double

  /// - Parameters:
  ///   - representation: a row for each point.
  ///   - labels: the points' classes, of which each has a point.
  ///   - classifier: W, a row for each class.
  ///   - biases: of the classes; zero if there are none.
  package init(
    _ representation: Matrix<Float>, labels: [Int32], classifier: Matrix<Float>, biases: [Float] = []
  ) {
    let means = Self.means(representation, labels: labels, classes: classifier.rows)
    let centre = (0..<representation.columns).map { unit in
      means.map { $0[unit] }.reduce(0, +) / Double(means.count)
    }
    let centred = means.map { zip($0, centre).map { $0 - $1 } }
    let products = centred.map { one in centred.map { Self.product(one, $0) } }
    let squares = products.indices.map { products[$0][$0] }
    (variability, spread) = Self.variability(
      representation, labels: labels, means: means, centred: centred, products: products)
    (equinorm, equiangularity, simplexAngles) = Self.simplex(products)
    misalignment = Self.misalignment(classifier, centred, length: squares.reduce(0, +).squareRoot())
    disagreement = Self.disagreement(
      representation, means: means, classifier: classifier, biases: biases)
  }

  private static func means(
    _ representation: Matrix<Float>, labels: [Int32], classes: Int
  ) -> [[Double]] {
    let size = representation.columns
    var means = [[Double]](repeating: [Double](repeating: 0, count: size), count: classes)
    var counts = [Double](repeating: 0, count: classes)
    for (row, label) in labels.enumerated() {
      counts[Int(label)] += 1
      for unit in 0..<size { means[Int(label)][unit] += Double(representation[row, unit]) }
    }
    return zip(means, counts).map { sum, count in sum.map { $0 / max(count, 1) } }
  }

  /// NC1 and the ratio of traces. With M of C centred means as columns, Σ_B⁺ is C M (MᵀM)⁺² Mᵀ: nothing larger than C × C
  /// is decomposed.
  private static func variability(
    _ representation: Matrix<Float>, labels: [Int32], means: [[Double]], centred: [[Double]],
    products: [[Double]]
  ) -> (variability: Double, spread: Double) {
    let decomposition = SymmetricDecomposition(products)
    let largest = decomposition.values.max() ?? 0
    let kept = zip(decomposition.values, decomposition.vectors).filter { $0.0 > leastEigenvalue * largest }
    // Of each kept eigenvector the combination of means, over its eigenvalue.
    let directions = kept.map { value, vector in
      (0..<representation.columns).map { unit in
        zip(vector, centred).map { $0 * $1[unit] }.reduce(0, +) / value
      }
    }
    var (along, square) = (0.0, 0.0)
    for (row, label) in labels.enumerated() {
      let deviation = means[Int(label)].enumerated().map {
        Double(representation[row, $0.offset]) - $0.element
      }
      for direction in directions {
        let part = product(deviation, direction)
        along += part * part
      }
      square += product(deviation, deviation)
    }
    let count = Double(max(labels.count, 1))
    let between = products.indices.map { products[$0][$0] }.reduce(0, +) / Double(means.count)
    return (kept.isEmpty ? .infinity : along / count, square / count / between)
  }

  /// NC2, from the products of centred means with one another.
  private static func simplex(
    _ products: [[Double]]
  ) -> (equinorm: Double, equiangularity: Double, simplexAngles: Double) {
    let lengths = products.indices.map { products[$0][$0].squareRoot() }
    let classes = products.indices
    let cosines = classes.flatMap { one in
      classes.filter { $0 != one }.map { products[one][$0] / (lengths[one] * lengths[$0]) }
    }
    let ideal = -1 / Double(classes.count - 1)
    let (lengthMean, lengthDeviation) = spread(of: lengths)
    let distances = cosines.map { abs($0 - ideal) }
    return (lengthDeviation / lengthMean, spread(of: cosines).deviation, spread(of: distances).mean)
  }

  private static func spread(of values: [Double]) -> (mean: Double, deviation: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(values.count)
    return (mean, variance.squareRoot())
  }

  private static func misalignment(
    _ classifier: Matrix<Float>, _ centred: [[Double]], length: Double
  ) -> Double {
    var square = 0.0
    for weight in classifier.buffer { square += Double(weight) * Double(weight) }
    let weights = square.squareRoot()
    var distance = 0.0
    for (label, mean) in centred.enumerated() {
      for (unit, value) in mean.enumerated() {
        let difference = Double(classifier[label, unit]) / weights - value / length
        distance += difference * difference
      }
    }
    return distance.squareRoot()
  }

  private static func disagreement(
    _ representation: Matrix<Float>, means: [[Double]], classifier: Matrix<Float>, biases: [Float]
  ) -> Double {
    let squares = means.map { product($0, $0) }
    var others = 0
    for row in 0..<representation.rows {
      let point = (0..<representation.columns).map { Double(representation[row, $0]) }
      let outputs = means.indices.map { label in
        let start = Double(label < biases.count ? biases[label] : 0)
        return point.enumerated().reduce(start) { $0 + $1.element * Double(classifier[label, $1.offset]) }
      }
      // The nearest mean is the one that this is largest of; ‖h‖² is the same for all.
      let nearness = zip(means, squares).map { mean, square in product(point, mean) - square / 2 }
      if place(ofLargest: outputs) != place(ofLargest: nearness) { others += 1 }
    }
    return Double(others) / Double(max(representation.rows, 1))
  }

  /// Of equal ones the first.
  private static func place(ofLargest values: [Double]) -> Int {
    values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }
  }

  private static func product(_ one: [Double], _ other: [Double]) -> Double {
    zip(one, other).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// Of the largest eigenvalue of MᵀM: below lies what rounding leaves of zero.
  private static let leastEigenvalue = 1e-10
}
