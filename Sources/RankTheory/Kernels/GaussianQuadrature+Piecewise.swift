import Activations

extension GaussianQuadrature {
  /// Beyond ± this the normal density is below 10⁻³¹: even a ReLU that is active from 9 on only keeps
  /// its variance to fifteen digits.
  static let reach = 12.0

  /// Gauss–Legendre panels of 16 nodes under the normal density, made for one activation: no kink is inside
  /// a panel, and the panels are halved until E[φ], E[φ²], E[zφ] and E[φ′²] are settled to 10⁻¹³ of
  /// E[|φ|], E[φ²], E[|zφ|] and E[φ′²].
  public static func piecewise(for activation: ScalarActivation) -> GaussianQuadrature {
    var edges = stride(from: -reach, through: reach, by: 4).map { $0 }
    edges += activation.landmarks
    if case .within(let range) = activation.structure { edges += [range.lowerBound, range.upperBound] }
    edges = edges.filter { abs($0) <= reach }.sorted()
    let moments = { (z: Double) -> SIMD4<Double> in
      let value = activation.value(z)
      let derivative = activation.derivative(z)
      return Normal.density(z) * SIMD4(value, value * value, z * value, derivative * derivative)
    }
    var scale = SIMD4<Double>()
    for (low, high) in zip(edges, edges.dropFirst()) {
      scale += GaussLegendre.integral(from: low, to: high) { z in
        let moment = moments(z)
        return SIMD4(abs(moment.x), abs(moment.y), abs(moment.z), abs(moment.w))
      }
    }
    let panels = GaussLegendre.resolve(edges: edges, tolerance: 1e-13 * scale, of: moments).panels
    return GaussianQuadrature(panels: panels)
  }

  /// Panels between these ends, ascending.
  init(panels: [Double]) {
    let (abscissas, factors) = GaussLegendre.rule
    var nodes: [Double] = []
    var weights: [Double] = []
    nodes.reserveCapacity(panels.count * GaussLegendre.count)
    weights.reserveCapacity(panels.count * GaussLegendre.count)
    for (low, high) in zip(panels, panels.dropFirst()) {
      let half = 0.5 * (high - low)
      for index in abscissas.indices {
        let node = 0.5 * (low + high) + half * abscissas[index]
        nodes.append(node)
        weights.append(half * factors[index] * Normal.density(node))
      }
    }
    self.init(nodes: nodes, weights: weights, panels: panels)
  }

  /// The same panels, the wide ones divided evenly so that none is wider than `maximumWidth`.
  func refined(maximumWidth: Double) -> GaussianQuadrature {
    var finer = Array(panels.prefix(1))
    for (low, high) in zip(panels, panels.dropFirst()) {
      let parts = max(1, Int(((high - low) / maximumWidth).rounded(.up)))
      for part in 1...parts { finer.append(low + (high - low) * Double(part) / Double(parts)) }
    }
    return GaussianQuadrature(panels: finer)
  }
}
