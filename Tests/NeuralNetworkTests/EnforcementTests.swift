import LinearAlgebra
import NeuralNetwork
import Testing

/// Batches, gradients and snapshots that do not fit a network end the program, in release builds too.
@Suite struct NetworkEnforcementTests {
  private static func network() -> Network<Float> {
    let network = MLPSpecification(inputSize: 5, hiddenSizes: [4], classes: 3, normalization: .none)
      .makeNetwork(of: Float.self)
    network.reserve(batchSize: 2)
    return network
  }

  private static let context = StepContext(mode: .training)

  @Test func aPassThatFitsDoesNot() async {
    await #expect(processExitsWith: .success) {
      let network = Self.network()
      network.forward(Batch(capacity: 2, inputSize: 5, classes: 3), in: Self.context)
      network.backward()
    }
  }

  @Test func aLargerBatchThanReserved() async {
    await #expect(processExitsWith: .failure) {
      Self.network().forward(Batch(capacity: 3, inputSize: 5, classes: 3), in: Self.context)
    }
  }

  @Test func samplesOfAnotherSize() async {
    await #expect(processExitsWith: .failure) {
      Self.network().forward(Batch(capacity: 2, inputSize: 4, classes: 3), in: Self.context)
    }
  }

  @Test func moreSamplesThanABatchHolds() async {
    await #expect(processExitsWith: .failure) {
      Batch<Float>(capacity: 2, inputSize: 5, classes: 3).count = 3
    }
  }

  @Test func aLabelThatIsNoClass() async {
    await #expect(processExitsWith: .failure) {
      let batch = Batch<Float>(capacity: 2, inputSize: 5, classes: 3)
      batch.setLabel(3, ofSample: 1)
      let network = Self.network()
      network.forward(batch, in: Self.context)
      network.backward()
    }
  }

  @Test func aLabelThatIsNoActiveClass() async {
    await #expect(processExitsWith: .failure) {
      let batch = Batch<Float>(capacity: 2, inputSize: 5, classes: 3)
      batch.activeClasses = [0, 1]
      batch.setLabel(2, ofSample: 1)
      let network = Self.network()
      network.forward(batch, in: Self.context)
      network.backward()
    }
  }

  @Test func aGradientOfAnotherShape() async {
    await #expect(processExitsWith: .failure) {
      let network = Self.network()
      network.forward(Batch(capacity: 2, inputSize: 5, classes: 3), in: Self.context)
      let arena = Arena<Float>(capacity: 64)
      network.backward(arena.take(rows: 1, columns: 3))
    }
  }

  @Test func aBackwardPassBeforeAnyForwardPass() async {
    await #expect(processExitsWith: .failure) { Self.network().backward() }
  }

  @Test func aTensorOfAnotherSize() async {
    await #expect(processExitsWith: .failure) {
      let tensor = Snapshot.Tensor(name: "t", shape: [2], elements: .single([1, 2]))
      let arena = Arena<Float>(capacity: 64)
      tensor.copy(into: arena.take(rows: 1, columns: 3))
    }
  }
}
