import Glibc

/// Numbers as an axis writes them: one form for all of its ticks, with a true minus sign.
enum TickLabels {
  /// Labels of multiples of a step of the size 10^`stepExponent`.
  static func make(_ values: [Double], stepExponent: Int) -> [String] {
    let largest = values.map(abs).max() ?? 0
    guard largest > 0 else { return values.map { _ in "0" } }
    let exponent = Int(floor(log10(largest) + 1e-12))
    if exponent >= 9 || exponent < -3 {
      return values.map { scientific($0, exponent: exponent, digits: max(0, exponent - stepExponent)) }
    }
    if exponent >= 6, stepExponent >= 4 {
      return values.map { suffixed($0, "M", exponent: 6, digits: max(0, 6 - stepExponent)) }
    }
    if exponent >= 4, stepExponent >= 2 {
      return values.map { suffixed($0, "k", exponent: 3, digits: max(0, 3 - stepExponent)) }
    }
    return values.map { fixed($0, digits: max(0, -stepExponent)) }
  }

  /// The label of a number that stands alone, with as few digits as tell it: 0.05, 20k, 3×10⁻⁵.
  static func alone(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return value == 0 ? "0" : "∞" }
    let exponent = Int(floor(log10(abs(value)) + 1e-12))
    // Three significant digits, then without trailing zeros.
    let step = exponent - 2
    let label = make([value], stepExponent: step)[0]
    return exponent >= 9 || exponent < -3 || exponent >= 4 ? label : trimmed(label)
  }

  static func powerOfTen(_ exponent: Int) -> String { "10" + superscript(exponent) }

  /// A whole number in raised digits, ⁻¹².
  private static func superscript(_ number: Int) -> String {
    let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    let raised = String(abs(number)).compactMap(\.wholeNumberValue).map { digits[$0] }
    return (number < 0 ? "⁻" : "") + String(raised)
  }

  /// `value` rounded to `digits` decimals.
  static func fixed(_ value: Double, digits: Int) -> String {
    let scaled = abs(value) * pow(10, Double(digits))
    guard scaled < 1e18 else { return sign(value) + "\(abs(value))" }
    let number = UInt64(scaled.rounded())
    var text = String(number)
    if digits > 0 {
      while text.count <= digits { text = "0" + text }
      text.insert(".", at: text.index(text.endIndex, offsetBy: -digits))
    }
    return (number == 0 ? "" : sign(value)) + text
  }

  private static func suffixed(_ value: Double, _ suffix: String, exponent: Int, digits: Int) -> String {
    value == 0 ? "0" : trimmed(fixed(value / pow(10, Double(exponent)), digits: digits)) + suffix
  }

  private static func scientific(_ value: Double, exponent: Int, digits: Int) -> String {
    guard value != 0 else { return "0" }
    let scaled = exponent >= 0 ? value / pow(10, Double(exponent)) : value * pow(10, Double(-exponent))
    let mantissa = trimmed(fixed(scaled, digits: digits))
    if mantissa == "1" { return powerOfTen(exponent) }
    if mantissa == "−1" { return "−" + powerOfTen(exponent) }
    return "\(mantissa)×\(powerOfTen(exponent))"
  }

  private static func trimmed(_ number: String) -> String {
    guard number.contains(".") else { return number }
    var text = Substring(number)
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return String(text)
  }

  private static func sign(_ value: Double) -> String { value < 0 ? "−" : "" }
}
