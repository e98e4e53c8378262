import Foundation

/// A server of one file on 127.0.0.1 that answers as a test wishes.
final class LoopbackServer: @unchecked Sendable {  // what changes is guarded by `lock`
  struct Request: Equatable {
    var path: String
    /// The first byte asked for, nil without a range.
    var start: Int?
  }

  enum Answer {
    /// The file, from the byte asked for.
    case file
    /// The whole file, whatever was asked for.
    case wholeFile
    /// The announced file, but the connection ends after so many bytes of it.
    case cutAfter(Int)
    case status(Int)
  }

  struct Unavailable: Error {
    let reason: String
  }

  private let file: [UInt8]
  private let answer: @Sendable (_ number: Int, Request) -> Answer
  private let listener: Int32
  let port: UInt16
  private let lock = NSLock()
  private var received: [Request] = []
  private let finished = DispatchSemaphore(value: 0)

  /// The requests so far, in their order.
  var requests: [Request] { lock.withLock { received } }
  var address: String { "http://127.0.0.1:\(port)/folder" }

  /// - Parameter answer: called with the number of the request, from 0, and the request.
  init(file: [UInt8], answer: @escaping @Sendable (Int, Request) -> Answer = { _, _ in .file }) throws {
    self.file = file
    self.answer = answer
    (listener, port) = try Self.bound()
    guard listen(listener, 8) == 0 else { throw Unavailable(reason: "listen") }
    Thread.detachNewThread { self.serve() }
  }

  /// A socket bound to a free port: until somebody listens, connections to it are refused.
  static func bound() throws -> (descriptor: Int32, port: UInt16) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw Unavailable(reason: "socket") }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard status else {
      close(descriptor)
      throw Unavailable(reason: "bind")
    }
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }

  /// Ends the thread and frees the port.
  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    finished.wait()
    close(listener)
  }

  private func serve() {
    while true {
      let connection = accept(listener, nil, nil)
      guard connection >= 0 else { break }
      var patience = timeval(tv_sec: 10, tv_usec: 0)
      let size = socklen_t(MemoryLayout<timeval>.size)
      setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
      setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
      respond(connection)
      shutdown(connection, Int32(SHUT_RDWR))
      close(connection)
    }
    finished.signal()
  }

  private func respond(_ connection: Int32) {
    var head: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4_096)
    while !String(decoding: head, as: UTF8.self).contains("\r\n\r\n") {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return }
      head += buffer[..<count]
    }
    let lines = String(decoding: head, as: UTF8.self).components(separatedBy: "\r\n")
    let path = lines[0].split(separator: " ").dropFirst().first.map(String.init) ?? ""
    let range = lines.first { $0.lowercased().hasPrefix("range: bytes=") }
    let request = Request(
      path: path, start: range.flatMap { Int($0.dropFirst("range: bytes=".count).prefix { $0 != "-" }) })
    let number = lock.withLock {
      received.append(request)
      return received.count - 1
    }
    let start = request.start ?? 0
    switch answer(number, request) {
    case .file where start > 0 && start >= file.count: send(connection, status: 416, body: [])
    case .file: send(connection, from: start, body: file.dropFirst(start))
    case .wholeFile: send(connection, from: 0, body: file[...])
    case .cutAfter(let count):
      send(connection, from: start, body: file.dropFirst(start).prefix(count))
    case .status(let status): send(connection, status: status, body: Array("an error page".utf8)[...])
    }
  }

  /// Announces all from `start` on and sends `body`.
  private func send(_ connection: Int32, from start: Int, body: ArraySlice<UInt8>) {
    let place = start > 0 ? "Content-Range: bytes \(start)-\(file.count - 1)/\(file.count)\r\n" : ""
    send(
      connection,
      "HTTP/1.1 \(start > 0 ? 206 : 200) Answer\r\n\(place)Content-Length: \(file.count - start)\r\n", body)
  }

  private func send(_ connection: Int32, status: Int, body: ArraySlice<UInt8>) {
    send(connection, "HTTP/1.1 \(status) Answer\r\nContent-Length: \(body.count)\r\n", body)
  }

  private func send(_ connection: Int32, _ head: String, _ body: ArraySlice<UInt8>) {
    let bytes = Array((head + "Connection: close\r\n\r\n").utf8) + body
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Foundation.send(
          connection, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      sent += count
    }
  }
}
