import Glibc

/// Ticks of a logarithmic axis: decades, every second or third decade over a long range, 1-2-5 within a short one.
enum LogarithmicTicks {
  static func make(_ range: AxisRange, maximumCount: Int, fits: ([Tick]) -> Bool) -> Ticks {
    let decades = integers(from: log10(range.lower), to: log10(range.upper))
    guard decades.count >= 2 else { return withinDecade(range, maximumCount: maximumCount, fits: fits) }
    var candidates: [[Tick]] = []
    for stride in 1...decades.count {
      let chosen = decades.filter { $0 % stride == 0 }
      guard chosen.count <= max(2, maximumCount), !chosen.isEmpty else { continue }
      candidates.append(zip(chosen, labels(ofDecades: chosen)).map { Tick(value: power($0), label: $1) })
    }
    let major = Ticks.choose(candidates, fits: fits)
    let numbered = Set(major.map(\.value))
    if decades.count > 8 {
      return Ticks(major: major, minor: decades.map(power).filter { !numbered.contains($0) })
    }
    return Ticks(
      major: major, minor: digits(2...9, in: range) + decades.map(power).filter { !numbered.contains($0) })
  }

  private static func withinDecade(
    _ range: AxisRange, maximumCount: Int, fits: ([Tick]) -> Bool
  ) -> Ticks {
    let values = ([1, 2, 5].flatMap { digits($0...$0, in: range) }).sorted()
    let minor = digits(1...9, in: range)
    if values.count >= 2, values.count <= maximumCount {
      let ticks = values.map { Tick(value: $0, label: TickLabels.alone($0)) }
      if fits(ticks) { return Ticks(major: ticks, minor: minor.filter { !values.contains($0) }) }
    }
    let linear = AxisRange(lower: range.lower, upper: range.upper, spacing: .linear)
    let candidates = Ticks.linearCandidates(linear, maximumCount: maximumCount).map { ticks in
      ticks.filter { $0.value > 0 }
    }
    return Ticks(major: Ticks.choose(candidates, fits: fits))
  }

  private static func digits(_ digits: ClosedRange<Int>, in range: AxisRange) -> [Double] {
    let first = Int(floor(log10(range.lower)))
    let last = Int(floor(log10(range.upper)))
    let (low, high) = (range.lower * (1 - 1e-12), range.upper * (1 + 1e-12))
    var values: [Double] = []
    for exponent in first...max(first, last) {
      values += digits.map { Double($0) * power(exponent) }.filter { $0 >= low && $0 <= high }
    }
    return values
  }

  private static func integers(from low: Double, to high: Double) -> [Int] {
    let (first, last) = (Int((low - 1e-9).rounded(.up)), Int((high + 1e-9).rounded(.down)))
    return first <= last ? Array(first...last) : []
  }

  private static func power(_ exponent: Int) -> Double {
    exponent >= 0 ? pow(10, Double(exponent)) : 1 / pow(10, Double(-exponent))
  }

  private static func labels(ofDecades decades: [Int]) -> [String] {
    if decades.allSatisfy({ (-2...3).contains($0) }) { return decades.map { TickLabels.alone(power($0)) } }
    return decades.map { TickLabels.powerOfTen($0) }
  }
}
