import CCurl
import Foundation

/// A handle of libcurl, kept from transfer to transfer so that connections to a server are used again. Of one thread at a
/// time.
public final class Connection {
  fileprivate let handle: UnsafeMutableRawPointer
  private static let started: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  /// - Throws: ``TransferError/unavailable``.
  public init() throws {
    guard Self.started, let handle = curl_easy_init() else { throw TransferError.unavailable }
    self.handle = handle
  }

  deinit { curl_easy_cleanup(handle) }
}

/// One attempt to fetch the rest of a file, by libcurl.
final class Transfer {
  enum Outcome: Equatable {
    case complete
    /// The server answered with this status.
    case refused(status: Int)
    /// The network failed; what has arrived is kept.
    case broken(reason: String)
  }

  private let address: String
  private let part: String
  private let total: Int?
  private let limit: Int?
  /// Bytes in the part.
  private var received: Int
  private var progress: Retrieval.Progress = { _, _ in }
  private var handle: UnsafeMutableRawPointer?
  private var descriptor: Int32 = -1
  /// Whether the answer has been looked at, which the first bytes of a body prompt.
  private var answerSeen = false
  private var failure: TransferError?

  /// - Parameters:
  ///   - start: the size of `part`, from which the server is asked to go on.
  ///   - total: the size of the whole file, where it is known.
  ///   - limit: the most bytes that are taken.
  init(address: String, part: String, start: Int, total: Int?, limit: Int?) {
    self.address = address
    self.part = part
    self.total = total
    self.limit = limit
    received = start
  }

  /// Throws ``TransferError`` for what no further attempt can mend.
  func run(over connection: Connection, _ progress: @escaping Retrieval.Progress) throws -> Outcome {
    let handle = connection.handle
    curl_easy_reset(handle)
    descriptor = open(part, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw TransferError.cannotWrite(file: part, reason: Self.systemReason()) }
    defer { close(descriptor) }
    self.handle = handle
    self.progress = progress

    curl_set_text(handle, CURLOPT_URL, address)
    curl_set_number(handle, CURLOPT_FOLLOWLOCATION, 1)
    curl_set_number(handle, CURLOPT_MAXREDIRS, 10)
    curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https")
    curl_set_number(handle, CURLOPT_NOSIGNAL, 1)
    curl_set_number(handle, CURLOPT_CONNECTTIMEOUT, 30)
    // A connection that gives less than 100 bytes a second for a minute is dead.
    curl_set_number(handle, CURLOPT_LOW_SPEED_LIMIT, 100)
    curl_set_number(handle, CURLOPT_LOW_SPEED_TIME, 60)
    if received > 0 { curl_set_text(handle, CURLOPT_RANGE, "\(received)-") }
    curl_set_pointer(handle, CURLOPT_WRITEDATA, Unmanaged.passUnretained(self).toOpaque())
    curl_set_writer(handle) { bytes, size, count, context in
      guard let bytes, let context else { return 0 }
      let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
      return transfer.take(UnsafeRawBufferPointer(start: bytes, count: size * count))
    }

    let status = curl_easy_perform(handle)
    if let failure { throw failure }
    let answer = answerStatus()
    if answer >= 300 { return .refused(status: answer) }
    guard status == CURLE_OK else { return .broken(reason: String(cString: curl_easy_strerror(status))) }
    if let total, received < total { return .broken(reason: "ended after \(received) of \(total) bytes") }
    return .complete
  }

  private func answerStatus() -> Int {
    var status = 0
    if let handle { curl_get_number(handle, CURLINFO_RESPONSE_CODE, &status) }
    return status
  }

  /// Appends a piece of the body; anything but its size stops the transfer.
  private func take(_ bytes: UnsafeRawBufferPointer) -> Int {
    let answer = answerStatus()
    // The body of an error is not the file.
    guard answer < 300 else { return bytes.count }
    if !answerSeen {
      answerSeen = true
      // A server that ignores ranges sends the whole file again.
      if received > 0, answer != 206 {
        guard ftruncate(descriptor, 0) == 0 else { return fail() }
        received = 0
      }
    }
    if let limit, received + bytes.count > limit {
      failure = .tooLong(address: address, limit: limit)
      return 0
    }
    var written = 0
    while written < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
      let count = write(descriptor, rest.baseAddress, rest.count)
      if count < 0, errno != EINTR { return fail() }
      written += max(count, 0)
    }
    received += bytes.count
    progress(received, total)
    return bytes.count
  }

  private func fail() -> Int {
    failure = .cannotWrite(file: part, reason: Self.systemReason())
    return 0
  }

  private static func systemReason() -> String { String(cString: strerror(errno)) }
}
