import LinearAlgebra

/// Named tensors in a file of the safetensors format, which PyTorch users can open: eight bytes of little-endian
/// header length, a JSON header of types, shapes and offsets, then the raw little-endian elements.
public struct Snapshot: Equatable, Sendable {
  /// A tensor with its elements in row-major order.
  public struct Tensor: Equatable, Sendable {
    public enum Elements: Equatable, Sendable {
      case single([Float])
      case double([Double])

      public var count: Int {
        switch self {
        case .single(let values): values.count
        case .double(let values): values.count
        }
      }
    }

    public let name: String
    public let shape: [Int]
    public let elements: Elements

    public init(name: String, shape: [Int], elements: Elements) {
      self.name = name
      self.shape = shape
      self.elements = elements
    }

    /// A tensor of the elements of `matrix`, `Double` as such and anything else as `Float`.
    public init<Scalar: Real>(name: String, shape: [Int], copying matrix: Matrix<Scalar>) {
      let elements: Elements =
        if let doubles = matrix as? Matrix<Double> {
          .double(Array(doubles.buffer))
        } else if let floats = matrix as? Matrix<Float> {
          .single(Array(floats.buffer))
        } else {
          .single(matrix.buffer.map { Float($0) })
        }
      self.init(name: name, shape: shape, elements: elements)
    }

    /// Copies the elements, converted to the matrix's precision. Precondition: the counts agree.
    public func copy<Scalar: Real>(into matrix: Matrix<Scalar>) {
      enforce(elements.count == matrix.count, "as many elements as the matrix has")
      switch elements {
      case .single(let values):
        if let floats = matrix as? Matrix<Float> { return values.withUnsafeBytes { floats.copy(from: $0) } }
        for (index, value) in values.enumerated() { matrix.elements[index] = Scalar(value) }
      case .double(let values):
        for (index, value) in values.enumerated() { matrix.elements[index] = Scalar(value) }
      }
    }
  }

  /// Where the snapshot was read from, for messages.
  public let path: String
  public let metadata: [String: String]
  /// The tensors by name.
  public let tensors: [String: Tensor]

  /// Reads the file at `path`.
  ///
  /// - Throws: ``SnapshotError`` if it cannot be read, is truncated, or is no safetensors file of `F32` and `F64`.
  public init(contentsOf path: String) throws {
    let bytes = try SnapshotFile.read(path)
    let header = try SnapshotHeader(bytes, path: path)
    var tensors: [String: Tensor] = [:]
    for entry in header.entries {
      tensors[entry.name] = Tensor(
        name: entry.name, shape: entry.shape, elements: entry.elements(in: bytes, from: header.dataStart))
    }
    self.path = path
    self.metadata = header.metadata
    self.tensors = tensors
  }

  /// Writes a file at `path`, overwriting what is there, and waits until it is on the disk. Whoever needs the
  /// file whole or absent writes it under another name and renames it.
  ///
  /// - Throws: ``SnapshotError`` if a tensor's name is taken or its shape does not fit its elements, or if the
  ///   system refuses (a full disk included); a part of a file may then be left at `path`.
  public static func write(_ tensors: [Tensor], metadata: [String: String], to path: String) throws {
    let header = try SnapshotHeader.encode(tensors, metadata: metadata, path: path)
    let file = try SnapshotFile(creating: path)
    try header.withUnsafeBytes { try file.write($0) }
    for tensor in tensors {
      switch tensor.elements {
      case .single(let values): try values.withUnsafeBytes { try file.write($0) }
      case .double(let values): try values.withUnsafeBytes { try file.write($0) }
      }
    }
    try file.finish()
  }
}

extension Network {
  /// Copies of all parameters and buffers, for ``Snapshot/write(_:metadata:to:)``.
  public func snapshotTensors() -> [Snapshot.Tensor] {
    (parameters + buffers).map {
      Snapshot.Tensor(name: $0.name, shape: $0.parameter.shape, copying: $0.parameter.value)
    }
  }

  /// Sets all parameters and buffers from `snapshot`, converting its precision; tensors that the network does
  /// not have are ignored. If it throws, nothing was changed.
  ///
  /// - Throws: ``SnapshotError/missingTensor(path:tensor:)`` or ``SnapshotError/wrongShape(path:tensor:expected:actual:)``.
  public func load(_ snapshot: Snapshot) throws {
    var pairs: [(Snapshot.Tensor, Parameter<Scalar>)] = []
    for tensor in parameters + buffers {
      guard let found = snapshot.tensors[tensor.name] else {
        throw SnapshotError.missingTensor(path: snapshot.path, tensor: tensor.name)
      }
      guard found.shape == tensor.parameter.shape else {
        throw SnapshotError.wrongShape(
          path: snapshot.path, tensor: tensor.name, expected: tensor.parameter.shape, actual: found.shape)
      }
      pairs.append((found, tensor.parameter))
    }
    for (tensor, parameter) in pairs { tensor.copy(into: parameter.value) }
  }
}
