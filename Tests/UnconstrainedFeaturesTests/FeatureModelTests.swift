import Foundation
import Testing

@testable import UnconstrainedFeatures

@Suite struct FeatureModelTests {
  private static func model(dimension: Int, classes: Int = 3) -> FeatureModel {
    var model = FeatureModel(classes: classes, featuresPerClass: 4, dimension: dimension, seed: 5)
    // Away from the classifier of zeros, where features stand still.
    for _ in 0..<10 { model.step(rate: 0.3, decay: 0) }
    return model
  }

  /// Cross-entropy of each feature.
  private static func losses(features: [Double], classifier: [Double], of model: FeatureModel) -> [Double] {
    model.labels.enumerated().map { index, own in
      let scores = (0..<model.classes).map { label in
        (0..<model.dimension).map {
          features[index * model.dimension + $0] * classifier[label * model.dimension + $0]
        }.reduce(0, +)
      }
      return log(scores.map(exp).reduce(0, +)) - scores[own]
    }
  }

  @Test func aStepIsAlongTheGradients() {
    let (rate, decay, small) = (0.01, 0.1, 1e-5)
    let model = Self.model(dimension: 5)
    var next = model
    next.step(rate: rate, decay: decay)
    func slope(
      _ change: (inout [Double], inout [Double], Double) -> Void, of value: ([Double]) -> Double
    ) -> Double {
      func at(_ distance: Double) -> Double {
        var (features, classifier) = (model.features, model.classifier)
        change(&features, &classifier, distance)
        return value(Self.losses(features: features, classifier: classifier, of: model))
      }
      return (at(small) - at(-small)) / (2 * small)
    }
    for place in model.features.indices {
      let gradient = slope(
        { features, _, distance in features[place] += distance }, of: { $0[place / 5] })
      let expected = model.features[place] - rate * (gradient + decay * model.features[place])
      #expect(abs(next.features[place] - expected) < 1e-10)
    }
    for place in model.classifier.indices {
      let gradient = slope(
        { _, classifier, distance in classifier[place] += distance },
        of: { $0.reduce(0, +) / Double($0.count) })
      #expect(abs(next.classifier[place] - (model.classifier[place] - rate * gradient)) < 1e-10)
    }
  }

  @Test func featuresHaveUnitLengthAndOneStreamEach() {
    let model = FeatureModel(classes: 2, featuresPerClass: 2_000, dimension: 16, seed: 1)
    let square = model.features.map { $0 * $0 }.reduce(0, +) / 4_000
    // Five standard deviations of the mean of 64,000 squares.
    #expect(abs(square - 1) < 5 * (2.0 / 64_000).squareRoot())
    let other = FeatureModel(classes: 2, featuresPerClass: 2_000, dimension: 16, seed: 2)
    #expect(model.features != other.features)
    #expect(model.classifier.allSatisfy { $0 == 0 })
  }

  /// Errors over the classes sum to zero, so that rows of the classifier do, and only C − 1 directions are moved in.
  @Test func theClassifierHasOneDimensionLessThanClasses() {
    let model = Self.model(dimension: 7)
    for place in 0..<7 {
      let sum = (0..<3).map { model.classifier[$0 * 7 + place] }.reduce(0, +)
      #expect(abs(sum) < 1e-12)
    }
  }

  @Test func narrowRepresentationsCollapseAndWideOnesOnlyStretch() {
    func rates(dimension: Int, decay: Double = 0) -> (within: Double, between: Double) {
      var model = FeatureModel(classes: 2, featuresPerClass: 10, dimension: dimension, seed: 3)
      let start = model.meanLogarithmicDistances
      for _ in 0..<2_000 { model.step(rate: 0.1, decay: decay) }
      let end = model.meanLogarithmicDistances
      return (end.within - start.within, end.between - start.between)
    }
    let (narrow, wide) = (rates(dimension: 1), rates(dimension: 64))
    #expect(narrow.within < -2 && narrow.between > 0.5)
    #expect(abs(wide.within) < 0.02 && wide.between > 0.5)
    // What does not learn shrinks under decay in any dimension.
    #expect(rates(dimension: 64, decay: 0.01).within < -1)
  }

  @Test func theDigammaFunctionHasItsKnownValues() {
    let euler = 0.577_215_664_901_532_9
    for (x, value) in [
      (1.0, -euler), (0.5, -euler - 2 * log(2)), (2, 1 - euler), (1.5, 2 - euler - 2 * log(2)),
      (100, 4.600161852738087),
    ] { #expect(abs(digamma(x) - value) < 1e-13 * max(1, abs(value)) * 5) }
  }
}
