/// Why a file could not be fetched.
public enum TransferError: Error, Equatable, CustomStringConvertible {
  /// The server cannot be reached, or the connection broke, however often it was tried.
  case unreachable(address: String, reason: String)
  /// The server answered with an error, or sent from one address to the next without end.
  case refused(address: String, status: Int)
  /// The server sends more than there should be.
  case tooLong(address: String, limit: Int)
  /// The system refused to write.
  case cannotWrite(file: String, reason: String)
  /// libcurl cannot be started.
  case unavailable

  public var description: String {
    switch self {
    case .unreachable(let address, let reason):
      "cannot fetch \(address): \(reason); check the address and the network, and run again to go on"
    case .refused(let address, let status) where (300..<400).contains(status):
      "cannot fetch \(address): the server redirects without end (\(status)); check the address"
    case .refused(let address, let status): "cannot fetch \(address): the server answers \(status)"
    case .tooLong(let address, let limit): "\(address) is longer than the \(limit) bytes that it should have"
    case .cannotWrite(let file, let reason): "cannot write \(file): \(reason)"
    case .unavailable: "libcurl cannot be started; install Debian's libcurl4"
    }
  }
}
