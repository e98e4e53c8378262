import Foundation

/// A process that does some work as often as it is told to: ours or PyTorch's, each with memory of its own.
///
/// It says `ready <words>`; to a line `<times>` it answers `<seconds> <number>`, to `memory` `<peak bytes> 0`.
final class BenchmarkProcess {
  /// What it said of itself: version, ways of doing things.
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
    requests = input.fileHandleForWriting
    answers = output.fileHandleForReading
    guard (try? process.run()) != nil, let line = Self.line(from: answers), line.hasPrefix("ready ")
    else { return nil }
    greeting = line.split(separator: " ").dropFirst().map(String.init)
  }

  /// The seconds that it took to do the work so many times, and a number that it made.
  func work(times: Int) -> (seconds: Double, result: Double)? { ask(String(times)) }

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

/// Our side of the conversation: answers on standard output what a ``BenchmarkProcess`` asks on standard input.
func serve(_ work: (_ times: Int) throws -> (seconds: Double, result: Double)) rethrows {
  print("ready ours")
  fflush(nil)
  while let line = readLine() {
    if line == "memory" {
      var usage = rusage()
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      print("\(usage.ru_maxrss * 1_024) 0")
    } else {
      let answer = try work(Int(line) ?? 0)
      print("\(answer.seconds) \(answer.result)")
    }
    fflush(nil)
  }
}
