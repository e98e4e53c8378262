import Foundation

/// Fetches a file in as many attempts as it takes: what has arrived in `part` stays, and each attempt goes on from there.
public struct Retrieval: Sendable {
  /// How often and how patiently a broken transfer is tried again.
  public struct Patience: Hashable, Sendable {
    public var attempts: Int
    /// Seconds before the second attempt, doubled before each further one.
    public var firstDelay: Double

    public init(attempts: Int = 5, firstDelay: Double = 1) {
      self.attempts = attempts
      self.firstDelay = firstDelay
    }
  }

  /// Bytes that are there and bytes that there will be, where that is known.
  public typealias Progress = (_ received: Int, _ total: Int?) -> Void

  public let address: String
  /// Where the bytes go.
  public let part: String
  /// The size of the whole file, where it is known.
  public let total: Int?
  /// The most bytes that are taken, for what comes from strangers.
  public let limit: Int?
  public let patience: Patience

  public init(
    address: String, part: String, total: Int? = nil, limit: Int? = nil, patience: Patience = Patience()
  ) {
    self.address = address
    self.part = part
    self.total = total
    self.limit = limit
    self.patience = patience
  }

  /// Attempts until the part is complete.
  ///
  /// - Throws: ``TransferError``. What has arrived stays for the next call.
  public func run(over connection: Connection, progress: @escaping Progress = { _, _ in }) throws {
    var delay = patience.firstDelay
    for attempt in 1... {
      let start = size(of: part)
      if let total, start == total { return }
      let outcome = try Transfer(address: address, part: part, start: start, total: total, limit: limit)
        .run(over: connection, progress)
      switch outcome {
      case .complete: return
      case .refused(status: 416) where start > 0:
        // Nothing lies beyond what we have: it is whole (a checksum decides) or longer than the file.
        return
      case .refused(let status) where (300..<500).contains(status) && status != 408 && status != 429:
        throw TransferError.refused(address: address, status: status)
      case .refused(let status):
        guard attempt < patience.attempts else {
          throw TransferError.refused(address: address, status: status)
        }
      case .broken(let reason):
        guard attempt < patience.attempts else {
          throw TransferError.unreachable(address: address, reason: reason)
        }
      }
      Thread.sleep(forTimeInterval: delay)
      delay *= 2
    }
  }

  private func size(of file: String) -> Int {
    var status = stat()
    return stat(file, &status) == 0 ? Int(status.st_size) : 0
  }
}
