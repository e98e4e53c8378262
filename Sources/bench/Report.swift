import Foundation

func row(_ name: String, _ value: Double, _ unit: String, digits: Int = 0) {
  print(
    name.padding(toLength: 28, withPad: " ", startingAt: 0)
      + String(format: "%12.\(digits)f ", value) + unit)
}
