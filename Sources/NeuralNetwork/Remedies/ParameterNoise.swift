import LinearAlgebra

/// Standard normal numbers for each parameter tensor of a network, from the stream named by seed and
/// `<purpose>/<tensor name>` at the index of the step.
struct ParameterNoise<Scalar: Real> {
  private let keys: [RandomStream.Key]
  private let memory: Arena<Scalar>
  private let sample: Matrix<Scalar>

  init(_ network: Network<Scalar>, purpose: String, seed: UInt64) {
    keys = network.parameters.map { RandomStream.Key(seed: seed, purpose: "\(purpose)/\($0.name)") }
    let largest = network.parameters.map(\.parameter.count).max() ?? 0
    memory = Arena(capacity: Arena<Scalar>.footprint(rows: 1, columns: largest))
    sample = memory.take(rows: 1, columns: largest)
  }

  /// `count` numbers for the tensor with that index, valid until the next are drawn.
  func draw(tensor: Int, count: Int, step: UInt64) -> UnsafeMutablePointer<Scalar> {
    var stream = RandomStream(keys[tensor], index: step)
    Scalar.fillNormal(.init(start: sample.elements, count: count), from: &stream)
    return sample.elements
  }
}
