import Activations
import Specifications

extension TheorySpecification {
  /// Checks activations and points, of the quantities that have them.
  func validateCommon() throws(SpecificationProblem) {
    switch quantity {
    case .confinement, .mechanism:
      guard activations == nil else {
        throw SpecificationProblem("activations", "does not belong to \(quantity.rawValue)")
      }
    case .quarticGap, .rankGain, .modulation, .tradeOff:
      guard let activations else { throw SpecificationProblem("activations", "is missing") }
      try requireCount(activations.count, in: 1...100, "activations")
      for name in activations {
        do { _ = try ScalarActivation.named(name) } catch {
          throw SpecificationProblem("activations", "has an unknown name: \(error)")
        }
      }
    }
    if quantity == .mechanism {
      guard points == nil else { throw SpecificationProblem("points", "does not belong to mechanism") }
      return
    }
    guard let points else { throw SpecificationProblem("points", "is missing") }
    let greatest =
      switch quantity {
      case .confinement: 50
      case .tradeOff: 401
      case .rankGain: 2_001
      case .quarticGap, .modulation, .mechanism: 10_001
      }
    try require(points, in: 2...greatest, "points")
  }

  /// Checks what only confinement has.
  func validateConfinement() throws(SpecificationProblem) {
    guard let inputs, !inputs.isEmpty, inputs.allSatisfy({ abs($0) <= 10 }) else {
      throw SpecificationProblem("inputs", "must be numbers in −10…10")
    }
    try requireCount(inputs.count, in: 1...1_000, "inputs")
    guard let slopes, slopes.count == 2, slopes[0] != slopes[1], slopes.allSatisfy({ abs($0) <= 100 }) else {
      throw SpecificationProblem("slopes", "must be two different numbers in −100…100")
    }
    func isStart(_ pair: [Double]) -> Bool { pair.count == 2 && pair.allSatisfy { abs($0) <= 5 } }
    guard let starts, !starts.isEmpty, starts.allSatisfy(isStart) else {
      throw SpecificationProblem("starts", "must be pairs [w, v] of numbers in −5…5")
    }
    try requireCount(starts.count, in: 1...100, "starts")
    guard let leaver, isStart(leaver) else {
      throw SpecificationProblem("leaver", "must be a pair [w, v] of numbers in −5…5")
    }
    guard let perturbation, perturbation != 0, abs(perturbation) <= 1 else {
      throw SpecificationProblem("perturbation", "must be a number in −1…1 other than 0")
    }
    guard let duration, duration > 0, duration <= 1e5 else {
      throw SpecificationProblem("duration", "must lie in 0…100000, above 0")
    }
  }
}
