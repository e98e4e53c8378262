import LinearAlgebra
import NeuralNetwork
import Testing

@testable import Plasticity

/// In floating point a clone stays one only if its copies are rounded alike: whatever a layer sums, it sums for all copies
/// in one order. Networks of the sizes and batches that figures train.
@Suite("Copies to the last bit")
struct CopiesToTheLastBitTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let model: AnyModel
    let input: InputShape
    let batch: Int
    var testDescription: String { "\(name), batch \(batch)" }
  }

  private static func image(_ size: Int) -> InputShape { InputShape(channels: 3, height: size, width: size) }

  static let cases: [Case] = [
    Case(
      name: "CNN, 16×16",
      model: AnyModel(CNN(channels: [16, 32, 64], hiddenSizes: [128], normalization: .batch)),
      input: image(16),
      batch: 32),
    Case(
      name: "ResNet, 16×16", model: AnyModel(ResNet(channels: [8], blocks: [1, 1, 1, 1])), input: image(16),
      batch: 32),
    Case(
      name: "MLP, 16×16", model: AnyModel(MLP(hiddenSizes: [128, 128], normalization: .batch)),
      input: image(16),
      batch: 32),
  ]

  @Test("stay equal through steps with momentum", arguments: cases)
  func copiesStayEqual(_ sample: Case) throws {
    let specification = sample.model.network(for: sample.input, classes: 10)
    let base = specification.makeNetwork(of: Float.self)
    base.initialize(seed: 3)
    let clone = try cloned(base, specification: specification, factors: [2])
    let expansion = try base.expansion(into: clone)
    let optimizer = SGD(clone, learningRate: 0.01, momentum: 0.9)
    clone.reserve(batchSize: sample.batch, retainingGradients: false)
    for step in 0..<3 {
      // An epoch's last batch is smaller.
      let batch = try randomBatch(sample, rows: step == 1 ? sample.batch / 2 : sample.batch, step: step)
      clone.forward(batch, in: StepContext(mode: .training, seed: 1, step: UInt64(step)))
      if let layer = firstDifference(in: clone, expansion: expansion) {
        Issue.record("step \(step): copies differ in the output of \(layer)")
        return
      }
      clone.backward(from: .crossEntropy)
      for (rule, tensor) in zip(expansion.parameters, clone.parameters) {
        #expect(
          differences(in: tensor.parameter.gradient, rule) == 0, "step \(step): gradient of \(tensor.name)")
      }
      optimizer.step()
    }
  }

  private func randomBatch(_ sample: Case, rows: Int, step: Int) throws -> Batch<Float> {
    let arena = Arena<Float>(capacity: Arena<Float>.footprint(rows: rows, columns: sample.input.count))
    let inputs = arena.take(rows: rows, columns: sample.input.count)
    var stream = RandomStream(seed: 5, purpose: "images", index: UInt64(step))
    stream.fillNormal(inputs.buffer)
    let labels = (0..<rows).map { _ in Int32(stream.integer(below: 10)) }
    return Batch(copying: inputs, labels: labels, classes: 10)
  }

  /// The name of the first layer whose output differs among copies.
  private func firstDifference(in clone: Network<Float>, expansion: NetworkExpansion) -> String? {
    for (index, layer) in clone.layers.enumerated() {
      let profile = expansion.layers[index].output
      let output = clone.output(of: index)
      // All rows of an image are treated alike.
      for row in stride(from: 0, to: output.rows, by: max(1, output.rows / 16)) {
        for unit in 0..<profile.units {
          let values = profile.features(of: unit).map { output[row, $0] }
          if values.contains(where: { $0 != values[0] }) { return "\(layer.name), row \(row), unit \(unit)" }
        }
      }
    }
    return nil
  }

  /// How many entries of a tensor differ from the first of their block.
  private func differences(in tensor: Matrix<Float>, _ expansion: TensorExpansion) -> Int {
    let blocks = TensorBlocks(expansion)
    let values = tensor.elements
    var count = 0
    for start in blocks.starts {
      let first = values[start]
      for offset in blocks.offsets where values[start + offset] != first { count += 1 }
    }
    return count
  }
}
