/// Why a snapshot cannot be written, read or loaded.
public enum SnapshotError: Error, Equatable, CustomStringConvertible {
  /// The file cannot be opened, read, written or synced; the reason is the system's.
  case inputOutput(path: String, operation: String, reason: String)
  /// The file ends before what its header promises, or has bytes that no tensor accounts for.
  case wrongSize(path: String, expected: Int, actual: Int)
  /// The header is no safetensors header.
  case malformedHeader(path: String, reason: String)
  /// A tensor's element type is neither `F32` nor `F64`.
  case unsupportedType(path: String, tensor: String, type: String)
  /// The network has a tensor that the snapshot lacks.
  case missingTensor(path: String, tensor: String)
  /// A tensor has another shape than the network's.
  case wrongShape(path: String, tensor: String, expected: [Int], actual: [Int])
  /// A tensor to be written has another number of elements than its shape says, or its name is taken.
  case invalidTensor(path: String, tensor: String, reason: String)

  public var description: String {
    switch self {
    case .inputOutput(let path, let operation, let reason):
      "\(path): cannot \(operation): \(reason)"
    case .wrongSize(let path, let expected, let actual):
      "\(path): \(expected) bytes expected, \(actual) found; the file is truncated or damaged, make it again"
    case .malformedHeader(let path, let reason):
      "\(path): not a safetensors file: \(reason)"
    case .unsupportedType(let path, let tensor, let type):
      "\(path): tensor \(tensor) has elements of type \(type); only F32 and F64 are read"
    case .missingTensor(let path, let tensor):
      "\(path): tensor \(tensor) is missing; the snapshot is of another model"
    case .wrongShape(let path, let tensor, let expected, let actual):
      "\(path): tensor \(tensor) has shape \(actual) where the model has \(expected)"
    case .invalidTensor(let path, let tensor, let reason):
      "\(path): tensor \(tensor) cannot be written: \(reason)"
    }
  }
}
