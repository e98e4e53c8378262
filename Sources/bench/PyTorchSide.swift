import Foundation

/// A Python process that trains the same network on the same batch when told to.
final class PyTorchSide {
  let version: String
  private let process: Process
  private let requests: FileHandle
  private let answers: FileHandle

  /// Starts `python script arguments…`; nil if it does not start or PyTorch is not installed there.
  init?(python: String, script: String, arguments: [String]) {
    process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, script] + arguments
    let input = Pipe()
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    requests = input.fileHandleForWriting
    answers = output.fileHandleForReading
    guard (try? process.run()) != nil, let greeting = Self.line(from: answers),
      greeting.hasPrefix("ready ")
    else { return nil }
    version = String(greeting.dropFirst(6))
  }

  /// The seconds that `steps` steps took, and the last loss.
  func train(steps: Int) -> (seconds: Double, loss: Double)? {
    guard (try? requests.write(contentsOf: Data("\(steps)\n".utf8))) != nil,
      let answer = Self.line(from: answers)
    else { return nil }
    let numbers = answer.split(separator: " ").compactMap { Double($0) }
    return numbers.count == 2 ? (numbers[0], numbers[1]) : nil
  }

  func finish() {
    try? requests.close()
    process.waitUntilExit()
  }

  private static func line(from handle: FileHandle) -> String? {
    var bytes: [UInt8] = []
    while let byte = try? handle.read(upToCount: 1)?.first {
      if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte)
    }
    return nil
  }
}
