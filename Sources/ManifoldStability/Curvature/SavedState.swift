import LinearAlgebra
import NeuralNetwork

/// A copy of a network's parameters and buffers, to put them back bit for bit.
final class SavedState {
  private let network: Network<Double>
  private let memory: Arena<Double>
  private let pairs: [(current: Matrix<Double>, copy: Matrix<Double>)]

  init(of network: Network<Double>) {
    self.network = network
    let tensors = [network.values] + network.buffers.map(\.parameter.value)
    let memory = Arena<Double>(
      capacity: tensors.reduce(0) { $0 + Arena<Double>.footprint(rows: $1.rows, columns: $1.columns) })
    self.memory = memory
    pairs = tensors.map { ($0, memory.take(rows: $0.rows, columns: $0.columns)) }
    for pair in pairs { pair.copy.copy(from: pair.current) }
  }

  func restore() {
    for pair in pairs { pair.current.copy(from: pair.copy) }
  }
}
