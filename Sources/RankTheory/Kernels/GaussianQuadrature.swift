import Glibc

/// Nodes zᵢ and weights wᵢ with Σ wᵢ f(zᵢ) ≈ E[f(z)], z ~ N(0, 1).
public struct GaussianQuadrature: Sendable {
  public let nodes: [Double]
  /// Positive; the normal density is in them.
  public let weights: [Double]
  /// The ends of the panels of a piecewise rule, ascending; empty for a rule over the whole line.
  public let panels: [Double]

  init(nodes: [Double], weights: [Double], panels: [Double] = []) {
    self.nodes = nodes
    self.weights = weights
    self.panels = panels
  }

  /// E[f(z)].
  public func expectation(of function: (Double) -> Double) -> Double {
    var sum = 0.0
    for index in nodes.indices { sum += weights[index] * function(nodes[index]) }
    return sum
  }

  /// The Gauss–Hermite rule, exact for polynomials of a degree below 2 · `count`.
  ///
  /// The nodes are the eigenvalues of the Jacobi matrix of the Hermite polynomials (Golub and Welsch 1969),
  /// found by counting the sign changes of a Sturm sequence and halving; the weights are Christoffel's
  /// 1 / Σ h_k(zᵢ)², which keeps the smallest ones relatively precise.
  /// For smooth functions only: at a kink the error falls no faster than 1 / `count`.
  /// Precondition: `1 <= count <= 200`.
  public static func hermite(count: Int) -> GaussianQuadrature {
    precondition((1...200).contains(count), "1 to 200 nodes")
    var nodes = [Double](repeating: 0, count: count)
    let bound = 2 * Double(count).squareRoot() + 1
    for index in 0..<(count / 2) {
      var low = 0.0
      var high = bound
      // The eigenvalue with `index` others above it.
      while true {
        let middle = 0.5 * (low + high)
        if middle <= low || middle >= high { break }
        if eigenvalues(ofSize: count, below: middle) >= count - index { high = middle } else { low = middle }
      }
      nodes[count - 1 - index] = 0.5 * (low + high)
      nodes[index] = -nodes[count - 1 - index]
    }
    let weights = nodes.map { node in
      var sum = 0.0
      HermitePolynomials.forEach(upTo: count - 1, at: node) { _, value in sum += value * value }
      return 1 / sum
    }
    return GaussianQuadrature(nodes: nodes, weights: weights)
  }

  /// How many eigenvalues of the Jacobi matrix (zero diagonal, √k beside it) are below x.
  private static func eigenvalues(ofSize size: Int, below x: Double) -> Int {
    var count = 0
    var pivot = 1.0
    for index in 0..<size {
      pivot = -x - (index == 0 ? 0 : Double(index) / pivot)
      if pivot == 0 { pivot = -Double.leastNormalMagnitude.squareRoot() }
      if pivot < 0 { count += 1 }
    }
    return count
  }
}

/// The Hermite polynomials h_k, orthonormal under the standard normal density.
enum HermitePolynomials {
  /// Calls `body(k, h_k(x))` for k = 0 … `degree`, by √(k+1) h_{k+1} = x h_k − √k h_{k−1}.
  @inline(__always)
  static func forEach(upTo degree: Int, at x: Double, _ body: (Int, Double) -> Void) {
    var previous = 0.0
    var current = 1.0
    var root = 0.0
    for k in 0...degree {
      body(k, current)
      let nextRoot = Double(k + 1).squareRoot()
      let next = (x * current - root * previous) / nextRoot
      previous = current
      current = next
      root = nextRoot
    }
  }
}
