import Foundation

/// ψ(x) = d log Γ(x) / dx for positive x, within 1e-13 of its size: upwards by ψ(x + 1) = ψ(x) + 1/x to 10 and beyond, where
/// the asymptotic series (Abramowitz and Stegun 6.3.18) is taken to the sixth term.
func digamma(_ argument: Double) -> Double {
  var (x, sum) = (argument, 0.0)
  while x < 10 {
    sum -= 1 / x
    x += 1
  }
  let square = 1 / (x * x)
  let series =
    square
    * (1.0 / 12 - square
      * (1.0 / 120 - square
        * (1.0 / 252 - square * (1.0 / 240 - square * (1.0 / 132 - square * 691.0 / 32760)))))
  return sum + log(x) - 1 / (2 * x) - series
}
