import Foundation

/// Why the file system refused an operation: one line each, naming the path and the remedy.
public enum FileSystemError: Error, Equatable, CustomStringConvertible {
  /// What was tried.
  public enum Operation: String, Sendable {
    case open, read, write, sync, close, lock, rename, remove, list, inspect
    case createFolder = "create folder"
    case createFile = "create file"
  }

  /// The device, or the user's quota on it, is full.
  case full(path: String, operation: Operation)
  case notPermitted(path: String, operation: Operation)
  case readOnly(path: String, operation: Operation)
  /// Something on the way to the path is a file where a folder is needed.
  case notFolder(path: String, operation: Operation)
  case notFound(path: String, operation: Operation)
  /// A name of a folder was given where a file is needed, or the other way round.
  case notFile(path: String, operation: Operation)
  /// Anything else, with the system's `errno`.
  case failed(path: String, operation: Operation, code: Int32)

  init(_ operation: Operation, _ path: String, code: Int32) {
    switch code {
    case ENOSPC, EDQUOT: self = .full(path: path, operation: operation)
    case EACCES, EPERM: self = .notPermitted(path: path, operation: operation)
    case EROFS: self = .readOnly(path: path, operation: operation)
    case ENOTDIR: self = .notFolder(path: path, operation: operation)
    case ENOENT: self = .notFound(path: path, operation: operation)
    case EISDIR: self = .notFile(path: path, operation: operation)
    default: self = .failed(path: path, operation: operation, code: code)
    }
  }

  public var description: String {
    switch self {
    case .full(let path, let operation):
      "cannot \(operation.rawValue) \(path): the disk or your quota on it is full; free some space and run again"
    case .notPermitted(let path, let operation):
      "cannot \(operation.rawValue) \(path): permission denied; make its folder yours or choose another place"
    case .readOnly(let path, let operation):
      "cannot \(operation.rawValue) \(path): the file system is read-only; choose a place on a writable one"
    case .notFolder(let path, let operation):
      "cannot \(operation.rawValue) \(path): a part of this path is a file, not a folder; remove it or choose another place"
    case .notFound(let path, let operation):
      "cannot \(operation.rawValue) \(path): there is no such file or folder; check the path"
    case .notFile(let path, let operation):
      "cannot \(operation.rawValue) \(path): it is not a regular file; give the path of a file"
    case .failed(let path, .lock, let code):
      "cannot lock \(path): \(Self.text(code)); put the store on a file system that has flock"
    case .failed(let path, let operation, let code):
      "cannot \(operation.rawValue) \(path): \(Self.text(code)); check the path and the device"
    }
  }

  private static func text(_ code: Int32) -> String {
    String(cString: strerror(code))
  }
}
