import LinearAlgebra
import NeuralNetwork
import Testing

/// Passes over batches: both losses against labels and against soft targets, among all classes and among some.
@Suite struct BatchTests {
  private static let active: [[Int32]?] = [nil, [3, 0, 4]]

  private func network<Scalar: Real>(of type: Scalar.Type) -> Network<Scalar> {
    let network = MLPSpecification(
      inputSize: 6, hiddenSizes: [7], classes: 5, normalization: .layer
    ).makeNetwork(of: Scalar.self)
    network.reserve(batchSize: 9)
    network.initialize(seed: 3)
    return network
  }

  /// Normal inputs; probabilities of the active classes, or labels among them.
  private func batch(soft: Bool, among classes: [Int32]?) -> Batch<Double> {
    let batch = Batch<Double>(capacity: 9, inputSize: 6, classes: 5, hasSoftTargets: soft)
    batch.activeClasses = classes
    var stream = RandomStream(seed: 8, purpose: "test batch")
    Double.fillNormal(batch.inputs.buffer, from: &stream)
    let classes = classes ?? [0, 1, 2, 3, 4]
    for row in 0..<9 {
      batch.setLabel(classes[row % classes.count], ofSample: row)
      guard let targets = batch.targets else { continue }
      let draws = classes.map { _ in stream.uniform() }
      for (label, draw) in zip(classes, draws) { targets[row, Int(label)] = draw / draws.reduce(0, +) }
    }
    return batch
  }

  @Test(arguments: Loss.allCases, [false, true])
  func gradientsAreTheDerivativesOfTheLoss(loss: Loss, soft: Bool) {
    let network = network(of: Double.self)
    let context = StepContext(mode: .training)
    for classes in Self.active {
      let batch = batch(soft: soft, among: classes)
      network.forward(batch, in: context)
      let score = network.backward(from: loss)
      #expect(network.score(loss) == score)
      let gradients = Array(network.gradients.buffer)
      var largest = 0.0
      for tensor in network.parameters.map(\.parameter) {
        let offset = tensor.value.elements - network.values.elements
        for index in 0..<tensor.count {
          func moved(_ step: Double) -> Double {
            let kept = tensor.value.elements[index]
            defer { tensor.value.elements[index] = kept }
            tensor.value.elements[index] += step
            network.forward(batch, in: context)
            return network.score(loss).loss
          }
          let slope = (moved(1e-5) - moved(-1e-5)) / 2e-5
          largest = max(largest, abs(slope))
          #expect(abs(slope - gradients[offset + index]) < 1e-8)
        }
      }
      #expect(largest > 1e-2)
    }
  }

  @Test(arguments: Loss.allCases)
  func certainTargetsAreLabels(loss: Loss) {
    let network = network(of: Double.self)
    for classes in Self.active {
      let hard = batch(soft: false, among: classes)
      let soft = batch(soft: true, among: classes)
      soft.targets?.fill(with: 0)
      for row in 0..<9 { soft.targets?[row, Int(hard.labels[row])] = 1 }
      func pass(_ batch: Batch<Double>) -> (Score, [Double]) {
        network.forward(batch, in: StepContext(mode: .training))
        return (network.backward(from: loss), Array(network.gradients.buffer))
      }
      let (expected, gradients) = pass(hard)
      let (score, others) = pass(soft)
      #expect(abs(score.loss - expected.loss) < 1e-14)
      #expect(score.correct == expected.correct && score.correctOfAll == expected.correctOfAll)
      #expect(zip(gradients, others).allSatisfy { abs($0 - $1) < 1e-14 })
    }
  }

  /// The gradient of cross-entropy with respect to the logits is (softmax − target) / samples.
  @Test func softCrossEntropyHasTheClosedForm() throws {
    let batch = batch(soft: true, among: nil)
    let targets = try #require(batch.targets)
    let network = network(of: Double.self)
    let logits = network.forward(batch, in: StepContext(mode: .training))
    let powers = (0..<9).map { row in (0..<5).map { Double.exp(logits[row, $0]) } }
    network.backward { layer, gradient in
      guard layer == network.layers.count - 1 else { return }
      for row in 0..<9 {
        for column in 0..<5 {
          let share = powers[row][column] / powers[row].reduce(0, +)
          #expect(abs(gradient[row, column] - (share - targets[row, column]) / 9) < 1e-15)
        }
      }
    }
  }

  @Test func meanSquaresAreThoseOfTheActiveClasses() {
    let batch = batch(soft: false, among: [3, 0, 4])
    let network = network(of: Double.self)
    let outputs = network.forward(batch, in: StepContext(mode: .training))
    var sum = 0.0
    for row in 0..<9 {
      for column in [3, 0, 4] {
        let difference = outputs[row, column] - (Int(batch.labels[row]) == column ? 1 : 0)
        sum += difference * difference
      }
    }
    #expect(abs(network.score(.meanSquaredError).loss - sum / 27) < 1e-15)
  }

  /// A batch filled with fewer samples is a smaller batch, whatever its other rows hold.
  @Test func aSmallerBatchIsItsFirstRows() {
    let (whole, small) = (batch(soft: true, among: nil), Batch<Double>(capacity: 4, inputSize: 6, classes: 5))
    let network = network(of: Double.self)
    let labelled = batch(soft: false, among: nil)
    small.inputs.copy(from: labelled.inputs.prefix(rows: 4))
    for row in 0..<4 { small.setLabel(labelled.labels[row], ofSample: row) }
    labelled.count = 4
    whole.count = 4
    #expect(whole.targets?.rows == 4 && whole.inputs.rows == 4 && labelled.labels.count == 4)
    network.forward(small, in: StepContext(mode: .training))
    let expected = network.backward()
    let gradients = Array(network.gradients.buffer)
    network.forward(labelled, in: StepContext(mode: .training))
    #expect(network.backward() == expected)
    #expect(Array(network.gradients.buffer) == gradients)
  }

  @Test(arguments: [false, true])
  func partsAddUpToTheWhole(soft: Bool) {
    let batch = batch(soft: soft, among: [3, 0, 4])
    let network = network(of: Double.self)
    network.forward(batch, in: StepContext(mode: .evaluation))
    let whole = network.backward()
    let gradients = Array(network.gradients.buffer)
    var loss = 0.0
    var sums = [Double](repeating: 0, count: gradients.count)
    for part in [0..<4, 4..<9] {
      let share = Double(part.count) / 9
      network.forward(batch, samples: part, in: StepContext(mode: .evaluation))
      loss += share * network.backward(share: share).loss
      for (index, value) in network.gradients.buffer.enumerated() { sums[index] += value }
    }
    #expect(abs(loss - whole.loss) < 1e-14)
    #expect(zip(sums, gradients).allSatisfy { abs($0 - $1) < 1e-14 })
  }

  /// What can be read of a pass lies in the batch's memory too.
  @Test func aNetworkKeepsTheBatchOfItsLastPass() {
    let network = network(of: Double.self)
    weak var kept: Batch<Double>?
    do {
      let batch = batch(soft: false, among: nil)
      kept = batch
      network.forward(batch, in: StepContext(mode: .training))
      network.backward()
    }
    #expect(kept != nil)
    let next = batch(soft: false, among: nil)
    network.forward(next, in: StepContext(mode: .training))
    #expect(kept == nil)
  }

  @Test func lossesAreNamedAsInBlocks() {
    #expect(Loss.allCases.map(\.rawValue) == ["crossEntropy", "meanSquaredError", "brierScore"])
  }
}
