import Foundation

func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  guard !sorted.isEmpty else { return .nan }
  return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}

func row(_ name: String, _ value: Double, _ unit: String, digits: Int = 0) {
  print(
    name.padding(toLength: 28, withPad: " ", startingAt: 0)
      + String(format: "%12.\(digits)f ", value) + unit)
}
