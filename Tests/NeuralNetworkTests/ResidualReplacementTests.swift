import LinearAlgebra
import NeuralNetwork
import Testing

/// Continual backpropagation on residual networks.
@Suite struct ResidualReplacementTests {
  private typealias Replacing = ContinualBackpropagation<Double>

  private func network(_ normalization: Normalization, batchSize: Int = 5) -> Network<Double> {
    let network = ResNetSpecification(
      height: 6, width: 6, baseChannels: 3, blocks: [1, 1], classes: 4, normalization: normalization
    ).makeNetwork(of: Double.self)
    network.reserve(batchSize: batchSize, retainingGradients: false)
    network.initialize(seed: 3)
    return network
  }

  private func batch(rows: Int = 5) -> Batch<Double> {
    Batch(rows: rows, inputs: 3 * 6 * 6, classes: 4, seed: 5)
  }

  /// Each hidden layer: how a checkpoint names it, the layer whose units they are, the layer behind.
  private let chain = [
    ("stem.conv", "stem.conv", "block_1.conv_1"), ("block_1.conv_1", "block_1.conv_1", "block_1.conv_2"),
    ("block_1.conv_2", "block_1.conv_2", "block_2.conv_1"),
    ("block_2.conv_1", "block_2.conv_1", "block_2.conv_2"), ("pool", "block_2.conv_2", "out"),
  ]

  private func tensors(of network: Network<Double>) -> [String: Parameter<Double>] {
    Dictionary(
      uniqueKeysWithValues: (network.parameters + network.buffers).map { ($0.name, $0.parameter) })
  }

  /// The rectified output of a convolution 3×3 with one pixel around, without normalisation, by plain loops.
  private func rectified(
    _ image: Matrix<Double>, side: Int, stride: Int, _ weight: Matrix<Double>, _ bias: Matrix<Double>
  ) -> [[Double]] {
    let (channels, out) = (image.columns, (side + stride - 1) / stride)
    return (0..<image.rows / (side * side)).flatMap { sample in
      (0..<out * out).map { place in
        (0..<weight.rows).map { unit in
          var sum = bias[0, unit]
          for tap in 0..<9 {
            let (y, x) = (place / out * stride + tap / 3 - 1, place % out * stride + tap % 3 - 1)
            guard (0..<side).contains(y), (0..<side).contains(x) else { continue }
            for channel in 0..<channels {
              sum += weight[unit, channel * 9 + tap] * image[(sample * side + y) * side + x, channel]
            }
          }
          return max(sum, 0)
        }
      }
    }
  }

