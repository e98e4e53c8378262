extension TheorySpecification {
  /// Checks activations and points, of the quantities that have them.
  func validateCommon() throws(Problem) {
    switch quantity {
    case .confinement, .mechanism:
      guard activations == nil else {
        throw Problem(key: "activations", message: "does not belong to \(quantity.rawValue)")
      }
    case .quarticGap, .rankGain, .modulation, .tradeOff:
      guard let activations else { throw Problem(key: "activations", message: "is missing") }
      guard !activations.isEmpty else { throw Problem(key: "activations", message: "is empty") }
      for name in activations {
        do { _ = try Activation.named(name) } catch {
          throw Problem(key: "activations", message: "has an unknown name: \(error)")
        }
      }
    }
    if quantity == .mechanism {
      guard points == nil else { throw Problem(key: "points", message: "does not belong to mechanism") }
      return
    }
    guard let points else { throw Problem(key: "points", message: "is missing") }
    let greatest = quantity == .confinement ? 50 : 10_001
    guard (2...greatest).contains(points) else {
      throw Problem(key: "points", message: "is \(points); it must lie in 2…\(greatest)")
    }
  }

  /// Checks what only confinement has.
  func validateConfinement() throws(Problem) {
    guard let inputs, !inputs.isEmpty, inputs.allSatisfy({ abs($0) <= 10 }) else {
      throw Problem(key: "inputs", message: "must be numbers in −10…10")
    }
    guard let slopes, slopes.count == 2, slopes[0] != slopes[1] else {
      throw Problem(key: "slopes", message: "must be two different numbers")
    }
    func isStart(_ pair: [Double]) -> Bool { pair.count == 2 && pair.allSatisfy { abs($0) <= 5 } }
    guard let starts, !starts.isEmpty, starts.allSatisfy(isStart) else {
      throw Problem(key: "starts", message: "must be pairs [w, v] of numbers in −5…5")
    }
    guard let leaver, isStart(leaver) else {
      throw Problem(key: "leaver", message: "must be a pair [w, v] of numbers in −5…5")
    }
    guard let perturbation, perturbation != 0, abs(perturbation) <= 1 else {
      throw Problem(key: "perturbation", message: "must be a number in −1…1 other than 0")
    }
    guard let duration, duration > 0, duration <= 1e5 else {
      throw Problem(key: "duration", message: "must lie in 0…100000, above 0")
    }
  }
}
