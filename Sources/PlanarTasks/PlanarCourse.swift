import LinearAlgebra
import NeuralNetwork

/// A network on its way through planar tasks: before each the classifier becomes zero, everything else goes on, the
/// optimiser's state included.
final class PlanarCourse {
  /// What is found of one task.
  struct Reading {
    /// Counted from 1: the task or, where a task is read in between, the epochs of it that are done.
    let number: Int
    let before: PairExponents
    let after: PairExponents
    /// Of clean points, after the task.
    let testAccuracy: Double
    let trainingAccuracy: Double
    let collapse: NeuralCollapse
    /// Of the representation of the training points after the task: the exponential of the entropy of its normalised
    /// singular values.
    let effectiveRank: Double
    /// The share of units of the representation that are zero for all training points.
    let deadUnits: Double
    /// ‖θ‖₂ of all parameters.
    let weightNorm: Double
  }

  private let specification: PlanarSpecification
  private let network: Network<Float>
  private let optimizer: any Optimizer<Float>
  private let stretching: Stretching
  private let batch: Batch<Float>
  private var step: UInt64 = 0

  /// Samples that are looked at in one go.
  static let capacity = 512

  /// - Throws: what making the optimiser throws.
  init(_ specification: PlanarSpecification) throws {
    self.specification = specification
    network = specification.shape.makeNetwork(of: Float.self)
    let size = min(specification.batchSize, specification.trainingPoints)
    network.reserve(batchSize: max(size, Self.capacity), retaining: .outputs)
    network.initialize(seed: specification.seed)
    Self.clearClassifier(of: network)
    optimizer = try specification.optimizer.makeOptimizer(
      for: network, of: specification.shape, seed: specification.seed)
    stretching = Stretching(network, isReLU: specification.activation == .relu, capacity: Self.capacity)
    batch = Batch(capacity: size, inputSize: 2, classes: specification.classesOrDefault)
  }

  /// Learns task `number`, from 0.
  ///
  /// - Parameter read: given what is found at the end or, where the specification asks for it, after every few epochs.
  func learn(_ number: Int, read: (Reading) throws -> Void) throws {
    let task = task(number)
    Self.clearClassifier(of: network)
    let before = PairExponents(of: task.training, by: stretching)
    for epoch in 0..<specification.epochs {
      train(on: task.training, epoch: number * specification.epochs + epoch)
      guard let pause = specification.epochsBetweenReadings, (epoch + 1) % pause == 0 else { continue }
      try read(reading(of: task, number: epoch + 1, before: before))
    }
    guard specification.epochsBetweenReadings == nil else { return }
    try read(reading(of: task, number: number + 1, before: before))
  }

  /// The task `number`, from 0.
  func task(_ number: Int) -> PlanarTask {
    PlanarTask(
      number: number, classes: specification.classesOrDefault, trainingPoints: specification.trainingPoints,
      flippedLabels: specification.flippedLabels ?? 0, testPoints: specification.testPoints,
      seed: specification.seed)
  }

  /// A picture of the network as it is, with the points of task `number`, from 0.
  func picture(of number: Int) -> PlanarPicture {
    PlanarPicture(of: task(number), by: stretching) { self.network.output(of: self.network.layers.count - 1) }
  }

  private func reading(of task: PlanarTask, number: Int, before: PairExponents) throws -> Reading {
    let after = PairExponents(of: task.training, by: stretching)
    let trainingAccuracy = accuracy(on: task.training)
    let testAccuracy = accuracy(on: task.test)
    let points = PlanarPoints(
      coordinates: Array(task.training.coordinates.prefix(Self.capacity)),
      labels: Array(task.training.labels.prefix(Self.capacity)))
    let representation = stretching.represent(points.coordinates)
    let spread = try RepresentationSpread(of: representation)
    return Reading(
      number: number, before: before, after: after, testAccuracy: testAccuracy,
      trainingAccuracy: trainingAccuracy,
      collapse: NeuralCollapse(
        representation, labels: points.labels, classifier: classifier.weight.value,
        biases: Array(classifier.bias.value.buffer)),
      effectiveRank: spread.effectiveRank, deadUnits: spread.deadUnits,
      weightNorm: network.values.buffer.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot())
  }

  private func train(on points: PlanarPoints, epoch: Int) {
    var order = Array(0..<points.count)
    var stream = RandomStream(seed: specification.seed, purpose: "planar order", index: UInt64(epoch))
    for last in stride(from: order.count - 1, to: 0, by: -1) {
      order.swapAt(last, Int(stream.integer(below: UInt32(last + 1))))
    }
    for start in stride(from: 0, to: order.count, by: batch.capacity) {
      let part = order[start..<min(start + batch.capacity, order.count)]
      fill(batch, with: part, of: points)
      network.forward(batch, in: StepContext(mode: .training, seed: specification.seed, step: step))
      _ = network.backward(from: .crossEntropy)
      optimizer.step()
      step += 1
    }
  }

  private func fill(_ batch: Batch<Float>, with part: some Collection<Int>, of points: PlanarPoints) {
    batch.count = part.count
    for (row, index) in part.enumerated() {
      batch.inputs[row, 0] = points.coordinates[index].x
      batch.inputs[row, 1] = points.coordinates[index].y
      batch.setLabel(points.labels[index], ofSample: row)
    }
  }

  private func accuracy(on points: PlanarPoints) -> Double {
    var right = 0
    for start in stride(from: 0, to: points.count, by: Self.capacity) {
      let part = start..<min(start + Self.capacity, points.count)
      _ = stretching.represent(points.coordinates[part])
      let outputs = network.output(of: network.layers.count - 1)
      for (row, index) in part.enumerated() {
        // Of equal outputs the first class, as for a classifier of zeros.
        let guess = (0..<outputs.columns).reduce(0) { outputs[row, $1] > outputs[row, $0] ? $1 : $0 }
        if guess == Int(points.labels[index]) { right += 1 }
      }
    }
    return Double(right) / Double(points.count)
  }

  private var classifier: Linear<Float> {
    guard let layer = network.layers.last as? Linear<Float> else {
      fatalError("a perceptron ends in a linear layer")
    }
    return layer
  }

  private static func clearClassifier(of network: Network<Float>) {
    for parameter in network.layers.last?.parameters ?? [] { parameter.value.fill(with: 0) }
  }
}
