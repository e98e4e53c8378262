import Foundation

/// The activation functions that a learner can have, by the names of PyTorch's modules.
public enum HiddenActivation: String, Codable, CaseIterable, Sendable {
  case relu = "ReLU"
  case leakyReLU = "LeakyReLU"
  case tanh = "Tanh"
  case sigmoid = "Sigmoid"
  case elu = "ELU"
  case silu = "SiLU"
}

/// An activation function on sixteen units, a type each so that its code is compiled into the learner's loop.
protocol LaneActivation {
  /// Whether the derivative needs the potential; where the value tells it, the potential is not kept.
  static var needsPotential: Bool { get }
  static func value<Scalar: LaneScalar>(_ potential: Lanes<Scalar>) -> Lanes<Scalar>
  /// `error` times the derivative at a potential.
  static func gradient<Scalar: LaneScalar>(
    _ error: Lanes<Scalar>, value: Lanes<Scalar>, potential: Lanes<Scalar>
  ) -> Lanes<Scalar>
}

enum RectifiedLinear: LaneActivation {
  static var needsPotential: Bool { false }

  @inline(__always)
  static func value<Scalar: LaneScalar>(_ potential: Lanes<Scalar>) -> Lanes<Scalar> {
    Scalar.lanes(potential, wherePositive: potential)
  }

  @inline(__always)
  static func gradient<Scalar: LaneScalar>(
    _ error: Lanes<Scalar>, value: Lanes<Scalar>, potential: Lanes<Scalar>
  ) -> Lanes<Scalar> {
    Scalar.lanes(error, wherePositive: value)
  }
}

/// x, or x / 100 below zero.
enum LeakyRectifiedLinear: LaneActivation {
  static var needsPotential: Bool { false }

  @inline(__always)
  static func value<Scalar: LaneScalar>(_ potential: Lanes<Scalar>) -> Lanes<Scalar> {
    let positive = Scalar.lanes(potential, wherePositive: potential)
    return positive.addingProduct(potential - positive, 0.01)
  }

  @inline(__always)
  static func gradient<Scalar: LaneScalar>(
    _ error: Lanes<Scalar>, value: Lanes<Scalar>, potential: Lanes<Scalar>
  ) -> Lanes<Scalar> {
    let positive = Scalar.lanes(error, wherePositive: value)
    return positive.addingProduct(error - positive, 0.01)
  }
}

enum HyperbolicTangent: LaneActivation {
  static var needsPotential: Bool { false }

  @inline(__always)
  static func value<Scalar: LaneScalar>(_ potential: Lanes<Scalar>) -> Lanes<Scalar> {
    // 1 − 2 / (e²ˣ + 1)
    1 - 2 / (Scalar.exponential(potential + potential) + 1)
  }

  @inline(__always)
  static func gradient<Scalar: LaneScalar>(
    _ error: Lanes<Scalar>, value: Lanes<Scalar>, potential: Lanes<Scalar>
  ) -> Lanes<Scalar> {
    error * (1 - value * value)
  }
}

enum LogisticSigmoid: LaneActivation {
  static var needsPotential: Bool { false }

  @inline(__always)
  static func value<Scalar: LaneScalar>(_ potential: Lanes<Scalar>) -> Lanes<Scalar> {
    1 / (1 + Scalar.exponential(.zero - potential))
  }

  @inline(__always)
  static func gradient<Scalar: LaneScalar>(
    _ error: Lanes<Scalar>, value: Lanes<Scalar>, potential: Lanes<Scalar>
  ) -> Lanes<Scalar> {
    error * value * (1 - value)
  }
}

/// x, or eˣ − 1 below zero.
enum ExponentialLinear: LaneActivation {
  static var needsPotential: Bool { false }

  @inline(__always)
  static func value<Scalar: LaneScalar>(_ potential: Lanes<Scalar>) -> Lanes<Scalar> {
    let positive = Scalar.lanes(potential, wherePositive: potential)
    return positive + (Scalar.exponential(potential - positive) - 1)
  }

  @inline(__always)
  static func gradient<Scalar: LaneScalar>(
    _ error: Lanes<Scalar>, value: Lanes<Scalar>, potential: Lanes<Scalar>
  ) -> Lanes<Scalar> {
    let positive = Scalar.lanes(value, wherePositive: value)
    return error * (1 + (value - positive))
  }
}

/// x σ(x), the swish.
enum SigmoidLinear: LaneActivation {
  static var needsPotential: Bool { true }

  @inline(__always)
  static func value<Scalar: LaneScalar>(_ potential: Lanes<Scalar>) -> Lanes<Scalar> {
    potential / (1 + Scalar.exponential(.zero - potential))
  }

  @inline(__always)
  static func gradient<Scalar: LaneScalar>(
    _ error: Lanes<Scalar>, value: Lanes<Scalar>, potential: Lanes<Scalar>
  ) -> Lanes<Scalar> {
    let sigmoid = 1 / (1 + Scalar.exponential(.zero - potential))
    return error * (sigmoid + value * (1 - sigmoid))
  }
}

extension HiddenActivation {
  /// Overwrites potentials with their activations.
  func apply(to values: UnsafeMutableBufferPointer<Double>) {
    for index in values.indices {
      let x = values[index]
      values[index] =
        switch self {
        case .relu: max(x, 0)
        case .leakyReLU: x > 0 ? x : 0.01 * x
        case .tanh: Foundation.tanh(x)
        case .sigmoid: 1 / (1 + Foundation.exp(-x))
        case .elu: x > 0 ? x : exp(x) - 1
        case .silu: x / (1 + Foundation.exp(-x))
        }
    }
  }
}
