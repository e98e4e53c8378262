import LinearAlgebra
import NeuralNetwork

/// How a clone's tensor repeats its base's: the cloning profile (paper, appendix A.4) of one tensor.
public struct CopyProfile: Hashable, Sendable {
  /// Copies of each output unit, along the first axis of a weight, along the only axis of a vector.
  public let outputs: Int
  /// Copies of each input unit, along the second axis of a weight; 1 for a vector.
  public let inputs: Int
  /// The extent of all further axes (kernel positions), which are not copied.
  public let positions: Int

  /// The profile of every tensor of `network.parameters`, in that order, if the network is a clone by `factor`.
  ///
  /// For chains of linear, convolutional and normalisation layers between inputs and outputs that are not
  /// copied: the first weight's inputs are single, and so are the outputs of the last weight and whatever
  /// follows it.
  public static func profiles<Scalar: Real>(
    of network: Network<Scalar>, factor: Int
  ) -> [CopyProfile] {
    precondition(factor > 0, "a clone has at least one copy of each unit")
    let shapes = network.parameters.map(\.parameter.shape)
    let first = shapes.firstIndex { $0.count > 1 }
    let last = shapes.lastIndex { $0.count > 1 }
    return shapes.enumerated().map { index, shape in
      let outputs = index < last ?? 0 ? factor : 1
      guard shape.count > 1 else { return CopyProfile(outputs: outputs, inputs: 1, positions: 1) }
      return CopyProfile(
        outputs: outputs, inputs: index == first ? 1 : factor, positions: shape.dropFirst(2).reduce(1, *))
    }
  }

  /// The layers of `network` whose units are copied in a clone: from the first weight's to the one before the
  /// last weight's.
  static func copiedLayers<Scalar: Real>(of network: Network<Scalar>) -> Range<Int> {
    func hasWeight(_ layer: any Layer<Scalar>) -> Bool { layer.parameters.contains { $0.shape.count > 1 } }
    guard let first = network.layers.firstIndex(where: { hasWeight($0) }),
      let last = network.layers.lastIndex(where: { hasWeight($0) })
    else { return 0..<0 }
    return first..<last
  }
}
