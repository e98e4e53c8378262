import Foundation
import Testing

/// How many cases, and which: `MUTATIONS=50000 MUTATIONS_FROM=1000000` looks for more faults than there is time for in
/// every test.
enum FuzzCases {
  /// The numbers of the cases: `count` of them unless the environment says otherwise.
  static func numbers(_ count: Int) -> Range<Int> {
    let first = number("MUTATIONS_FROM") ?? 0
    return first..<first + (number("MUTATIONS") ?? count)
  }

  private static func number(_ name: String) -> Int? {
    ProcessInfo.processInfo.environment[name].flatMap(Int.init)
  }

  /// Tries a case: its body may throw an error that is one line of words, and nothing else may happen.
  ///
  /// The text is kept in a file while it is tried: what ends the process can say nothing any more.
  ///
  /// - Returns: whether the body went to its end.
  static func attempt(_ number: Int, of kind: String, text: String, body: () throws -> Void) throws -> Bool {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(
      "barriers-\(kind)-\(ProcessInfo.processInfo.processIdentifier).txt")
    try Data("case \(number)\n\(text)".utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let clock = ContinuousClock()
    let start = clock.now
    var isAccepted = true
    do { try body() } catch {
      isAccepted = false
      let words = "\(error)"
      let isOneLine = !words.isEmpty && !words.contains { $0.isNewline } && words.utf8.count < 4_000
      #expect(isOneLine, "\(kind) \(number): \(words)\n\(text.prefix(20_000))")
    }
    let elapsed = clock.now - start
    #expect(elapsed < .seconds(20), "\(kind) \(number) took \(elapsed):\n\(text.prefix(20_000))")
    return isAccepted
  }

  /// Mistakes that are all refused, or none, would say little.
  static func expectBoth(_ accepted: Int, of count: Int) {
    #expect(count < 50 || (accepted > count / 50 && accepted < count), "\(accepted) of \(count) accepted")
    if ProcessInfo.processInfo.environment["MUTATIONS"] != nil { print("\(accepted) of \(count) accepted") }
  }
}