  /// Mean activations and utilities after one step are those of the definition, inside blocks and between them.
  @Test func averagesAreThoseOfTheDefinition() throws {
    let network = network(.none)
    let tensors = tensors(of: network)
    func value(_ name: String) throws -> Matrix<Double> { try #require(tensors[name]).value }
    func output(_ name: String) throws -> Matrix<Double> {
      network.output(of: try #require(network.layers.firstIndex { $0.name == name }))
    }
    let settings = Replacing.Settings(replacementRate: 0, maturity: 1, decay: 0.75)
    let optimizer = try Replacing(
      network, after: SGD(network, learningRate: 0), settings: settings, seed: 1)
    batch().gradients(of: network, in: StepContext(mode: .training))
    optimizer.step()
    func rows(_ matrix: Matrix<Double>) -> [[Double]] {
      (0..<matrix.rows).map { row in (0..<matrix.columns).map { matrix[row, $0] } }
    }
    let features = [
      "stem.conv": rows(try output("stem")), "block_1.conv_2": rows(try output("block_1")),
      "pool": rows(try output("pool")),
      "block_1.conv_1": rectified(
        try output("stem"), side: 6, stride: 1, try value("block_1.conv_1.weight"),
        try value("block_1.conv_1.bias")),
      "block_2.conv_1": rectified(
        try output("block_1"), side: 6, stride: 2, try value("block_2.conv_1.weight"),
        try value("block_2.conv_1.bias")),
    ]
    let state = Dictionary(uniqueKeysWithValues: optimizer.state.map { ($0.name, $0.tensor) })
    for (name, front, behind) in chain {
      let values = try #require(features[name])
      let incoming = try value("\(front).weight")
      let outgoing = try #require(tensors["\(behind).weight"])
      let taps = outgoing.shape.dropFirst(2).reduce(1, *)
      let ages = try #require(state["\(name).age"])
      #expect(ages.columns == incoming.rows && values[0].count == incoming.rows)
      for unit in 0..<incoming.rows {
        let mean = values.map { $0[unit] }.reduce(0, +) / Double(values.count)
        let distance = values.map { abs($0[unit] - mean) }.reduce(0, +) / Double(values.count)
        let out = (0..<outgoing.shape[0]).flatMap { row in
          (unit * taps..<(unit + 1) * taps).map { abs(outgoing.value[row, $0]) }
        }
        let into = (0..<incoming.columns).map { abs(incoming[unit, $0]) }
        let ratio = out.reduce(0, +) / Double(out.count) / (into.reduce(0, +) / Double(into.count))
        #expect(abs(try #require(state["\(name).mean_activation"])[0, unit] - 0.25 * mean) < 1e-13)
        #expect(abs(try #require(state["\(name).utility"])[0, unit] - 0.25 * distance * ratio) < 1e-13)
      }
    }
    #expect(state.keys.filter { $0.hasSuffix(".age") }.count == chain.count)
  }

  /// What belongs to a unit inside a block begins anew, and what is behind it does not see it; skips are left alone.
  @Test func unitsOfBlocksBeginAnew() throws {
    let network = network(.batch)
    let tensors = tensors(of: network)
    func value(_ name: String) throws -> Matrix<Double> { try #require(tensors[name]).value }
    // Silent, so that it has the lowest utility.
    try value("block_1.norm_1.weight")[0, 2] = 0
    let weight = try value("block_1.conv_1.weight")
    let old = Array(weight.buffer)
    batch().gradients(of: network, in: StepContext(mode: .training))
    let optimizer = try Replacing(
      network, after: SGD(network, learningRate: 0), settings: .init(replacementRate: 0.34, maturity: 0),
      seed: 7)
    let skipped = Array(try value("block_2.skip_conv.weight").buffer)
    optimizer.step()
    // Of 3, 3, 3, 6 and 6 units.
    #expect(optimizer.replacements == 1 + 1 + 1 + 2 + 2)
    #expect(try value("block_1.norm_1.weight")[0, 2] == 1)
    #expect(try value("block_1.norm_1.running_mean")[0, 2] == 0)
    #expect(try value("block_1.norm_1.running_var")[0, 2] == 1)
    let bound = 2.0.squareRoot() * (3.0 / 27).squareRoot()
    // The other units lose the weights of one that was replaced in the stem, and no more.
    let changed = (0..<54).filter { weight.buffer[$0] != old[$0] }
    #expect(changed.count == 18 && changed.allSatisfy { weight.buffer[$0] == 0 })
    #expect((54..<81).allSatisfy { weight.buffer[$0] != old[$0] && abs(weight.buffer[$0]) <= bound })
    let next = try value("block_1.conv_2.weight")
    // One of the rows has been drawn anew for a unit of the block's output.
    let silenced = (0..<3).filter { row in (18..<27).allSatisfy { next[row, $0] == 0 } }
    #expect(silenced.count == 2)
    #expect(Array(try value("block_2.skip_conv.weight").buffer) == skipped)
  }

  /// The outputs stay what they are if what is replaced had been silent in every hidden layer.
  @Test func lossStaysWhereOnlySilentUnitsAreReplaced() throws {
    let network = network(.batch)
    let tensors = tensors(of: network)
    for (_, front, _) in chain {
      let norm = front.replacingConv
      try #require(tensors["\(norm).weight"]).value[0, 1] = 0
      try #require(tensors["\(norm).bias"]).value[0, 1] = 0
    }
    // The skip into the last block feeds the same unit.
    try #require(tensors["block_2.skip_norm.weight"]).value[0, 1] = 0
    let settings = Replacing.Settings(replacementRate: 0.17, maturity: 0)
    let optimizer = try Replacing(
      network, after: SGD(network, learningRate: 0), settings: settings, features: nil, seed: 7)
    let batch = batch()
    let before = batch.gradients(of: network, in: StepContext(mode: .training))
    optimizer.step()
    // One of six units in the two wide layers; 0.51 of one in the others.
    #expect(optimizer.replacements == 2)
    #expect(abs(batch.loss(of: network, in: StepContext(mode: .training)) - before) < 1e-12)
  }

  /// A checkpoint is parameters, buffers, state and the number of steps; going on from it is the same to the last bit.
  @Test func resumedRunsGoOnAlike() throws {
    let batch = batch()
    func make() throws -> (Network<Double>, Replacing) {
      let network = self.network(.layer)
      let settings = Replacing.Settings(replacementRate: 0.07, maturity: 3)
      return (
        network,
        try Replacing(network, after: SGD(network, learningRate: 0.05), settings: settings, seed: 2)
      )
    }
    func run(_ network: Network<Double>, _ optimizer: Replacing) {
      for _ in 0..<8 {
        batch.gradients(of: network, in: StepContext(mode: .training))
        optimizer.step()
      }
    }
    let (network, whole) = try make()
    run(network, whole)
    let (other, resumed) = try make()
    other.values.copy(from: network.values)
    resumed.stepsTaken = whole.stepsTaken
    for (from, to) in zip(whole.state, resumed.state) { to.tensor.copy(from: from.tensor) }
    run(network, whole)
    run(other, resumed)
    #expect(whole.replacements > resumed.replacements && resumed.replacements > 0)
    #expect(network.values.buffer.elementsEqual(other.values.buffer))
  }
}

extension String {
  /// `block_1.norm_2` of `block_1.conv_2`.
  fileprivate var replacingConv: String {
    split(separator: ".").map { $0.hasPrefix("conv") ? "norm" + $0.dropFirst(4) : String($0) }
      .joined(separator: ".")
  }
}
