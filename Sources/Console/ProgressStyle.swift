import Foundation

/// How progress is shown.
public enum ProgressStyle: Sendable, Equatable {
  /// One line of a terminal, written over again and again.
  case line
  /// Whole lines, few of them.
  case plain
  /// Nothing, but for the log file.
  case silent

  /// A line where standard error is a terminal that can, and where no other stage writes to it at the same time.
  public static func automatic(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> ProgressStyle {
    choose(isTerminal: isatty(STDERR_FILENO) == 1, environment: environment)
  }

  static func choose(isTerminal: Bool, environment: [String: String]) -> ProgressStyle {
    let isDumb = environment["TERM"] == "dumb"
    return isTerminal && !isDumb && !runsInParallel(environment["MAKEFLAGS"] ?? "") ? .line : .plain
  }

  /// Whether GNU Make runs several jobs: it says `-j4` or `--jobserver-auth=…`; `-j1` is one job.
  private static func runsInParallel(_ flags: String) -> Bool {
    let words = flags.split(separator: " ").prefix { $0 != "--" }
    return words.contains { word in
      word.hasPrefix("--jobserver") || word.hasPrefix("--jobs") || (word.hasPrefix("-j") && word != "-j1")
    }
  }

  /// How many jobs GNU Make runs at once by what it tells its children, such as `-j4`; nil where it sets no limit.
  public static func jobs(makeFlags flags: String) -> Int? {
    let words = flags.split(separator: " ").prefix { $0 != "--" }
    guard let word = words.last(where: { $0.hasPrefix("-j") }) else { return 1 }
    return Int(word.dropFirst(2))
  }
}
