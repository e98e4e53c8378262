import LinearAlgebra
import NeuralNetwork
import Training

/// What `measure` can say of a run.
public enum MeasuredQuantities {
  /// Of the whole network, from its history.
  public static let ofNetworks = HistoryRow.quantityNames
  /// Of each layer.
  public static let ofLayers = LayerMetricRegistry.standard().map(\.name) + ofClones
  /// Of each layer of a network of clones.
  public static let ofClones = [
    cloning.forward, cloning.backward, releasedCloning.forward, releasedCloning.backward,
  ]
  /// The R² of outputs and of gradients by the text, and by the released code.
  static let cloning = (forward: "cloningR2", backward: "cloningR2Backward")
  static let releasedCloning = (forward: "cloningR2Released", backward: "cloningR2ReleasedBackward")
}

/// What is measured of one layer on one probe, while the parts of the probe go by.
final class LayerMeasurement {
  let sample: LayerSample
  /// How well the copies of a unit agree, in outputs and in gradients; nil where there are none.
  var cloning: (forward: CloningR2, backward: CloningR2)?

  init(sample: LayerSample, cloneFactor: Int?) {
    self.sample = sample
    cloning = cloneFactor.map { (CloningR2(factor: $0), CloningR2(factor: $0)) }
  }

  func add(_ output: Matrix<Float>, _ gradient: Matrix<Float>) {
    sample.add(activations: output, gradients: gradient)
    cloning?.forward.add(output)
    cloning?.backward.add(gradient)
  }

  func values() throws -> [(metric: String, value: Double)] {
    var values = try sample.values()
    if let cloning {
      values.append((MeasuredQuantities.cloning.forward, cloning.forward.value))
      values.append((MeasuredQuantities.cloning.backward, cloning.backward.value))
    }
    return values
  }
}

/// How well the copies of a unit agree by the released code, in the outputs and the gradients of each layer.
struct ReleasedScores {
  /// By the layer's index; nil where there are no copies.
  private(set) var layers: [(forward: CloningR2Released, backward: CloningR2Released)?]

  /// - Parameter factors: how many copies each layer emits of a unit; nil where there are none.
  init(factors: [Int?]) {
    layers = factors.map { factor in
      factor.map { (CloningR2Released(factor: $0), CloningR2Released(factor: $0)) }
    }
  }

  mutating func add(_ output: Matrix<Float>, _ gradient: Matrix<Float>, ofLayer index: Int) {
    layers[index]?.forward.add(output)
    layers[index]?.backward.add(gradient)
  }
}
