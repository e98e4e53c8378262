import Foundation
import Tables

/// Computes the tables of the unconstrained features model.
enum FeatureTable {
  /// How often a model is looked at for each tenfold number of steps.
  private static let readingsOfADecade = 8

  /// The table of a specification, with the columns `curve`, `x` and `y`.
  ///
  /// For each dimension d, over the number of steps: `within-d`, log β, by how much the mean logarithmic distance of
  /// features of one class has changed, and `between-d`, log α, the same for features of different classes. Over d:
  /// `within` and `between`, both after the last step, and `limit`, what log β comes to if features of a class become
  /// equal in C − 1 directions of normal ones and stay as they are in all others.
  ///
  /// - Parameter report: told the share done; what it throws ends the computation.
  static func compute(
    _ specification: FeatureSpecification, report: (Double) throws -> Void
  ) throws -> Table {
    var rows: [[String]] = []
    func add(_ curve: String, _ x: Int, _ y: Double) {
      if y.isFinite { rows.append([curve, "\(x)", "\(y)"]) }
    }
    let readings = Set(self.readings(upTo: specification.steps))
    for (index, dimension) in specification.dimensions.enumerated() {
      var model = FeatureModel(
        classes: specification.classes, featuresPerClass: specification.featuresPerClass,
        dimension: dimension,
        seed: specification.seed)
      let start = model.meanLogarithmicDistances
      for step in 1...specification.steps {
        model.step(rate: specification.learningRate, decay: specification.decay ?? 0)
        guard readings.contains(step) else { continue }
        let now = model.meanLogarithmicDistances
        add("within-\(dimension)", step, now.within - start.within)
        add("between-\(dimension)", step, now.between - start.between)
        if step == specification.steps {
          add("within", dimension, now.within - start.within)
          add("between", dimension, now.between - start.between)
        }
        try report(
          (Double(index) + Double(step) / Double(specification.steps))
            / Double(specification.dimensions.count))
      }
      add("limit", dimension, limit(dimension: dimension, classes: specification.classes))
    }
    return Table(columns: ["curve", "x", "y"], rows: rows)
  }

  /// Steps at even distances in the logarithm, with the last one.
  static func readings(upTo last: Int) -> [Int] {
    var steps: [Int] = []
    for reading in 0... {
      let step = Int(pow(10, Double(reading) / Double(readingsOfADecade)).rounded())
      guard step < last else { break }
      if steps.last != step { steps.append(step) }
    }
    return steps + [last]
  }

  /// The difference of two normal features loses all but d − (C − 1) of its d components: the mean of the logarithm of a
  /// chi-distributed length with so many degrees of freedom less that with d. −∞ where nothing is left.
  static func limit(dimension: Int, classes: Int) -> Double {
    let left = dimension - (classes - 1)
    guard left > 0 else { return -.infinity }
    return (digamma(Double(left) / 2) - digamma(Double(dimension) / 2)) / 2
  }
}
