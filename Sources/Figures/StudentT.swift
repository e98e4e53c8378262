import Foundation

/// Student's t distribution, for confidence bands over a few seeds.
public enum StudentT {
  /// Half the width of the 95 % confidence interval of the mean of two values or more.
  public static func halfWidth95(of values: [Double], mean: Double) -> Double {
    let count = Double(values.count)
    let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / (count - 1)
    return quantile95(degrees: values.count - 1) * (variance / count).squareRoot()
  }

  /// The two-sided 95 % quantile for `degrees` of freedom: 12.706 for 1, 2.776 for 4, towards 1.960.
  static func quantile95(degrees: Int) -> Double {
    precondition(degrees >= 1)
    // P(|T| > t) falls with t; bisect it.
    var low = 0.0
    var high = 20.0
    for _ in 0..<100 {
      let middle = (low + high) / 2
      if tail(middle, degrees: degrees) > 0.05 { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// P(|T| > t), by the finite series for whole degrees of freedom (Abramowitz and Stegun 26.7.3 and 26.7.4).
  static func tail(_ t: Double, degrees: Int) -> Double {
    let angle = atan(t / Double(degrees).squareRoot())
    let (sine, cosine) = (sin(angle), cos(angle))
    var sum = 0.0
    if degrees % 2 == 1 {
      if degrees > 1 {
        var term = cosine
        sum = term
        for k in stride(from: 3, through: degrees - 2, by: 2) {
          term *= cosine * cosine * Double(k - 1) / Double(k)
          sum += term
        }
      }
      return 1 - 2 / Double.pi * (angle + sine * sum)
    }
    var term = 1.0
    sum = term
    for k in stride(from: 2, through: degrees - 2, by: 2) {
      term *= cosine * cosine * Double(k - 1) / Double(k)
      sum += term
    }
    return 1 - sine * sum
  }
}
