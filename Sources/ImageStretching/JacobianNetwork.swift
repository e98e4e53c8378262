import LinearAlgebra
import NeuralNetwork

/// Layers in a row whose outputs' Jacobian with respect to one input is told: the identity is sent back, each of its rows
/// through a copy of that input.
final class JacobianNetwork {
  /// Numbers that come out, as many as there are copies at most.
  let outputs: Int
  private let network: Network<Float>
  private let memory: Arena<Float>
  private let copies: Matrix<Float>
  private let identity: Matrix<Float>
  private let jacobian: Matrix<Float>

  var layers: [any Layer<Float>] { network.layers }

  /// - Precondition: the first layer is fully connected or has no parameters.
  init(_ layers: [any Layer<Float>], outputs: Int) {
    self.outputs = outputs
    network = Network(layers: layers)
    network.reserve(batchSize: outputs, retaining: .outputs)
    let inputs = layers.first?.inputSize ?? 0
    memory = Arena(
      capacity: 2 * Arena<Float>.footprint(rows: outputs, columns: inputs)
        + Arena<Float>.footprint(rows: outputs, columns: outputs))
    copies = memory.take(rows: outputs, columns: inputs)
    jacobian = memory.take(rows: outputs, columns: inputs)
    identity = memory.take(rows: outputs, columns: outputs)
  }

  /// What comes out for some inputs, a row each; it holds until the next pass.
  func forward(_ inputs: Matrix<Float>) -> Matrix<Float> {
    network.forward(inputs, in: StepContext(mode: .evaluation, needsParameterGradients: false))
  }

  /// An input of the last pass as the first layer, which has no parameters, handed it on.
  func arranged(_ row: Int) -> [Float] {
    let start = network.output(of: 0).elements + row * copies.columns
    return Array(UnsafeBufferPointer(start: start, count: copies.columns))
  }

  /// What comes out for one input, and the Jacobian, a row for each output, until the next one: with respect to the input,
  /// or to what the first layer makes of it if that has no parameters.
  func jacobian(at input: UnsafeBufferPointer<Float>) -> (output: [Float], jacobian: Matrix<Float>) {
    enforce(input.count == copies.columns, "a number for each input")
    for row in 0..<outputs {
      guard let start = input.baseAddress else { break }
      (copies.elements + row * copies.columns).update(from: start, count: input.count)
    }
    let output = forward(copies)
    let values = Array(UnsafeBufferPointer(start: output.elements, count: outputs))
    // Layers may write over the gradients that they are given.
    identity.fill(with: 0)
    for unit in 0..<outputs { identity[unit, unit] = 1 }
    network.backward(identity) { layer, gradient in
      guard layer == 0 else { return }
      if let linear = layers[0] as? Linear<Float> {
        jacobian.setProduct(of: gradient, transposed: false, and: linear.weight.value, transposed: false)
      } else {
        // A row for each output: all pixels of its copy lie behind one another.
        jacobian.elements.update(from: gradient.elements, count: jacobian.count)
      }
    }
    return (values, jacobian)
  }
}
