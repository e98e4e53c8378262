import LinearAlgebra
import Specifications

/// How much memory a network would take, told before any of it is taken.
public struct NetworkExtent: Hashable, Sendable {
  /// Numbers in its trained tensors.
  public let parameters: Int
  /// Bytes for training it: parameters, gradients and what optimisers keep of each parameter, and what a batch needs on
  /// its way. The largest number if it is larger.
  public let bytes: Int
}

extension NetworkSpecification {
  /// The extent of a network of this shape for batches of `batchSize` samples.
  public func extent<Scalar: Real>(of type: Scalar.Type, batchSize: Int) -> NetworkExtent {
    let parameters = saturatedSum(
      makeLayers(of: type).lazy.flatMap { $0.parameters }.map { saturatedProduct($0.rows, $0.columns) })
    func scalars(samples: Int) -> Int {
      let layers = makeLayers(of: type)
      return LayerMemory<Scalar>(batchSize: samples, retention: .nothing).count { memory in
        for layer in layers { layer.reserve(from: memory) }
      }
    }
    var working = saturatedProduct(scalars(samples: 1), batchSize)
    // One sample's places are rounded up, each by itself; where that says too much, all are counted.
    if working < 1 << 50 { working = scalars(samples: batchSize) }
    let width = MemoryLayout<Scalar>.stride
    return NetworkExtent(
      parameters: parameters,
      bytes: saturatedSum([
        saturatedProduct(parameters, Self.copies, width), saturatedProduct(working, width),
      ]))
  }

  /// Values, gradients, two moments, and one more for a remedy.
  private static var copies: Int { 5 }
}

extension AnyModel {
  /// Rejects what is too small for inputs of a shape or does not divide them, and networks that no machine holds.
  ///
  /// - Returns: how much memory the network takes.
  @discardableResult
  public func validate<Scalar: Real>(
    for input: InputShape, classes: Int, batchSize: Int, of type: Scalar.Type
  ) throws(SpecificationProblem) -> NetworkExtent {
    try validate(for: input)
    let extent = network(for: input, classes: classes).extent(of: type, batchSize: batchSize)
    guard extent.parameters <= Self.mostParameters else {
      throw SpecificationProblem(
        "model", "has \(extent.parameters) parameters; there must be \(Self.mostParameters) at most")
    }
    guard extent.bytes <= Self.mostBytes else {
      throw SpecificationProblem(
        "model",
        "takes \(extent.bytes >> 30) GiB with batches of \(batchSize); there must be "
          + "\(Self.mostBytes >> 30) at most")
    }
    return extent
  }

  /// More would overflow the indices of BLAS.
  private static var mostParameters: Int { 1 << 31 }
  /// More than a machine has; what is less is for the machine at hand to say.
  private static var mostBytes: Int { 1 << 42 }
}
