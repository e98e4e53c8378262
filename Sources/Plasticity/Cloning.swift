import LinearAlgebra
import NeuralNetwork

/// A wider network that computes what `network` computes: every hidden unit i becomes the units
/// factor·i … factor·i + factor − 1, every layer expands by its own rule (`Layer.expand`; paper, section 2 and
/// appendix B.1.2), inputs and outputs stay as they are.
///
/// Parameters and running statistics are copied, optimiser state is not: the theorem wants it equal between
/// copies, which fresh state is. The clone reserves working memory for the batches that `network` has.
///
/// - Parameters:
///   - specification: the shape that `network` was made from.
///   - factor: copies of each hidden unit, at least 1.
/// - Throws: `CloningError` if `network` is not of the shape `specification`.
public func cloned<Scalar: Real>(
  _ network: Network<Scalar>, specification: some NetworkSpecification, factor: Int
) throws -> Network<Scalar> {
  enforce(factor > 0, "a clone has at least one copy of each unit")
  let wider = specification.cloned(by: factor)
  let clone = wider.makeNetwork(of: Scalar.self)
  try network.expand(into: clone)
  if network.batchCapacity > 0 { clone.reserve(batchSize: network.batchCapacity) }
  return clone
}

/// The clone of a clone of …, one for each of `factors` in order. It equals, entry for entry, the clone by the
/// product of the factors (up to rounding where a factor is no power of two), because copies of copies are
/// adjacent too.
///
/// Parameters, result and errors as for ``cloned(_:specification:factor:)``.
public func cloned<Scalar: Real>(
  _ network: Network<Scalar>, specification: some NetworkSpecification, factors: [Int]
) throws -> Network<Scalar> {
  var result = network
  var shape = specification
  for factor in factors {
    result = try cloned(result, specification: shape, factor: factor)
    shape = shape.cloned(by: factor)
  }
  return result
}
