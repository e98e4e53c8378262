import Foundation

/// A number as a reader sees it: what to show of it, apart from how a medium sets it.
public struct Numeral: Hashable, Sendable {
  /// With a point and a hyphen for minus, such as `-0.0302` or `4.1`.
  let digits: String
  /// The power of ten that follows, if one does.
  let exponent: Int?
  /// Such as `%`.
  let unit: String

  private init(digits: String, exponent: Int? = nil, unit: String = "") {
    self.digits = digits
    self.exponent = exponent
    self.unit = unit
  }

  /// In powers of ten.
  private init(power value: Double, decimals: Int) {
    let parts = String(format: "%.\(decimals)e", value).split(separator: "e")
    self.init(digits: String(parts[0]), exponent: Int(parts[1]))
  }

  /// Three significant digits, in powers of ten where it is very small or very large; `not a number` for nil and
  /// what is none, `∞` for what is infinite.
  public init(_ value: Double?) {
    guard let value, value.isFinite else {
      self.init(digits: value.flatMap(Self.infinity) ?? "not a number")
      return
    }
    let size = abs(value)
    if size == 0 {
      self.init(digits: "0")
    } else if size < 9.995e-4 || size >= 99_999.5 {
      self.init(power: value, decimals: 1)
    } else {
      self.init(digits: String(format: "%.\(max(0, 2 - Int(log10(size).rounded(.down))))f", value))
    }
  }

  /// A number by an example: `0.00` for two decimals, `0` for none, `0.0 %` for a share in per cent, `1e0` for a power
  /// of ten.
  ///
  /// - Throws: ``ReportError`` for any other pattern.
  init(_ value: Double, like pattern: String) throws {
    guard value.isFinite else {
      self.init(value)
      return
    }
    if pattern == "1e0" {
      self.init(power: value, decimals: 0)
      return
    }
    let isShare = pattern.hasSuffix(" %")
    let number = isShare ? pattern.dropLast(2) : pattern[...]
    guard number == "0" || (number.hasPrefix("0.") && number.dropFirst(2).allSatisfy { $0 == "0" }) else {
      throw ReportError(
        "'\(pattern)' is no pattern of a number; there are 0, 0.0, 0.00, …, 0 %, 0.0 %, …, 1e0")
    }
    let text = String(format: "%.\(max(0, number.count - 2))f", isShare ? 100 * value : value)
    // A rounded number near zero must not read as "minus nothing".
    let isNothing = text.allSatisfy { "-0.".contains($0) }
    self.init(
      digits: isNothing && text.hasPrefix("-") ? String(text.dropFirst()) : text, unit: isShare ? "%" : "")
  }

  private static func infinity(_ value: Double) -> String? {
    value.isInfinite ? (value < 0 ? "-∞" : "∞") : nil
  }

  /// With a true minus sign: `−4.1·10⁻⁷`, `12 %`.
  public var text: String {
    let raised: [Character: Character] = [
      "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸",
      "9": "⁹",
    ]
    let power = exponent.map { "·10" + String("\($0)".map { raised[$0] ?? $0 }) } ?? ""
    return digits.replacingOccurrences(of: "-", with: "−") + power + (unit.isEmpty ? "" : "\u{00A0}" + unit)
  }

  /// For LaTeX, text mode.
  var latex: String {
    guard digits.contains(where: \.isNumber) else {
      return digits.contains("∞") ? "$\(digits.replacing("∞", with: "\\infty"))$" : digits
    }
    let power = exponent.map { " \\cdot 10^{\($0)}" } ?? ""
    return "$\(digits)\(power)$" + (unit.isEmpty ? "" : "\\,\\" + unit)
  }
}
