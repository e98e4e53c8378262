import Glibc

/// The smallest network that has clones to speak of: f(x) = v (tanh(w₁x) + tanh(w₂x)), with three parameters, so
/// that all of parameter space can be drawn. Its two units are clones where w₁ = w₂, which is a plane.
struct TwinNetwork {
  /// A point of parameter space, or a direction in it.
  struct Parameters: Hashable {
    var first: Double
    var second: Double
    var output: Double

    static func + (left: Self, right: Self) -> Self {
      Self(
        first: left.first + right.first, second: left.second + right.second,
        output: left.output + right.output)
    }

    static func * (factor: Double, direction: Self) -> Self {
      Self(
        first: factor * direction.first, second: factor * direction.second,
        output: factor * direction.output)
    }

    /// The component along the plane's unit normal, (1, −1, 0) / √2.
    var normalComponent: Double { (first - second) / 2.0.squareRoot() }
    /// |w₁ − w₂|: zero on the plane.
    var separation: Double { abs(first - second) }
  }

  /// Inputs and targets.
  private let examples: [(x: Double, y: Double)]

  /// Targets that the network can meet: those of v = 1, w₁ = `slopes[0]`, w₂ = `slopes[1]`. If the slopes differ,
  /// no point of the plane does.
  init(inputs: [Double], slopes: [Double]) {
    examples = inputs.map { x in (x, slopes.map { tanh($0 * x) }.reduce(0, +)) }
  }

  /// The mean squared error.
  func loss(_ point: Parameters) -> Double {
    examples.map { example in
      let residual =
        point.output * (tanh(point.first * example.x) + tanh(point.second * example.x)) - example.y
      return residual * residual
    }.reduce(0, +) / Double(examples.count)
  }

  /// ∇L.
  func gradient(_ point: Parameters) -> Parameters {
    var sum = Parameters(first: 0, second: 0, output: 0)
    for (x, y) in examples {
      let first = tanh(point.first * x)
      let second = tanh(point.second * x)
      let residual = point.output * (first + second) - y
      sum =
        sum
        + Parameters(
          first: residual * point.output * (1 - first * first) * x,
          second: residual * point.output * (1 - second * second) * x,
          output: residual * (first + second))
    }
    return (2 / Double(examples.count)) * sum
  }

  /// The point to which the flow along −∇L leads within `time`, by one step of the classical Runge–Kutta method.
  func flow(from point: Parameters, time: Double) -> Parameters {
    let a = gradient(point)
    let b = gradient(point + (-time / 2) * a)
    let c = gradient(point + (-time / 2) * b)
    let d = gradient(point + (-time) * c)
    return point + (-time / 6) * (a + 2 * b + 2 * c + d)
  }
}
