/// Rejects a whole number outside of a range, as `is 0; it must lie in 1…16`.
public func require(
  _ value: Int, in range: ClosedRange<Int>, _ path: String
) throws(SpecificationProblem) {
  guard range.contains(value) else {
    throw SpecificationProblem(
      path, "is \(value); it must lie in \(range.lowerBound)…\(range.upperBound)")
  }
}

/// Rejects a whole number below a bound, as `is 0; it must be 1 or more`.
public func require(
  _ value: Int, in range: PartialRangeFrom<Int>, _ path: String
) throws(SpecificationProblem) {
  guard range.contains(value) else {
    throw SpecificationProblem(
      path,
      "is \(value); it must \(range.lowerBound == 0 ? "not be negative" : "be \(range.lowerBound) or more")")
  }
}

// What is not a number lies in no range.

/// Rejects a number outside of a range, as `is 2.0; it must lie in [0, 1]`.
public func require(
  _ value: Double, in range: ClosedRange<Double>, _ path: String
) throws(SpecificationProblem) {
  guard range.contains(value) else {
    throw SpecificationProblem(
      path, "is \(value); it must lie in [\(short(range.lowerBound)), \(short(range.upperBound))]")
  }
}

/// Rejects a number outside of a range that is open above, as `is 1.0; it must lie in [0, 1)`.
public func require(
  _ value: Double, in range: Range<Double>, _ path: String
) throws(SpecificationProblem) {
  guard range.contains(value) else {
    throw SpecificationProblem(
      path, "is \(value); it must lie in [\(short(range.lowerBound)), \(short(range.upperBound)))")
  }
}

/// Rejects a number that is not in (0, `bound`], as `is 0.0; it must lie in (0, 1]`.
public func requirePositive(
  _ value: Double, upTo bound: Double, _ path: String
) throws(SpecificationProblem) {
  guard value > 0, value <= bound else {
    throw SpecificationProblem(path, "is \(value); it must lie in (0, \(short(bound))]")
  }
}

/// Rejects a number that is not positive and finite.
public func requirePositive(_ value: Double, _ path: String) throws(SpecificationProblem) {
  guard value > 0, value.isFinite else {
    throw SpecificationProblem(path, "is \(value); it must be positive")
  }
}

/// Rejects a number that is negative or not finite.
public func requireNotNegative(_ value: Double, _ path: String) throws(SpecificationProblem) {
  guard value >= 0, value.isFinite else {
    throw SpecificationProblem(path, "is \(value); it must not be negative")
  }
}

/// `1` rather than `1.0`.
private func short(_ bound: Double) -> String { Int(exactly: bound).map(String.init) ?? "\(bound)" }
