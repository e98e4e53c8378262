import LinearAlgebra
import Testing

@testable import NeuralNetwork

/// Convolution without patches against convolution with them, and what copies in a network need of it.
@Suite struct DirectConvolutionTests {
  private static let shapes: [ConvolutionShape] = {
    var shapes: [ConvolutionShape] = []
    for (height, width) in [(1, 1), (2, 2), (3, 5), (8, 8)] {
      for (kernelHeight, kernelWidth, padding) in [(3, 3, 1), (1, 1, 0), (2, 3, 2), (5, 4, 3), (3, 3, 0)] {
        for stride in 1...3 {
          guard height + 2 * padding >= kernelHeight, width + 2 * padding >= kernelWidth else { continue }
          let inputs = [1, 3, 8, 9][shapes.count % 4]
          let outputs = [5, 8, 16, 33][shapes.count / 2 % 4]
          shapes.append(
            ConvolutionShape(
              inputChannels: inputs, outputChannels: outputs, height: height, width: width,
              kernelHeight: kernelHeight, kernelWidth: kernelWidth, stride: stride, padding: padding))
        }
      }
    }
    return shapes
  }()

  /// Output, input gradient, and the gradients of weight and bias.
  private func results<Scalar: Real>(
    _ algorithm: any ConvolutionAlgorithm<Scalar>, _ shape: ConvolutionShape, batch: Int, copies: Int = 1
  ) -> [[Scalar]] {
    let arena = Arena<Scalar>(capacity: 1 << 18)
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
    let memory = LayerMemory<Scalar>(batchSize: batch, retention: .nothing)
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

  @Test(arguments: [1, 3, 8])
  func agreesWithPatches(batch: Int) {
    for shape in Self.shapes {
      let direct = results(DirectConvolution<Double>(shape), shape, batch: batch)
      let patches = results(PatchConvolution<Double>(shape), shape, batch: batch)
      let single = results(DirectConvolution<Float>(shape), shape, batch: batch)
      for ((mine, theirs), floats) in zip(zip(direct, patches), single) {
        let scale = theirs.map(abs).max() ?? 1
        #expect(zip(mine, theirs).allSatisfy { abs($0 - $1) <= 1e-13 * scale }, "\(shape)")
        #expect(zip(floats, theirs).allSatisfy { abs(Double($0) - $1) <= 1e-5 * scale }, "\(shape)")
      }
    }
  }

  /// Copies of channels have equal outputs and gradients, to the last bit.
  @Test(arguments: [2, 3, 4])
  func copiesAreEqualToTheLastBit(factor: Int) {
    for (side, stride, units) in [(1, 1, 5), (2, 1, 3), (3, 2, 5), (4, 2, 7), (8, 1, 3)] {
      let shape = ConvolutionShape(
        inputChannels: units * factor, outputChannels: (units + 2) * factor, height: side, width: side,
        kernelHeight: 3, kernelWidth: 3, stride: stride, padding: 1)
      let all = results(DirectConvolution<Float>(shape), shape, batch: 5, copies: factor)
      for values in all.prefix(2) {
        #expect(values.indices.allSatisfy { values[$0] == values[$0 / factor * factor] })
      }
      let (weight, width) = (all[2], shape.fanIn)
      for output in 0..<shape.outputChannels {
        for index in 0..<shape.inputChannels {
          for tap in 0..<shape.taps {
            let first = output / factor * factor * width + index / factor * factor * shape.taps + tap
            #expect(weight[output * width + index * shape.taps + tap] == weight[first])
          }
        }
      }
    }
  }
}
