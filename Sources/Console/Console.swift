import Foundation

/// An error that knows the exit code of the process that it ends.
public protocol ExitCodeProviding {
  var exitCode: Int32 { get }
}

/// How a tool talks to the shell that started it.
public enum Console {
  /// Runs a tool and ends the process.
  ///
  /// A thrown error becomes the line `tool: message` on standard error. Exit codes: 0 success (and `--help`), 2 bad
  /// input or environment, what an ``ExitCodeProviding`` error says (3 for a damaged store entry), 130 or 143 once
  /// ``Interruption`` has caught SIGINT or SIGTERM, however the body ended.
  public static func run(tool: String, body: () throws -> Void) -> Never {
    let outcome = outcome(tool: tool, interruption: { Interruption.requested }, body: body)
    if let output = outcome.output { write(output, to: STDOUT_FILENO) }
    if let message = outcome.message { tell(message) }
    exit(outcome.code)
  }

  /// Writes a line to standard error, in place of the line of a make's progress where that is shown.
  public static func tell(_ message: String) {
    let isShown = ProgressSession.current != nil && isatty(STDERR_FILENO) == 1
    write((isShown ? ProgressSession.emptyLine : "") + message + "\n", to: STDERR_FILENO)
  }

  struct Outcome: Equatable {
    var code: Int32 = 0
    /// For standard output.
    var output: String?
    /// One line for standard error.
    var message: String?
  }

  static func outcome(tool: String, interruption: () -> Int32?, body: () throws -> Void) -> Outcome {
    var outcome = Outcome()
    do {
      try body()
    } catch let help as HelpRequest {
      outcome.output = help.usage
    } catch {
      outcome.message = "\(tool): \(text(error))"
      outcome.code = (error as? any ExitCodeProviding)?.exitCode ?? 2
    }
    if let signal = interruption() {
      outcome.code = 128 + signal
      outcome.message = outcome.message ?? "\(tool): \(Interruption.Interrupted(signal: signal))"
    }
    return outcome
  }

  /// An error's message in one line.
  public static func text(_ error: any Error) -> String {
    let message =
      switch error {
      case let error as DecodingError: text(error)
      case let error as any LocalizedError: error.errorDescription ?? "\(error)"
      default: "\(error)"
      }
    // It may quote what it is about, which may be a whole file.
    let start = message.prefix(greatestLength)
    return start.split(whereSeparator: \.isNewline)
      .map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
      + (start.endIndex < message.endIndex ? "…" : "")
  }

  /// Characters of a message.
  private static let greatestLength = 4_000

  private static func text(_ error: DecodingError) -> String {
    let (context, key): (DecodingError.Context, (any CodingKey)?)
    switch error {
    case .keyNotFound(let missing, let found): (context, key) = (found, missing)
    case .typeMismatch(_, let found), .valueNotFound(_, let found), .dataCorrupted(let found):
      (context, key) = (found, nil)
    @unknown default: return "\(error)"
    }
    let path = (context.codingPath + (key.map { [$0] } ?? []))
      .map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
    if key != nil { return "\(path) is missing" }
    return path.isEmpty ? context.debugDescription : "\(path): \(context.debugDescription)"
  }

  /// Writes all of a text with plain system calls; there is nobody to tell when that fails.
  static func write(_ text: String, to descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return }
      rest = rest.dropFirst(count)
    }
  }
}
