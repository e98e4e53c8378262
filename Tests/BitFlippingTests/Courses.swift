@testable import BitFlipping

extension Course {
  /// Numbers of bits and how many of them are random, besides the paper's (20, 5).
  private static let inputs = [(8, 3), (12, 8), (6, 0), (20, 6)]

  private static func stream(_ bits: Int, _ randomBits: Int) -> StreamSpecification {
    StreamSpecification(bits: bits, flippingBits: bits - randomBits, period: 500)
  }

  /// Plain gradient descent with ReLU: as much of it as an unoptimised build does in a moment.
  static var plain: [Course] {
    var courses = (1...2).map { Course(width: 5, seed: $0) }
    courses += [1, 16, 17].map { Course(width: $0, seed: 4, examples: 4_000) }
    courses.append(Course(width: 100, seed: 5, examples: 1_500))
    for (bits, randomBits) in inputs {
      courses.append(Course(stream: stream(bits, randomBits), examples: 2_500))
    }
    return courses
  }

  /// Every activation function.
  static var activations: [Course] {
    HiddenActivation.allCases.flatMap { activation in
      [5, 17].map { Course(width: $0, activation: activation, seed: 6, examples: 1_200) }
    }
  }

  /// Continual backpropagation in both variants.
  static var continual: [Course] { ReplacementSpecification.Variant.allCases.flatMap(continual) }

  private static func continual(_ variant: ReplacementSpecification.Variant) -> [Course] {
    let settings = ReplacementSpecification(variant: variant, replacementRate: 1e-3)
    var courses = [
      Course(width: 1, continual: settings, examples: 2_500),
      Course(width: 5, continual: settings, examples: 5_000),
      Course(width: 17, continual: settings, seed: 3, examples: 1_500),
    ]
    let short = StreamSpecification(period: 100)
    courses.append(Course(stream: short, width: 100, continual: settings, seed: 4, examples: 400))
    for (bits, randomBits) in inputs {
      courses.append(Course(stream: stream(bits, randomBits), continual: settings, examples: 1_500))
    }
    courses += HiddenActivation.allCases.map {
      Course(width: 17, activation: $0, continual: settings, seed: 6, examples: 600)
    }
    // More units due than are of age; no averaging, so that all utilities are zero; long memory.
    for (rate, maturity, decay) in [(1, 100, 0.99), (0.3, 7, 0.9), (1e-2, 0, 0), (1e-2, 3, 0.999)] {
      let extreme = ReplacementSpecification(
        variant: variant, replacementRate: rate, maturity: maturity, decay: decay)
      courses.append(Course(width: 17, continual: extreme, seed: 7, examples: 800))
    }
    return courses
  }
}
