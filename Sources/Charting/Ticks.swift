import Glibc

/// A numbered place on an axis.
struct Tick: Hashable, Sendable {
  var value: Double
  /// Pango markup.
  var label: String
}

/// The numbered places of an axis and the unnumbered ones between them.
struct Ticks: Hashable, Sendable {
  var major: [Tick]
  var minor: [Double] = []

  /// The finest ticks that number at most `maximumCount` and that `fits` accepts.
  ///
  /// - Parameter fits: whether the labels have room; asked from fine to coarse.
  init(for range: AxisRange, maximumCount: Int, fits: ([Tick]) -> Bool) {
    switch range.spacing {
    case .linear:
      self.init(
        major: Self.choose(Self.linearCandidates(range, maximumCount: maximumCount), fits: fits))
    case .logarithmic:
      self = LogarithmicTicks.make(range, maximumCount: maximumCount, fits: fits)
    }
  }

  init(major: [Tick], minor: [Double] = []) {
    self.major = major
    self.minor = minor
  }

  /// The first candidate with two ticks or more that fits, else the longest that fits.
  static func choose(_ candidates: [[Tick]], fits: ([Tick]) -> Bool) -> [Tick] {
    var spare: [Tick] = []
    for candidate in candidates where fits(candidate) {
      if candidate.count >= 2 { return candidate }
      if candidate.count > spare.count { spare = candidate }
    }
    if spare.isEmpty, let first = candidates.first?.first { spare = [first] }
    return spare
  }

  /// Multiples of 1, 2 and 5 times powers of ten, from fine to coarse.
  static func linearCandidates(_ range: AxisRange, maximumCount: Int) -> [[Tick]] {
    let width = range.upper - range.lower
    guard width > 0, width.isFinite else { return [] }
    var exponent = Int(floor(log10(width / Double(max(1, maximumCount))))) - 1
    var candidates: [[Tick]] = []
    let last = Int(floor(log10(max(width, abs(range.lower), abs(range.upper))))) + 1
    while exponent <= last {
      for multiple in [1, 2, 5] {
        let values = multiples(of: multiple, exponent: exponent, in: range)
        guard values.count <= max(2, maximumCount), !values.isEmpty else { continue }
        let labels = TickLabels.make(values, stepExponent: exponent)
        candidates.append(zip(values, labels).map { Tick(value: $0, label: $1) })
      }
      exponent += 1
    }
    return candidates
  }

  private static func multiples(of multiple: Int, exponent: Int, in range: AxisRange) -> [Double] {
    // Dividing by a power of ten, not multiplying with its inexact inverse, gives 0.3 for three tenths.
    func value(_ index: Double) -> Double {
      let digits = index * Double(multiple)
      return exponent >= 0 ? digits * pow(10, Double(exponent)) : digits / pow(10, Double(-exponent))
    }
    let step = value(1)
    let slack = 1e-9 * (range.upper - range.lower) / step
    let first = ((range.lower / step) - slack).rounded(.up)
    let last = ((range.upper / step) + slack).rounded(.down)
    guard step > 0, step.isFinite, first.isFinite, last.isFinite, last >= first, last - first < 1000 else {
      return []
    }
    return (0...Int(last - first)).map { value(first + Double($0)) + 0 }
  }
}
