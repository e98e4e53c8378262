/// The product of numbers that are not negative, or the largest number if it is larger: for bounds on memory and time
/// that are checked before anything is multiplied for good.
public func saturatedProduct(_ factors: Int...) -> Int {
  guard !factors.contains(0) else { return 0 }
  return factors.reduce(1) { product, factor in
    let (result, overflow) = product.multipliedReportingOverflow(by: factor)
    return overflow ? .max : result
  }
}

/// The sum of numbers that are not negative, or the largest number if it is larger.
public func saturatedSum(_ terms: some Sequence<Int>) -> Int {
  terms.reduce(0) { sum, term in
    let (result, overflow) = sum.addingReportingOverflow(term)
    return overflow ? .max : result
  }
}

/// Rejects a list that is empty or longer than anyone means, as `has 99 elements; there must be 1…64`.
public func requireCount(
  _ count: Int, in range: ClosedRange<Int>, _ path: String
) throws(SpecificationProblem) {
  guard range.contains(count) else {
    throw SpecificationProblem(
      path,
      (count == 0 ? "is empty" : "has \(count) elements")
        + "; there must be \(range.lowerBound)…\(range.upperBound)")
  }
}

/// Rejects a number that is not finite or further from 0 than `bound`.
public func requireMagnitude(
  _ value: Double, upTo bound: Double, _ path: String
) throws(SpecificationProblem) {
  guard abs(value) <= bound else {
    throw SpecificationProblem(path, "is \(value); it must lie in ±\(bound)")
  }
}
