import Foundation

/// A process that trains a network on a batch when told to: ours or PyTorch's, each with memory of its own.
///
/// It says `ready <words>`; to a line `<steps>` it answers `<seconds> <loss>`, to `memory` `<peak bytes> 0`.
final class TrainingProcess {
  /// What it said of itself: version, format, number of parameters.
  let greeting: [String]
  private let process: Process
  private let requests: FileHandle
  private let answers: FileHandle

  /// Starts a command; nil if it does not start or says nothing.
  init?(_ command: [String]) {
    process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    let input = Pipe()
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    requests = input.fileHandleForWriting
    answers = output.fileHandleForReading
    guard (try? process.run()) != nil, let line = Self.line(from: answers), line.hasPrefix("ready ")
    else { return nil }
    greeting = line.split(separator: " ").dropFirst().map(String.init)
  }

  /// The seconds that `steps` steps took, and the last loss.
  func train(steps: Int) -> (seconds: Double, loss: Double)? { ask(String(steps)) }

  /// The most memory that the process has had, in bytes.
  func peakMemory() -> Double? { ask("memory")?.0 }

  func finish() {
    try? requests.close()
    process.waitUntilExit()
  }

  private func ask(_ question: String) -> (Double, Double)? {
    guard (try? requests.write(contentsOf: Data("\(question)\n".utf8))) != nil,
      let answer = Self.line(from: answers)
    else { return nil }
    let numbers = answer.split(separator: " ").compactMap { Double($0) }
    return numbers.count == 2 ? (numbers[0], numbers[1]) : nil
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
