import Foundation
import LinearAlgebra

/// Features without a network in front of them, and a linear classifier behind: the unconstrained features model
/// (Zhu et al., 2021), in which it can be seen what training does to a representation for no other reason than that it
/// is trained.
///
/// Every feature h_i, a point in as many dimensions as the representation has, moves by the gradient of its own
/// cross-entropy, ḣ_i = −Wᵀ(p_i − y_i), the classifier W by that of the mean, from zero. There is no bias. A feature moves
/// in the span of W alone, which has one dimension less than there are classes.
struct FeatureModel {
  let classes: Int
  let dimension: Int
  /// The class of each feature.
  let labels: [Int]
  /// A row for each feature, ``dimension`` numbers each.
  private(set) var features: [Double]
  /// A row for each class.
  private(set) var classifier: [Double]
  private var errors: [Double]

  /// Standard normal features over the root of the dimension, so that they have length 1 in the mean square, and a
  /// classifier of zeros.
  ///
  /// - Parameter seed: names the stream of the features, with the dimension.
  init(classes: Int, featuresPerClass: Int, dimension: Int, seed: UInt64) {
    self.classes = classes
    self.dimension = dimension
    labels = (0..<classes * featuresPerClass).map { $0 % classes }
    var drawn = [Double](repeating: 0, count: labels.count * dimension)
    var stream = RandomStream(seed: seed, purpose: "unconstrained features", index: UInt64(dimension))
    drawn.withUnsafeMutableBufferPointer { stream.fillNormal($0) }
    features = drawn.map { $0 / Double(dimension).squareRoot() }
    classifier = [Double](repeating: 0, count: classes * dimension)
    errors = [Double](repeating: 0, count: labels.count * classes)
  }

  /// One step of gradient descent of features and classifier at once.
  ///
  /// - Parameter decay: of the features, λ in ḣ = … − λh.
  mutating func step(rate: Double, decay: Double) {
    setErrors()
    let share = rate / Double(labels.count)
    let before = classifier
    for (index, _) in labels.enumerated() {
      let row = index * dimension
      for label in 0..<classes {
        let error = errors[index * classes + label]
        for place in 0..<dimension {
          classifier[label * dimension + place] -= share * error * features[row + place]
        }
      }
      // By the classifier before the step, as the features above are those before it.
      for place in 0..<dimension {
        var gradient = decay * features[row + place]
        for label in 0..<classes {
          gradient += errors[index * classes + label] * before[label * dimension + place]
        }
        features[row + place] -= rate * gradient
      }
    }
  }

  /// p − y for every feature.
  private mutating func setErrors() {
    for (index, own) in labels.enumerated() {
      var largest = -Double.infinity
      for label in 0..<classes {
        var sum = 0.0
        for place in 0..<dimension {
          sum += features[index * dimension + place] * classifier[label * dimension + place]
        }
        errors[index * classes + label] = sum
        largest = max(largest, sum)
      }
      var total = 0.0
      for label in 0..<classes {
        let power = exp(errors[index * classes + label] - largest)
        errors[index * classes + label] = power
        total += power
      }
      for label in 0..<classes {
        errors[index * classes + label] = errors[index * classes + label] / total - (label == own ? 1 : 0)
      }
    }
  }

  /// The mean logarithm of the distance between two features of the same class, and of different classes: up to a
  /// constant, the exponents of the secants from inputs that do not move. −∞ if two features have met.
  var meanLogarithmicDistances: (within: Double, between: Double) {
    var sums = (within: 0.0, between: 0.0)
    var counts = (within: 0.0, between: 0.0)
    for one in labels.indices {
      for other in 0..<one {
        var square = 0.0
        for place in 0..<dimension {
          let difference = features[one * dimension + place] - features[other * dimension + place]
          square += difference * difference
        }
        if labels[one] == labels[other] {
          sums.within += log(square) / 2
          counts.within += 1
        } else {
          sums.between += log(square) / 2
          counts.between += 1
        }
      }
    }
    return (sums.within / counts.within, sums.between / counts.between)
  }
}
