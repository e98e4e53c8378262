import Foundation
import Synchronization

/// Tells people how far long work is: `train fig-2.1  [=====>    ]  52%  epoch 3/20 loss 1.23  4 min 10 s left`.
///
/// On a terminal one line that is written over ten times a second at most; elsewhere one whole line after the first
/// second, one in ten seconds from then on, and always the last. Lines go to standard error and, if given, to a log file.
public final class ProgressReporter: Sendable {
  /// Where lines go and what time it is; tests bring their own.
  struct Surroundings: Sendable {
    var write: @Sendable (String) -> Void = { Console.write($0, to: STDERR_FILENO) }
    var now: @Sendable () -> Double = {
      var time = timespec()
      clock_gettime(CLOCK_MONOTONIC, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
    var width: @Sendable () -> Int = { terminalWidth() }
  }

  private struct State {
    var done: Double
    var estimate: ProgressEstimate
    var nextLine = -Double.infinity
    var nextPlain: Double
    var nextShare = -Double.infinity
    var log: Int32 = -1
    var isFinished = false
  }

  private static let lineInterval = 0.1
  private static let plainInterval = 10.0
  private static let firstPlain = 1.0

  private let title: String
  private let total: Double
  private let style: ProgressStyle
  private let session: ProgressSession?
  private let surroundings: Surroundings
  private let start: Double
  private let state: Mutex<State>

  /// - Parameters:
  ///   - total: all the work, in any unit; 0 where unknown.
  ///   - alreadyDone: work that an earlier process did, which does not count as this one's speed.
  ///   - log: a file to append plain lines to.
  ///   - session: of the make that this work is a part of, which shows it instead of a line for this work alone.
  public convenience init(
    title: String, total: Double, alreadyDone: Double = 0, style: ProgressStyle? = nil,
    log: String? = nil, session: ProgressSession? = nil
  ) {
    self.init(
      title: title, total: total, alreadyDone: alreadyDone,
      style: style ?? (session == nil ? .automatic() : .silent), log: log, session: session,
      surroundings: Surroundings())
  }

  init(
    title: String, total: Double, alreadyDone: Double, style: ProgressStyle, log: String?,
    session: ProgressSession? = nil, surroundings: Surroundings
  ) {
    self.title = title
    self.total = total
    self.style = style
    self.session = session
    self.surroundings = surroundings
    start = surroundings.now()
    var state = State(
      done: alreadyDone, estimate: ProgressEstimate(done: alreadyDone, now: start),
      nextPlain: start + Self.firstPlain)
    if let log {
      state.log = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
      if state.log < 0 { Self.complain(log, surroundings) }
    }
    self.state = Mutex(state)
  }

  deinit {
    state.withLock { if $0.log >= 0 { close($0.log) } }
  }

  /// Takes an amount as done before this process worked, once a checkpoint has been found.
  public func resume(at done: Double) {
    let now = surroundings.now()
    state.withLock {
      $0.done = done
      $0.estimate.resume(at: done, now: now)
    }
  }

  /// Says how much is done. Cheap: the note is not even made unless it is shown.
  public func update(done: Double, note: @autoclosure () -> String = "") {
    let now = surroundings.now()
    state.withLock { state in
      guard !state.isFinished else { return }
      state.done = done
      let showsLine = style == .line && now >= state.nextLine
      let showsPlain = (style == .plain || state.log >= 0) && now >= state.nextPlain
      let showsShare = session != nil && now >= state.nextShare
      guard showsLine || showsPlain || showsShare else { return }
      state.estimate.update(done: done, now: now)
      let note = note()
      if showsShare, let session {
        state.nextShare = now + Self.lineInterval
        session.update(share: total > 0 ? done / total : 0, note: note)
      }
      if showsLine {
        state.nextLine = now + Self.lineInterval
        surroundings.write("\r\(line(state, note, end: nil))\u{1B}[K")
      }
      if showsPlain {
        state.nextPlain = now + Self.plainInterval
        writePlain(&state, note, end: nil)
      }
    }
  }

  /// Says that the work is over, whatever was done, and how long it took. Later calls do nothing.
  public func finish(note: String = "") {
    let now = surroundings.now()
    state.withLock { state in
      guard !state.isFinished else { return }
      state.isFinished = true
      if style == .line { surroundings.write("\r\(line(state, note, end: now))\u{1B}[K\n") }
      writePlain(&state, note, end: now)
    }
  }

  private func percentage(_ state: State) -> String {
    guard total > 0 else { return Format.rounded(state.done) }
    // Rounded down: 100% means that all is done.
    let percent = Int(max(0, min(1, state.done / total)) * 100)
    return TextWidth.pad("\(percent)%", to: 4, atLeft: true)
  }

  private func time(_ state: State, end: Double?) -> String {
    if let end { return "in \(Format.duration(end - start))" }
    guard total > 0, let left = state.estimate.secondsLeft(total: total) else { return "" }
    return "\(Format.duration(left.rounded())) left"
  }

  private func writePlain(_ state: inout State, _ note: String, end: Double?) {
    let parts = ["\(title):", percentage(state), note, time(state, end: end)]
    let text = parts.filter { !$0.isEmpty }.joined(separator: "  ") + "\n"
    if style == .plain { surroundings.write(text) }
    guard state.log >= 0 else { return }
    let bytes = Array(text.utf8)
    if Glibc.write(state.log, bytes, bytes.count) != bytes.count {
      Self.complain("the log file", surroundings)
      close(state.log)
      state.log = -1
    }
  }

  private func line(_ state: State, _ note: String, end: Double?) -> String {
    let width = max(20, surroundings.width() - 1)
    let tail = [percentage(state), note, time(state, end: end)].filter { !$0.isEmpty }.joined(separator: "  ")
    let free = width - TextWidth.columns(title) - TextWidth.columns(tail) - 4
    guard total > 0, free >= 12, end == nil else { return TextWidth.fit("\(title)  \(tail)", to: width) }
    return "\(title)  \(bar(state, columns: min(free, 30)))  \(tail)"
  }

  private func bar(_ state: State, columns: Int) -> String {
    let inner = columns - 2
    let filled = Int(max(0, min(1, state.done / total)) * Double(inner))
    let tip = filled < inner ? ">" : ""
    let body = String(repeating: "=", count: filled) + tip
    return "[\(TextWidth.pad(body, to: inner))]"
  }

  /// A log that cannot be written must not end hours of work, but somebody should know.
  private static func complain(_ log: String, _ surroundings: Surroundings) {
    surroundings.write("cannot write \(log): \(String(cString: strerror(errno))); going on without\n")
  }

  /// The terminal's width in columns; 80 where nobody knows.
  static func terminalWidth() -> Int {
    var size = winsize()
    if ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    return ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) } ?? 80
  }
}
