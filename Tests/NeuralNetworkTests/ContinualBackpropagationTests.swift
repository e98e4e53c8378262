import LinearAlgebra
import NeuralNetwork
import Testing

@Suite struct ContinualBackpropagationTests {
  private typealias Replacing = ContinualBackpropagation<Double>

  private let perceptron = MLPSpecification(
    inputSize: 6, hiddenSizes: [20, 7], classes: 4, normalization: .none, dropout: 0)
  private let convolutional = CNNSpecification(
    height: 8, width: 9, channels: [3, 18], hiddenSize: 6, classes: 4, normalization: .batch)

  private func start(_ network: Network<Double>, batchSize: Int = 9) -> Network<Double> {
    network.reserve(batchSize: batchSize, retainingGradients: false)
    network.initialize(seed: 3)
    return network
  }

  private func batch(_ inputs: Int) -> Batch<Double> {
    Batch(rows: 9, inputs: inputs, classes: 4, seed: 5)
  }

  @Test func withoutReplacementNothingChanges() throws {
    let plain = start(convolutional.makeNetwork(of: Double.self))
    let wrapped = start(convolutional.makeNetwork(of: Double.self))
    let inner = Adam(plain)
    let optimizer = try Replacing(
      wrapped, after: Adam(wrapped), settings: .init(replacementRate: 0, maturity: 1), seed: 1)
    let batch = batch(convolutional.inputSize)
    for _ in 0..<4 {
      batch.gradients(of: plain, in: StepContext(mode: .training))
      batch.gradients(of: wrapped, in: StepContext(mode: .training))
      inner.step()
      optimizer.step()
    }
    #expect(plain.values.buffer.elementsEqual(wrapped.values.buffer))
    #expect(optimizer.replacements == 0 && optimizer.stepsTaken == 4)
  }

