import LinearAlgebra

@testable import NeuralNetwork

/// What a way to compute convolutions gives for drawn numbers.
enum ConvolutionResults {
  /// Output, input gradient, and the gradients of weight and bias.
  ///
  /// - Parameter copies: so many neighbouring channels, inputs and outputs, are alike; `reserving` the images that memory is taken for, `batch` if nil.
  static func of<Scalar: Real>(
    _ algorithm: any ConvolutionAlgorithm<Scalar>, _ shape: ConvolutionShape, batch: Int, copies: Int = 1,
    reserving most: Int? = nil
  ) -> [[Scalar]] {
    let arena = Arena<Scalar>(capacity: 1 << 20)
    func drawn(_ rows: Int, _ columns: Int, _ purpose: String) -> Matrix<Scalar> {
      let matrix = arena.take(rows: rows, columns: columns)
      var stream = RandomStream(seed: 1, purpose: purpose)
      Scalar.fillNormal(matrix.buffer, from: &stream)
      return matrix
    }
    let input = drawn(batch * shape.positions, shape.inputChannels, "input")
    let outputGradient = drawn(batch * shape.outputPositions, shape.outputChannels, "gradient")
    for matrix in [input, outputGradient] {
      for place in 0..<matrix.count { matrix.elements[place] = matrix.elements[place / copies * copies] }
    }
    let parameters = [
      Parameter<Scalar>(
        name: "weight",
        shape: [shape.outputChannels, shape.inputChannels, shape.kernelHeight, shape.kernelWidth]),
      Parameter<Scalar>(name: "bias", shape: [shape.outputChannels]),
    ]
    for parameter in parameters {
      parameter.bind(value: drawn(parameter.rows, parameter.columns, parameter.name))
      parameter.bind(gradient: drawn(parameter.rows, parameter.columns, "before"))
    }
    let weight = parameters[0].value
    for output in 0..<shape.outputChannels {
      for index in 0..<shape.inputChannels {
        for tap in 0..<shape.taps {
          let (from, to) = (index / copies * copies * shape.taps + tap, index * shape.taps + tap)
          weight[output, to] = weight[output / copies * copies, from]
        }
      }
      parameters[1].value[0, output] = parameters[1].value[0, output / copies * copies]
    }
    let memory = LayerMemory<Scalar>(batchSize: most ?? batch, retention: .nothing)
    memory.plan { algorithm.reserve(from: $0) }
    let output = drawn(batch * shape.outputPositions, shape.outputChannels, "output")
    let inputGradient = drawn(batch * shape.positions, shape.inputChannels, "input gradient")
    return withExtendedLifetime((arena, memory)) {
      algorithm.forward(input, weight: weight, bias: parameters[1].value, into: output)
      algorithm.backward(
        outputGradient, input: input, weight: parameters[0], bias: parameters[1],
        inputGradient: inputGradient, parameterGradients: true)
      return [output, inputGradient, parameters[0].gradient, parameters[1].gradient].map { Array($0.buffer) }
    }
  }

  /// Whether the gradients of filters between copies are equal to the last bit.
  static func filtersAreAlike(_ weight: [Float], of shape: ConvolutionShape, copies: Int) -> Bool {
    let width = shape.fanIn
    for output in 0..<shape.outputChannels {
      for index in 0..<shape.inputChannels {
        for tap in 0..<shape.taps {
          let first = output / copies * copies * width + index / copies * copies * shape.taps + tap
          if weight[output * width + index * shape.taps + tap] != weight[first] { return false }
        }
      }
    }
    return true
  }
}
