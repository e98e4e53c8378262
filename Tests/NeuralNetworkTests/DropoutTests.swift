import LinearAlgebra
import NeuralNetwork
import Testing

@Suite struct DropoutTests {
  /// One dropout layer and a batch of threes, with the memory that they live in.
  private final class Bench {
    let layer: Dropout<Float>
    let network: Network<Float>
    let input: Matrix<Float>
    private let arena = Arena<Float>(capacity: 20_000)

    init(probability: Double, name: String = "dropout_1") {
      layer = Dropout(name: name, size: 200, probability: probability)
      network = Network(layers: [layer])
      network.reserve(batchSize: 100)
      input = arena.take(rows: 100, columns: 200)
      input.fill(with: 3)
    }

    func output(_ mode: StepContext.Mode, seed: UInt64 = 1, step: UInt64 = 1) -> [Float] {
      Array(network.forward(input, in: StepContext(mode: mode, seed: seed, step: step)).buffer)
    }
  }

  @Test(arguments: [0.1, 0.5])
  func zeroesTheRightShareAndScalesTheRest(probability: Double) {
    let output = Bench(probability: probability).output(.training)
    let kept = Float(3) * Float(1 / (1 - probability))
    #expect(output.allSatisfy { $0 == 0 || $0 == kept })
    let share = Double(output.filter { $0 == 0 }.count) / 20_000
    // Five standard deviations of the share.
    #expect(abs(share - probability) < 5 * (probability * (1 - probability) / 20_000).squareRoot())
  }

  @Test func theGradientGoesThroughTheSameMask() throws {
    let bench = Bench(probability: 0.3)
    let output = bench.output(.probing)
    let inputGradient = try #require(bench.layer.backward(bench.input, inputGradient: true))
    #expect(output.elementsEqual(inputGradient.buffer))
    #expect(bench.output(.training) == output)
  }

  @Test func masksBelongToSeedStepAndName() {
    let bench = Bench(probability: 0.5)
    let first = bench.output(.training)
    #expect(bench.output(.training, step: 2) != first)
    #expect(bench.output(.training, seed: 2) != first)
    #expect(bench.output(.training) == first)
    #expect(Bench(probability: 0.5, name: "dropout_2").output(.training) != first)
  }

  @Test func evaluationLetsEverythingThrough() {
    #expect(Bench(probability: 0.5).output(.evaluation).allSatisfy { $0 == 3 })
  }
}
