import LinearAlgebra

extension CollapsedLearner {
  /// Replaces units of low utility from now on; ages and averages begin at zero.
  ///
  /// - Parameter seed: names the stream of fresh weights.
  public func begin(_ settings: ReplacementSpecification, seed: UInt64) {
    replacement = Replacement(settings, width: width, seed: seed)
    for chunk in 0..<chunks {
      let vectors = state + chunk * stride
      vectors[Row.activation] = .zero
      vectors[Row.utility] = .zero
      vectors[Row.decayed] = .one
    }
    gatherMagnitudes()
  }

  /// How many units were replaced so far.
  public var replacements: Int { replacement?.count ?? 0 }

  /// Gathers what Σ|w_in| is made of: the flipping bits that are 0 in this task add a constant, the inputs that
  /// are 1 their weights and the drift.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func gatherMagnitudes() {
    for chunk in 0..<chunks {
      var sum = Lanes<Scalar>.zero
      for input in 0..<bits - randomBits where !isActive[input] {
        sum += Scalar.magnitudes(rows[input * chunks + chunk])
      }
      state[chunk * stride + Row.constantMagnitude] = sum
      for (index, row) in activeRows.dropLast().enumerated() {
        activeWeights[chunk * (bits - randomBits + 1) + index] = rows[row * chunks + chunk]
      }
    }
    // Lanes beyond the width have no weights at all; their utility need only be a number.
    for lane in width..<chunks * 16 {
      state[lane / 16 * stride + Row.constantMagnitude][lane % 16] = 1
    }
  }

  /// Replaces the eligible units of lowest utility, of equal ones the first.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func replaceUnits(_ count: Int, _ replacement: inout Replacement) {
    for _ in 0..<count {
      var chosen = (place: 0, unit: Int.max, utility: Scalar.infinity)
      for (place, unit) in replacement.eligible.enumerated() {
        let vectors = state + unit / 16 * stride
        let utility = vectors[Row.utility][unit % 16] / (1 - vectors[Row.decayed][unit % 16])
        if utility < chosen.utility || (utility == chosen.utility && unit < chosen.unit) {
          chosen = (place, unit, utility)
        }
      }
      guard chosen.unit < width else { return }
      replace(chosen.unit, replacement)
      replacement.replaceUnit(at: chosen.place)
    }
  }

  private func replace(_ unit: Int, _ replacement: Replacement) {
    let vectors = state + unit / 16 * stride
    let lane = unit % 16
    let mean = vectors[Row.activation][lane] / (1 - vectors[Row.decayed][lane])
    outputBias += vectors[Row.output][lane] * mean
    vectors[Row.output][lane] = 0
    vectors[Row.activation][lane] = 0
    vectors[Row.utility][lane] = 0
    vectors[Row.decayed][lane] = 1
    switch replacement.settings.variant {
    case .published:
      withUnsafeTemporaryAllocation(of: Double.self, capacity: bits + 1) { weights in
        replacement.fillFreshWeights(weights)
        refresh(unit, with: weights)
      }
    case .released: zeroBiases()
    }
  }

  /// Gives a unit new incoming weights, and no bias.
  private func refresh(_ unit: Int, with weights: UnsafeMutableBufferPointer<Double>) {
    let vectors = state + unit / 16 * stride
    let lane = unit % 16
    for (input, weight) in weights.enumerated() { self[input, unit] = Scalar(weight) }
    self[bits + 1, unit] = 0
    vectors[Row.drift][lane] = 0
    vectors[Row.base][lane] = activeRows.reduce(0) { $0 + self[$1, unit] }
    for bit in 0..<randomBits {
      vectors[Row.random + bit][lane] = Scalar(weights[bits - randomBits + bit])
    }
    for (index, row) in activeRows.dropLast().enumerated() {
      activeWeights[unit / 16 * (bits - randomBits + 1) + index][lane] = self[row, unit]
    }
    vectors[Row.constantMagnitude][lane] =
      (0..<bits - randomBits).reduce(0) { isActive[$1] ? $0 : $0 + abs(self[$1, unit]) }
  }

  /// Sets the biases of all units to zero. They are their row plus the drift that it has not got yet.
  private func zeroBiases() {
    for chunk in 0..<chunks {
      let vectors = state + chunk * stride
      vectors[Row.base] -= rows[(bits + 1) * chunks + chunk] + vectors[Row.drift]
      rows[(bits + 1) * chunks + chunk] = -vectors[Row.drift]
    }
  }
}
