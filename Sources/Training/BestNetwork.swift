import LinearAlgebra
import NeuralNetwork

/// The network of a task's epochs that does best on images that it is not trained on, kept to go on with.
final class BestNetwork {
  private let network: Network<Float>
  private let memory: Arena<Float>
  private let values: Matrix<Float>
  private let buffers: [Matrix<Float>]

  init(_ network: Network<Float>) {
    self.network = network
    let sizes = network.buffers.map(\.parameter.count)
    memory = Arena(
      capacity: ([network.values.count] + sizes).map { Arena<Float>.footprint(rows: 1, columns: $0) }
        .reduce(0, +))
    values = memory.take(rows: 1, columns: network.values.count)
    var buffers: [Matrix<Float>] = []
    for size in sizes { buffers.append(memory.take(rows: 1, columns: size)) }
    self.buffers = buffers
  }

  /// Keeps the network as it is.
  func keep() {
    values.elements.update(from: network.values.elements, count: values.count)
    for (kept, buffer) in zip(buffers, network.buffers) {
      kept.elements.update(from: buffer.parameter.value.elements, count: kept.count)
    }
  }

  /// Makes the network the one that was kept.
  func goOn() {
    network.values.elements.update(from: values.elements, count: values.count)
    for (kept, buffer) in zip(buffers, network.buffers) {
      buffer.parameter.value.elements.update(from: kept.elements, count: kept.count)
    }
  }

  /// What a checkpoint holds of it.
  var state: [(name: String, tensor: Matrix<Float>)] {
    [("best.values", values)] + buffers.enumerated().map { ("best.buffer.\($0.offset)", $0.element) }
  }
}