  /// Utilities and mean activations by plain loops over the definition.
  @Test func averagesAreThoseOfTheDefinition() throws {
    let network = start(convolutional.makeNetwork(of: Double.self))
    let settings = Replacing.Settings(replacementRate: 0, maturity: 1, decay: 0.8)
    let optimizer = try Replacing(
      network, after: SGD(network, learningRate: 0.05), settings: settings,
      features: ["act_1", "pool_2", "act_3"], seed: 1)
    let tensors = Dictionary(uniqueKeysWithValues: network.parameters.map { ($0.name, $0.parameter) })
    let chain = [
      ("act_1", "conv_1", "conv_2"), ("pool_2", "conv_2", "linear_1"), ("act_3", "linear_1", "out"),
    ]
    var means: [String: [Double]] = [:]
    var utilities: [String: [Double]] = [:]
    let batch = batch(convolutional.inputSize)
    for step in 1...3 {
      batch.gradients(of: network, in: StepContext(mode: .training))
      optimizer.step()
      for (name, front, behind) in chain {
        let index = try #require(network.layers.firstIndex { $0.name == name })
        let features = network.output(of: index)
        let incoming = try #require(tensors["\(front).weight"]).value
        let outgoing = try #require(tensors["\(behind).weight"])
        let share = outgoing.shape[1] / features.columns * outgoing.shape.dropFirst(2).reduce(1, *)
        for unit in 0..<features.columns {
          let values = (0..<features.rows).map { features[$0, unit] }
          let mean = 0.8 * (means[name]?[unit] ?? 0) + 0.2 * values.reduce(0, +) / Double(values.count)
          means[name, default: Array(repeating: 0, count: features.columns)][unit] = mean
          var power = 1.0
          for _ in 0..<step { power *= 0.8 }
          let corrected = mean / (1 - power)
          let distance = values.map { abs($0 - corrected) }.reduce(0, +) / Double(values.count)
          // Neighbouring columns belong to one unit, whether kernel positions or pixels of the flat image.
          let columns = unit * share..<(unit + 1) * share
          let out = (0..<outgoing.shape[0]).flatMap { row in columns.map { abs(outgoing.value[row, $0]) } }
          let into = (0..<incoming.columns).map { abs(incoming[unit, $0]) }
          let ratio =
            out.reduce(0, +) / Double(out.count) / (into.reduce(0, +) / Double(into.count))
          let old = utilities[name]?[unit] ?? 0
          utilities[name, default: Array(repeating: 0, count: features.columns)][unit] =
            0.8 * old + 0.2 * distance * ratio
        }
      }
    }
    let state = Dictionary(uniqueKeysWithValues: optimizer.state.map { ($0.name, $0.tensor) })
    for (name, _, _) in chain {
      let mean = try #require(state["\(name).mean_activation"])
      let utility = try #require(state["\(name).utility"])
      for (mine, theirs) in zip(mean.buffer, means[name] ?? []) { #expect(abs(mine - theirs) < 1e-13) }
      for (mine, theirs) in zip(utility.buffer, utilities[name] ?? []) { #expect(abs(mine - theirs) < 1e-13) }
      #expect(state["\(name).age"]?.buffer.allSatisfy { $0 == 3 } == true)
    }
  }

  /// A unit whose activation is constant has no utility; moving its contribution to the next biases changes no
  /// output, and everything about it begins anew.
  @Test func constantUnitsAreReplacedWithoutATrace() throws {
    let network = start(perceptron.makeNetwork(of: Double.self))
    let tensors = Dictionary(uniqueKeysWithValues: network.parameters.map { ($0.name, $0.parameter) })
    let weight = try #require(tensors["linear_1.weight"]).value
    let bias = try #require(tensors["linear_1.bias"]).value
    for column in 0..<6 { weight[4, column] = 0 }
    bias[0, 4] = 1.5
    let adam = Adam(network, learningRate: 0)
    // The account of 20 units is full at the fourth step: maturity 2, 20 units, a half at each of two steps.
    let settings = Replacing.Settings(replacementRate: 0.025, maturity: 2)
    let optimizer = try Replacing(
      network, after: adam, settings: settings, features: ["act_1"], seed: 7)
    let batch = batch(6)
    var losses: [Double] = []
    for step in 1...4 {
      losses.append(batch.gradients(of: network, in: StepContext(mode: .training)))
      optimizer.step()
      #expect(optimizer.replacements == (step < 4 ? 0 : 1))
    }
    #expect(abs(batch.loss(of: network, in: StepContext(mode: .training)) - losses[0]) < 1e-13)
    let bound = 2.0.squareRoot() * (3.0 / 6).squareRoot()
    let fresh = (0..<6).map { weight[4, $0] }
    #expect(fresh.allSatisfy { $0 != 0 && abs($0) <= bound } && Set(fresh).count == 6)
    #expect(bias[0, 4] == 0)
    let next = try #require(tensors["linear_2.weight"]).value
    #expect((0..<7).allSatisfy { next[$0, 4] == 0 && next[$0, 3] != 0 })

    let state = Dictionary(uniqueKeysWithValues: optimizer.state.map { ($0.name, $0.tensor) })
    #expect(state["act_1.age"].map { Array($0.buffer) } == (0..<20).map { $0 == 4 ? 0 : 4 })
    for name in ["exp_avg", "exp_avg_sq"] {
      let moments = try #require(state[name])
      for (name, unit) in [("linear_1.weight", 4), ("linear_2.weight", nil)] {
        let value = try #require(tensors[name]).value
        let offset = value.elements - network.values.elements
        for row in 0..<value.rows {
          for column in 0..<value.columns where row == unit || (unit == nil && column == 4) {
            #expect(moments.elements[offset + row * value.columns + column] == 0)
          }
        }
        let touched = (0..<value.count).filter { moments.elements[offset + $0] != 0 }.count
        #expect(touched > value.count / 2)
      }
    }
  }

  /// The same behind a convolution, whose units are flattened into many columns, with its normalisation.
  @Test func constantChannelsAreReplacedWithoutATrace() throws {
    for specification in [convolutional, convolutional.cloned(by: 2)] {
      let network = start(specification.makeNetwork(of: Double.self))
      let tensors = Dictionary(
        uniqueKeysWithValues: (network.parameters + network.buffers).map { ($0.name, $0.parameter) })
      let scale = try #require(tensors["norm_2.weight"]).value
      let shift = try #require(tensors["norm_2.bias"]).value
      scale[0, 5] = 0
      shift[0, 5] = 0.75
      let units = Double(scale.columns)
      let settings = Replacing.Settings(replacementRate: 1 / units, maturity: 1)
      let optimizer = try Replacing(
        network, after: SGD(network, learningRate: 0), settings: settings, features: ["pool_2"], seed: 7)
      let batch = batch(specification.inputSize)
      let before = batch.gradients(of: network, in: StepContext(mode: .training))
      optimizer.step()
      batch.gradients(of: network, in: StepContext(mode: .training))
      optimizer.step()
      #expect(optimizer.replacements == 1)
      #expect(scale[0, 5] == 1 && shift[0, 5] == 0)
      #expect(try #require(tensors["norm_2.running_mean"]).value[0, 5] == 0)
      #expect(try #require(tensors["norm_2.running_var"]).value[0, 5] == 1)
      #expect(try #require(tensors["conv_2.bias"]).value[0, 5] == 0)
      #expect(abs(batch.loss(of: network, in: StepContext(mode: .training)) - before) < 1e-12)
    }
  }

  /// Between convolutions: the next biases grow by the sums of the filters.
  @Test func channelsBeforeConvolutions() throws {
    let network = start(convolutional.makeNetwork(of: Double.self))
    let tensors = Dictionary(uniqueKeysWithValues: network.parameters.map { ($0.name, $0.parameter) })
    try #require(tensors["norm_1.weight"]).value[0, 1] = 0
    try #require(tensors["norm_1.bias"]).value[0, 1] = 2
    let next = try #require(tensors["conv_2.weight"]).value
    let bias = try #require(tensors["conv_2.bias"]).value
    let sums = (0..<18).map { row in (9..<18).map { next[row, $0] }.reduce(0, +) }
    let old = Array(bias.buffer)
    let optimizer = try Replacing(
      network, after: SGD(network, learningRate: 0), settings: .init(replacementRate: 0.34, maturity: 0),
      features: ["act_1"], seed: 7)
    batch(convolutional.inputSize).gradients(of: network, in: StepContext(mode: .training))
    optimizer.step()
    #expect(optimizer.replacements == 1)
    for row in 0..<18 {
      #expect(abs(bias[0, row] - (old[row] + 2 * sums[row])) < 1e-13)
      #expect((9..<18).allSatisfy { next[row, $0] == 0 } && next[row, 8] != 0 && next[row, 18] != 0)
    }
  }

  /// A checkpoint is parameters, state and the number of steps; going on from it is the same to the last bit.
  @Test func resumedRunsGoOnAlike() throws {
    let batch = batch(6)
    func make() throws -> (Network<Double>, Replacing) {
      let network = start(perceptron.makeNetwork(of: Double.self))
      let settings = Replacing.Settings(replacementRate: 0.03, maturity: 3)
      return (network, try Replacing(network, after: Adam(network), settings: settings, seed: 2))
    }
    func run(_ network: Network<Double>, _ optimizer: Replacing, steps: Int) {
      for _ in 0..<steps {
        batch.gradients(of: network, in: StepContext(mode: .training))
        optimizer.step()
      }
    }
    let (network, whole) = try make()
    run(network, whole, steps: 8)
    let (other, resumed) = try make()
    other.values.copy(from: network.values)
    resumed.stepsTaken = whole.stepsTaken
    for (from, to) in zip(whole.state, resumed.state) { to.tensor.copy(from: from.tensor) }
    run(network, whole, steps: 8)
    run(other, resumed, steps: 8)
    #expect(whole.replacements > resumed.replacements && resumed.replacements > 0)
    #expect(network.values.buffer.elementsEqual(other.values.buffer))
  }

  @Test func whatHasNoUnitsIsRefused() throws {
    let transformer = start(
      VisionTransformerSpecification(height: 8, width: 8, classes: 4, patch: 4, size: 8, depth: 1, heads: 2)
        .makeNetwork(of: Double.self))
    #expect(throws: ContinualBackpropagationError.unsupportedLayer(name: "patch_embedding")) {
      try Replacing(transformer, after: SGD(transformer, learningRate: 0.1), seed: 0)
    }
    let network = start(convolutional.makeNetwork(of: Double.self))
    for name in ["flatten", "out", "nothing", "conv_1"] {
      #expect(throws: ContinualBackpropagationError.unsuitableFeatures(name: name)) {
        try Replacing(network, after: SGD(network, learningRate: 0.1), features: [name], seed: 0)
      }
    }
    #expect(throws: ContinualBackpropagationError.unsuitableFeatures(name: "pool_1")) {
      try Replacing(network, after: SGD(network, learningRate: 0.1), features: ["act_1", "pool_1"], seed: 0)
    }
  }
}
