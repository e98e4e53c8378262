import LinearAlgebra
import NeuralNetwork
import Testing

@Suite struct OptimizerTests {
  @Test func tenStepsAgreeWithPyTorch() throws {
    try check(Float.self, tolerance: 1e-6)
    try check(Double.self, tolerance: 1e-13)
  }

  private func makers<Scalar: Real>(
    _ type: Scalar.Type
  ) -> [String: (Network<Scalar>) -> any Optimizer<Scalar>] {
    [
      "sgd": { SGD($0, learningRate: Scalar(0.1)) },
      "sgd-decay": { SGD($0, learningRate: Scalar(0.1), weightDecay: Scalar(0.1)) },
      "momentum": { SGD($0, learningRate: Scalar(0.1), momentum: Scalar(0.9)) },
      "dampening": {
        SGD(
          $0, learningRate: Scalar(0.1), momentum: Scalar(0.9), dampening: Scalar(0.3),
          weightDecay: Scalar(0.1))
      },
      "nesterov": {
        SGD(
          $0, learningRate: Scalar(0.1), momentum: Scalar(0.9), nesterov: true, weightDecay: Scalar(0.1))
      },
      "adam": { Adam($0) },
      "adam-decay": {
        Adam(
          $0, learningRate: Scalar(0.1), betas: (0.8, 0.99), epsilon: Scalar(1e-4),
          weightDecay: Scalar(0.1))
      },
      "rmsprop": { RMSprop($0) },
      "rmsprop-decay": {
        RMSprop($0, learningRate: Scalar(0.1), smoothing: 0.9, weightDecay: Scalar(0.1))
      },
    ]
  }

  private func check<Scalar: Real>(_ type: Scalar.Type, tolerance: Double) throws {
    for (name, make) in makers(type) {
      let (fixture, layer, network) = try start(type)
      let optimizer = make(network)
      for step in 0..<10 { try self.step(optimizer, step, layer, fixture) }
      #expect(try fixture.error(layer.weight.value, "optimizer/\(name)/weight") < tolerance, "\(name)")
      #expect(try fixture.error(layer.bias.value, "optimizer/\(name)/bias") < tolerance, "\(name)")
      #expect(optimizer.stepsTaken == 10)
    }
  }

  /// A checkpoint is parameters, state and the number of steps; going on from it is the same to the last bit.
  @Test func resumedOptimizersGoOnAlike() throws {
    for (name, make) in makers(Float.self) {
      let (fixture, layer, network) = try start(Float.self)
      let whole = make(network)
      for step in 0..<6 { try self.step(whole, step, layer, fixture) }

      let (_, otherLayer, otherNetwork) = try start(Float.self)
      otherNetwork.values.copy(from: network.values)
      let resumed = make(otherNetwork)
      resumed.stepsTaken = whole.stepsTaken
      for (from, to) in zip(whole.state, resumed.state) {
        #expect(from.name == to.name)
        to.tensor.copy(from: from.tensor)
      }
      for step in 6..<10 {
        try self.step(whole, step, layer, fixture)
        try self.step(resumed, step, otherLayer, fixture)
      }
      #expect(network.values.buffer.elementsEqual(otherNetwork.values.buffer), "\(name)")
    }
  }

  @Test func rateFactorsScaleTheSteps() throws {
    let (fixture, layer, network) = try start(Double.self)
    let weights = Array(layer.weight.value.buffer)
    let biases = Array(layer.bias.value.buffer)
    let optimizer = SGD(network, learningRate: 0.5, rateFactors: [2, 0])
    try step(optimizer, 0, layer, fixture)
    #expect(Array(layer.bias.value.buffer) == biases)
    for index in weights.indices {
      let expected = weights[index] - layer.weight.gradient.elements[index]
      #expect(abs(layer.weight.value.elements[index] - expected) < 1e-15)
    }
  }

  private func start<Scalar: Real>(
    _ type: Scalar.Type
  ) throws -> (Fixture<Scalar>, Linear<Scalar>, Network<Scalar>) {
    let fixture = try Fixture<Scalar>()
    let layer = Linear<Scalar>(name: "linear", inputSize: 11, outputSize: 7)
    let network = Network<Scalar>(layers: [layer])
    try fixture.load(layer.parameters.map { ($0.name, $0) }, from: "optimizer")
    return (fixture, layer, network)
  }

  private func step<Scalar: Real>(
    _ optimizer: any Optimizer<Scalar>, _ index: Int, _ layer: Linear<Scalar>, _ fixture: Fixture<Scalar>
  ) throws {
    for parameter in layer.parameters {
      let all = try fixture.matrix("optimizer/gradients/\(parameter.name)")
      let count = parameter.count
      parameter.gradient.elements.update(from: all.elements + index * count, count: count)
    }
    optimizer.step()
  }
}
