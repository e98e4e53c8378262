import LinearAlgebra
import ManifoldStability
import NeuralNetwork
import Testing

@Suite("The Hessian operator")
struct HessianOperatorTests {
  /// For a linear layer with softmax, H = mean of (diag p − p pᵀ) ⊗ (x, 1)(x, 1)ᵀ.
  @Test("has the closed form of logistic regression")
  func logisticRegression() throws {
    let sample = try Sample(inputSize: 5, hiddenSizes: [], classes: 4, rows: 9)
    let network = sample.network
    let hessian = HessianOperator(of: network, batch: sample.batch)
    let vectors = Vectors()
    let dense = vectors.dense(hessian.count) { hessian.apply(to: $0, into: $1) }
    let logits = network.forward(sample.batch.inputs, in: StepContext(mode: .evaluation))
    let probabilities = (0..<9).map { row in
      let powers = (0..<4).map { Double.exp(logits[row, $0]) }
      return powers.map { $0 / powers.reduce(0, +) }
    }
    let bias = network.parameters[1].parameter.value.elements - network.values.elements
    /// The place of class c's weight from input i in the vector of parameters; input 5 is the bias.
    func place(_ c: Int, _ i: Int) -> Int { i < 5 ? c * 5 + i : bias + c }
    func input(_ row: Int, _ i: Int) -> Double { i < 5 ? sample.batch.inputs[row, i] : 1 }
    var largest = 0.0
    for (c, d) in (0..<4).flatMap({ c in (0..<4).map { (c, $0) } }) {
      for (i, j) in (0..<6).flatMap({ i in (0..<6).map { (i, $0) } }) {
        let expected = (0..<9).reduce(0.0) { sum, row in
          let p = probabilities[row]
          return sum + ((c == d ? p[c] : 0) - p[c] * p[d]) * input(row, i) * input(row, j) / 9
        }
        largest = max(largest, abs(expected))
        #expect(abs(dense[place(c, i), place(d, j)] - expected) < 2e-9)
      }
    }
    #expect(largest > 0.1)
  }

  @Test("is symmetric and linear", arguments: normalizations)
  func symmetry(normalization: Normalization) throws {
    let sample = try Sample(normalization: normalization)
    let hessian = HessianOperator(of: sample.network, batch: sample.batch)
    let vectors = Vectors()
    let dense = vectors.dense(hessian.count) { hessian.apply(to: $0, into: $1) }
    var scale = 0.0
    var asymmetry = 0.0
    for row in 0..<hessian.count {
      for column in 0..<row {
        scale = max(scale, abs(dense[row, column]))
        asymmetry = max(asymmetry, abs(dense[row, column] - dense[column, row]))
      }
    }
    #expect(asymmetry < 1e-7 * scale)
    let vector = vectors.random(hessian.count, seed: 3)
    clearPadding(of: vector, in: sample.network)
    let (product, expected) = (vectors.zeros(hessian.count), vectors.zeros(hessian.count, 1))
    hessian.apply(to: vector, into: product)
    expected.setProduct(
      of: dense, and: Matrix(elements: vector.elements, rows: hessian.count, columns: 1))
    #expect(largestDifference(product, expected) < 1e-7 * length(expected))
    #expect(hessian.productsAcrossKinks == 0)
  }

  @Test("maps normal to normal and tangent to tangent at a clone", arguments: normalizations, [2, 3])
  func invariance(normalization: Normalization, factor: Int) throws {
    let sample = try Sample(factor: factor, normalization: normalization)
    let projection = sample.projection()
    let hessian = HessianOperator(of: sample.network, batch: sample.batch)
    let vectors = Vectors()
    let product = vectors.zeros(hessian.count)
    for (space, other) in [
      (ManifoldProjection.Space.normal, ManifoldProjection.Space.tangent), (.tangent, .normal),
    ] {
      let vector = vectors.random(hessian.count, seed: 4)
      projection.project(vector, onto: space)
      hessian.apply(to: vector, into: product)
      let size = length(product)
      #expect(size > 1e-2)
      projection.project(product, onto: other)
      #expect(length(product) < 1e-6 * size)
    }
  }

  @Test("leaves the parameters and running statistics as they are", arguments: normalizations)
  func restoration(normalization: Normalization) throws {
    let sample = try Sample(normalization: normalization)
    let network = sample.network
    func bits() -> [UInt64] {
      network.values.buffer.map(\.bitPattern)
        + network.buffers.flatMap { $0.parameter.value.buffer.map(\.bitPattern) }
    }
    let before = bits()
    let hessian = HessianOperator(of: network, batch: sample.batch)
    let vectors = Vectors()
    hessian.apply(to: vectors.random(hessian.count, seed: 5), into: vectors.zeros(hessian.count))
    #expect(hessian.products == 1)
    #expect(hessian.gradients >= 3)
    #expect(bits() == before)
  }

  @Test("keeps clear of a kink, and says when it cannot")
  func kink() throws {
    let sample = try Sample(inputSize: 2, hiddenSizes: [1], classes: 2, factor: 1, rows: 1)
    let network = sample.network
    let (weight, bias) = (network.parameters[0].parameter.value, network.parameters[1].parameter.value)
    network.parameters[2].parameter.value.elements[0] = 1
    network.parameters[2].parameter.value.elements[1] = -1
    weight.fill(with: 0)
    let vectors = Vectors()
    let along = vectors.zeros(network.values.count)
    along.elements[bias.elements - network.values.elements] = 1
    let product = vectors.zeros(network.values.count)
    // Within the smallest step of the kink; within the largest, but not the smallest; far from it.
    for (place, isAcross) in [(1e-10, true), (2e-7, false), (0.1, false)] {
      bias.fill(with: place)
      let hessian = HessianOperator(of: network, batch: sample.batch)
      hessian.apply(to: along, into: product)
      #expect(hessian.productsAcrossKinks == (isAcross ? 1 : 0))
      // The second derivative by the bias, with outgoing weights ±1, is 4 p (1 − p), at most 1.
      let curvature = product.elements[bias.elements - network.values.elements]
      #expect(isAcross ? curvature > 1000 : abs(curvature) <= 1 + 1e-6)
    }
  }
}

/// Padding is no parameter: dense columns for it are zero.
private func clearPadding(of vector: Matrix<Double>, in network: Network<Double>) {
  var isParameter = [Bool](repeating: false, count: vector.count)
  for tensor in network.parameters.map(\.parameter) {
    let offset = tensor.value.elements - network.values.elements
    for index in offset..<offset + tensor.count { isParameter[index] = true }
  }
  for index in 0..<vector.count where !isParameter[index] { vector.elements[index] = 0 }
}
