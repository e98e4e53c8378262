import Activations
import LinearAlgebra

extension TheoryTable {
  /// Curves `NAME-SIZE` (the ratio er₂(K(C)) / er₂(C)) and `NAME-SIZE-bound` over t, from the identity (t = 0) to
  /// a dense random correlation matrix (t = 1); and `margin`, the least ratio − bound of each activation and size.
  static func addRankGain(
    of activation: ScalarActivation, at index: Int, _ specification: TheorySpecification,
    to rows: inout CurveRows
  ) throws {
    let kernel = InterpolatedKernel(try StandardizedActivation(activation))
    let sizes = specification.sizes ?? []
    for (place, size) in sizes.enumerated() {
      var stream = RandomStream(
        seed: specification.seed ?? 0, purpose: "correlation", index: UInt64(size))
      // Vectors in few dimensions have large correlations.
      let dense = CorrelationMatrix.random(size: size, dimension: max(2, size / 16), stream: &stream)
      var margin = Double.infinity
      for step in 0..<specification.pointCount {
        let t = Double(step) / Double(specification.pointCount - 1)
        let gain = RankGain(of: dense.blendedWithIdentity(t), kernel: kernel)
        rows.add("\(activation.name)-\(size)", t, gain.ratio)
        rows.add("\(activation.name)-\(size)-bound", t, gain.bound)
        margin = min(margin, gain.ratio - gain.bound)
      }
      rows.add("margin", Double(index * sizes.count + place), margin)
    }
  }
}
