import LinearAlgebra

/// The constants of one step of ``Adam``.
struct AdamConstants<Scalar: Real> {
  /// Learning rate ÷ (1 − β₁ᵗ).
  var rate: Scalar
  /// 1 ÷ √(1 − β₂ᵗ).
  let rootFactor: Scalar
  var epsilon: Scalar
  /// 1 − β₁, β₂ and 1 − β₂.
  let firstShare: Scalar
  let secondDecay: Scalar
  let secondShare: Scalar
  let weightDecay: Scalar
}

/// The loops of optimisers.
///
/// Whole vectors of sixteen first, then what is left one by one: the whole parameter memory is padded to cache
/// lines, a single tensor is not.
enum OptimizerKernels {
  /// `base` to the power of `exponent`, with 0⁰ = 1, by repeated squaring.
  static func power(_ base: Double, _ exponent: UInt64) -> Double {
    var result = 1.0
    var factor = base
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result *= factor }
      factor *= factor
      rest >>= 1
    }
    return result
  }

  /// Σ gᵢ².
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func sumOfSquares<Scalar: Real>(_ g: UnsafeMutablePointer<Scalar>, count: Int) -> Double {
    // g: count scalars.
    // Σ g[i]²
    var total = 0.0
    var index = 0
    // Blocks of 4,096 in working precision, their sum in double precision.
    while index < count {
      let end = min(index + 4096, count)
      var even = SIMD16<Scalar>(repeating: 0)
      var odd = SIMD16<Scalar>(repeating: 0)
      while index + 32 <= end {
        let first = g.vector(at: index)
        let second = g.vector(at: index + 16)
        even = even.addingProduct(first, first)
        odd = odd.addingProduct(second, second)
        index += 32
      }
      even += odd
      for lane in 0..<16 { total += Double(even[lane]) }
      while index < end {
        total += Double(g[index]) * Double(g[index])
        index += 1
      }
    }
    return total
  }

  /// w ← w − rate · (g + weightDecay · w).
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func descend<Scalar: Real>(
    _ w: UnsafeMutablePointer<Scalar>, along g: UnsafeMutablePointer<Scalar>, count: Int, rate: Scalar,
    weightDecay: Scalar
  ) {
    // weights w, gradients g: count scalars; w changes in place.
    // w[i] −= rate · (g[i] + weightDecay · w[i])
    var index = 0
    while index + 16 <= count {
      let value = w.vector(at: index)
      let gradient = g.vector(at: index).addingProduct(value, SIMD16(repeating: weightDecay))
      w.store(value - gradient * rate, at: index)
      index += 16
    }
    while index < count {
      w[index] -= rate * (g[index] + weightDecay * w[index])
      index += 1
    }
  }

  /// g ← g + weightDecay · w; v ← momentum · v + share · g; w ← w − rate · (v, or g + lookAhead · v).
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func descend<Scalar: Real>(
    _ w: UnsafeMutablePointer<Scalar>, along g: UnsafeMutablePointer<Scalar>,
    velocity v: UnsafeMutablePointer<Scalar>, count: Int, rate: Scalar, weightDecay: Scalar, momentum: Scalar,
    share: Scalar, lookAhead: Scalar?
  ) {
    // weights w, gradients g, velocity v: count scalars; w and v change in place (PyTorch's SGD; Nesterov with lookAhead).
    let gradientFactor: Scalar = lookAhead == nil ? 0 : 1
    let velocityFactor = lookAhead ?? 1
    var index = 0
    while index + 16 <= count {
      let value = w.vector(at: index)
      let gradient = g.vector(at: index).addingProduct(value, SIMD16(repeating: weightDecay))
      let velocity = v.vector(at: index) * momentum + gradient * share
      v.store(velocity, at: index)
      w.store(value - (gradient * gradientFactor + velocity * velocityFactor) * rate, at: index)
      index += 16
    }
    while index < count {
      let gradient = g[index] + weightDecay * w[index]
      v[index] = momentum * v[index] + share * gradient
      w[index] -= rate * (gradientFactor * gradient + velocityFactor * v[index])
      index += 1
    }
  }

  /// One step of Adam over `count` scalars.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func adam<Scalar: Real>(
    _ w: UnsafeMutablePointer<Scalar>, gradients g: UnsafeMutablePointer<Scalar>,
    firstMoment m: UnsafeMutablePointer<Scalar>, secondMoment v: UnsafeMutablePointer<Scalar>, count: Int,
    constants: AdamConstants<Scalar>
  ) {
    // weights w, gradients g, moments m and v: count scalars; w, m and v change in place (Kingma and Ba 2015).
    // m += (1 − β₁)(g − m), v = β₂ v + (1 − β₂) g², w −= rate · m / (√v · rootFactor + ε)
    let rate = constants.rate
    var index = 0
    while index + 16 <= count {
      let value = w.vector(at: index)
      let gradient = g.vector(at: index).addingProduct(value, SIMD16(repeating: constants.weightDecay))
      let old = m.vector(at: index)
      let first = old.addingProduct(gradient - old, SIMD16(repeating: constants.firstShare))
      let second = v.vector(at: index) * constants.secondDecay + gradient * gradient * constants.secondShare
      let denominator = second.squareRoot() * constants.rootFactor + constants.epsilon
      m.store(first, at: index)
      v.store(second, at: index)
      w.store(value - first * Scalar.reciprocal(denominator) * rate, at: index)
      index += 16
    }
    while index < count {
      let gradient = g[index] + constants.weightDecay * w[index]
      m[index] += (gradient - m[index]) * constants.firstShare
      v[index] = v[index] * constants.secondDecay + gradient * gradient * constants.secondShare
      w[index] -=
        rate * m[index] / (v[index].squareRoot() * constants.rootFactor + constants.epsilon)
      index += 1
    }
  }

  /// One step of RMSprop.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func rmsprop<Scalar: Real>(
    _ w: UnsafeMutablePointer<Scalar>, gradients g: UnsafeMutablePointer<Scalar>,
    squares v: UnsafeMutablePointer<Scalar>, count: Int, rate: Scalar, decay: Scalar, share: Scalar,
    epsilon: Scalar, weightDecay: Scalar
  ) {
    // weights w, gradients g, squares v: count scalars; w and v change in place (Tieleman and Hinton 2012).
    // v = decay · v + share · g², w −= rate · g / (√v + ε)
    var index = 0
    while index + 16 <= count {
      let value = w.vector(at: index)
      let gradient = g.vector(at: index).addingProduct(value, SIMD16(repeating: weightDecay))
      let square = v.vector(at: index) * decay + gradient * gradient * share
      v.store(square, at: index)
      w.store(value - gradient / (square.squareRoot() + epsilon) * rate, at: index)
      index += 16
    }
    while index < count {
      let gradient = g[index] + weightDecay * w[index]
      v[index] = v[index] * decay + gradient * gradient * share
      w[index] -= rate * gradient / (v[index].squareRoot() + epsilon)
      index += 1
    }
  }

  /// g ← g + factor · (w − other).
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func addDifference<Scalar: Real>(
    to g: UnsafeMutablePointer<Scalar>, of w: UnsafeMutablePointer<Scalar>,
    _ other: UnsafeMutablePointer<Scalar>, factor: Scalar, count: Int
  ) {
    // gradients g, w, other: count scalars; g changes in place.
    // g[i] += factor · (w[i] − other[i])
    var index = 0
    while index + 16 <= count {
      let difference = w.vector(at: index) - other.vector(at: index)
      g.store(g.vector(at: index).addingProduct(difference, SIMD16(repeating: factor)), at: index)
      index += 16
    }
    while index < count {
      g[index] += factor * (w[index] - other[index])
      index += 1
    }
  }

  /// Sets `count` scalars, `stride` apart, to 0.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func clear<Scalar: Real>(_ values: UnsafeMutablePointer<Scalar>, count: Int, stride: Int) {
    // values: count scalars, each stride after the one before.
    // values[i · stride] = 0
    for index in 0..<count { values[index * stride] = 0 }
  }
}
