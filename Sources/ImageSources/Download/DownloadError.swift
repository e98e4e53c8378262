import PreparedImages
import Transfers

/// Why an archive could not be fetched.
public enum DownloadError: Error, Equatable, CustomStringConvertible {
  /// The server cannot be reached, or the connection broke, however often it was tried.
  case unreachable(address: String, reason: String, destination: String)
  /// The server answered with an error.
  case refused(address: String, status: Int, destination: String)
  /// A whole file arrived, but not the published one.
  case wrongChecksum(file: String, expected: String, found: String)
  /// What lies where the archive belongs is not the published one; it may be somebody's, so it is left.
  case foreignFile(file: String, reason: String)
  /// The size is not the published one.
  case wrongSize(file: String, expected: Int, found: Int)
  /// The system refused to write, rename or remove.
  case cannotWrite(file: String, reason: String)
  /// libcurl cannot be started.
  case transferUnavailable

  public var description: String {
    switch self {
    case .unreachable(let address, let reason, let destination):
      "cannot fetch \(address): \(reason); without network, place the archive by hand at \(destination)"
    case .refused(let address, let status, let destination):
      "cannot fetch \(address): the server answers \(status); place the archive by hand at \(destination)"
    case .wrongChecksum(let file, let expected, let found):
      "\(file): MD5 \(found) instead of \(expected); it was thrown away, fetch it again"
    case .wrongSize(let file, let expected, let found):
      "\(file): \(found) bytes instead of \(expected); it was thrown away, fetch it again"
    case .foreignFile(let file, let reason):
      "\(file) is not the published archive (\(reason)); remove it, and 'make data' fetches it"
    case .cannotWrite(let file, let reason): "cannot write \(file): \(reason)"
    case .transferUnavailable: "libcurl cannot be started; install Debian's libcurl4"
    }
  }

  init(_ error: TransferError, destination: String) {
    switch error {
    case .unreachable(let address, let reason):
      self = .unreachable(address: address, reason: reason, destination: destination)
    case .refused(let address, let status):
      self = .refused(address: address, status: status, destination: destination)
    case .tooLong(let address, let limit):
      self = .unreachable(
        address: address, reason: "it is longer than \(limit) bytes", destination: destination)
    case .cannotWrite(let file, let reason): self = .cannotWrite(file: file, reason: reason)
    case .unavailable: self = .transferUnavailable
    }
  }
}
