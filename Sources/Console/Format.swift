import Foundation

/// Numbers and durations as people read them.
public enum Format {
  /// `12,345`.
  public static func grouped(_ value: Int) -> String {
    let digits = Array(value.magnitude.description)
    var text = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }

  /// Three significant digits as a grouped number: `17,800`, `3.14`, `0.00123`. For rates.
  public static func rounded(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    guard value != 0 else { return "0" }
    let exponent = Int(log10(abs(value)).rounded(.down))
    guard exponent >= 2 else {
      return exponent < -4
        ? String(format: "%.2e", value) : String(format: "%.\(max(0, 2 - exponent))f", value)
    }
    guard exponent < 15 else { return String(format: "%.2e", value) }
    let unit = pow(10, Double(exponent - 2))
    return grouped(Int((value / unit).rounded() * unit))
  }

  /// `1.2 M`: thousands k, millions M, then G, T, P, with two or three digits.
  public static func short(_ value: Double) -> String {
    scaled(value, units: ["", "k", "M", "G", "T", "P", "E"])
  }

  /// `1.2 GB`, in powers of 1000.
  public static func bytes(_ count: Int) -> String {
    scaled(Double(count), units: ["B", "kB", "MB", "GB", "TB", "PB", "EB"])
  }

  private static func scaled(_ value: Double, units: [String]) -> String {
    guard value.isFinite else { return "\(value)" }
    var magnitude = abs(value)
    var index = 0
    // 999.5 would be written as 1000.
    while magnitude >= 999.5 && index < units.count - 1 {
      magnitude /= 1000
      index += 1
    }
    let isWhole = index == 0 && magnitude == magnitude.rounded()
    let digits = String(format: magnitude < 9.95 && !isWhole ? "%.1f" : "%.0f", magnitude)
    let sign = value < 0 ? "-" : ""
    return units[index].isEmpty ? sign + digits : "\(sign)\(digits) \(units[index])"
  }

  /// `0.42 s`, `42 s`, `3 min 05 s`, `2 h 07 min`, `3 d 04 h`.
  public static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e12 else { return "unknown" }
    if seconds < 0 { return "-" + duration(-seconds) }
    if seconds < 9.995 { return String(format: seconds < 0.9995 ? "%.2f s" : "%.1f s", seconds) }
    let whole = Int(seconds.rounded())
    switch whole {
    case ..<60: return "\(whole) s"
    case ..<3600: return String(format: "%d min %02d s", whole / 60, whole % 60)
    case ..<86400: return String(format: "%d h %02d min", whole / 3600, whole % 3600 / 60)
    default: return String(format: "%d d %02d h", whole / 86400, whole % 86400 / 3600)
    }
  }

  /// An estimate of seconds, no more exact than it can be: `5 s` at least, `40 s`, `14 min`, `2 h 10 min`, `3.0 d`.
  public static func roughly(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e12 else { return "unknown" }
    let minutes = Int((seconds / 60).rounded())
    switch seconds {
    case ..<5: return "5 s"
    case ..<57.5: return "\(Int((seconds / 5).rounded()) * 5) s"
    case ..<3570: return "\(max(1, minutes)) min"
    case ..<86400:
      let fives = (minutes + 2) / 5 * 5
      return fives % 60 == 0 ? "\(fives / 60) h" : String(format: "%d h %02d min", fives / 60, fives % 60)
    default: return String(format: "%.1f d", seconds / 86400)
    }
  }
}
