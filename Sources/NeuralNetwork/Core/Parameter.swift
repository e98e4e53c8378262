import LinearAlgebra

/// A named tensor of a layer: trained (weights, biases, norm scales) or carried along (running statistics).
///
/// The layer declares name and shape; the ``Network`` gives the memory, one block for all values and one for
/// all gradients, so that an optimiser walks over contiguous memory.
public final class Parameter<Scalar: Real> {
  /// The name inside its layer, as PyTorch calls it: `weight`, `bias`, `running_mean`…
  public private(set) var name: String
  /// The shape in PyTorch's order of axes, for instance `[outputs, inputs]` for a linear weight.
  public let shape: [Int]
  /// The values as a matrix of `shape[0]` rows (a vector is one row). Bound by the network.
  public private(set) var value: Matrix<Scalar>
  /// The gradient of the loss, of the same shape; overwritten by every backward pass. Bound by the network;
  /// empty for tensors that are not trained.
  public private(set) var gradient: Matrix<Scalar>

  public init(name: String, shape: [Int]) {
    self.name = name
    self.shape = shape
    // Unbound until the network gives memory: reading before that is a programmer error and traps.
    let nowhere = UnsafeMutablePointer<Scalar>(bitPattern: 64).unsafelyUnwrapped
    value = Matrix(elements: nowhere, rows: 0, columns: 0)
    gradient = value
  }

  /// The number of scalars.
  public var count: Int { shape.reduce(1, *) }
  /// Rows of the matrix form.
  public var rows: Int { shape.count > 1 ? shape[0] : 1 }
  /// Columns of the matrix form.
  public var columns: Int { shape.count > 1 ? count / max(shape[0], 1) : count }

  /// Draws values of mean 0 and the given standard deviation. Transformers cut them at ±2, a hundred of their
  /// standard deviations away, which no number that the streams draw reaches.
  func fillNormal(standardDeviation: Double, from stream: inout RandomStream) {
    Scalar.fillNormal(value.buffer, from: &stream)
    Kernels.scale(value.elements, by: Scalar(standardDeviation), count: count)
  }

  /// Puts in front the name of the layer's place inside a composite layer: `weight` becomes `attn.qkv.weight`.
  func nest(in place: String) { name = "\(place).\(name)" }

  func bind(value: Matrix<Scalar>) { self.value = value }
  func bind(gradient: Matrix<Scalar>) { self.gradient = gradient }
}
