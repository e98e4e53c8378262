import Foundation

/// The seconds that `work` takes.
func stopwatch(_ work: () -> Void) -> Double {
  let clock = ContinuousClock()
  return clock.measure(work) / .seconds(1)
}

func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  guard !sorted.isEmpty else { return .nan }
  return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}
