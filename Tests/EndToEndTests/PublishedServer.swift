import Foundation
import Testing

/// A folder behind an address on loopback, served well or badly by `Tests/Servers/published.py`; it ends with the value.
final class PublishedServer {
  enum Mode: String {
    case plain, truncate, wrong, missing, slow, redirect, forbidden, failing
  }

  private let process = Process()
  private let log: String
  let address: String

  init(_ folder: String, _ mode: Mode = .plain) throws {
    log = FileManager.default.temporaryDirectory.path + "/barriers-requests-\(UUID().uuidString)"
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", Workbench.repository + "/Tests/Servers/published.py", folder, mode.rawValue, log,
    ]
    process.standardOutput = output
    try process.run()
    var line = ""
    while !line.hasSuffix("\n") {
      let data = output.fileHandleForReading.availableData
      guard !data.isEmpty else { break }
      line += String(decoding: data, as: UTF8.self)
    }
    let port = try #require(
      Int(line.trimmingCharacters(in: .whitespacesAndNewlines)), "the server says its port")
    address = "http://127.0.0.1:\(port)"
  }

  /// Method, path and range of every request so far.
  var requests: [String] {
    let data = FileManager.default.contents(atPath: log) ?? Data()
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  var blobRequests: [String] { requests.filter { $0.contains("/blobs/") } }

  deinit {
    // Children of a test runner's threads may have every other signal blocked.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    unlink(log)
  }
}
