import Foundation
import Synchronization

/// The bookkeeping of one make, a folder that all its stages share: who is at work, what is done, and who writes the one
/// line that shows it.
///
/// A stage at work holds a lock on a file of its own, which says how far it is; the kernel lets the lock go however the
/// stage ends, so that what a killed one leaves counts for nothing. What is done is a list that only grows, in a folder
/// that belongs to one make: an earlier one's is never looked at. Nothing here can fail a stage: a folder that cannot be
/// written only shows less.
public final class ProgressSession: Sendable {
  /// Where lines go and what time it is; tests bring their own.
  struct Surroundings: Sendable {
    var isTerminal = isatty(STDERR_FILENO) == 1 && getenv("TERM").map { String(cString: $0) } != "dumb"
    var write: @Sendable (String) -> Void = { Console.write($0, to: STDERR_FILENO) }
    /// In seconds since 1970: stages on several machines share it.
    var now: @Sendable () -> Double = { ProgressSession.now }
    var width: @Sendable () -> Int = { ProgressReporter.terminalWidth() }
  }

  private struct State {
    var plan: ProgressPlan?
    var key = ""
    var title = ""
    /// Of the file that says how far this stage is; locked.
    var descriptor: Int32 = -1
    var nextReport = -Double.infinity
  }

  /// A line on a terminal is written anew after so many seconds.
  private static let lineInterval = 0.2
  /// Without news from the stage that wrote the line last, another one takes over.
  private static let takeOver = 1.5
  /// Where nobody looks at a terminal: a line in so many seconds.
  private static let plainInterval = 30.0

  /// The variable by which make tells its stages where the folder is.
  public static let variable = "BARRIERS_PROGRESS"

  /// That of the make that started this process, nil where none did or where it lets the stages speak for themselves.
  public static let current: ProgressSession? = {
    guard let value = getenv(variable), getenv(verboseVariable).map({ $0.pointee == 0 }) ?? true else {
      return nil
    }
    let folder = String(cString: value)
    return access(folder + "/" + planName, F_OK) == 0 ? ProgressSession(folder: folder) : nil
  }()

  /// The variable by which make says that every stage is to speak for itself; not empty then.
  public static let verboseVariable = "BARRIERS_VERBOSE"

  /// Seconds since 1970.
  public static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  private static let planName = "plan"
  private static let doneName = "done"
  private static let lineName = "line"
  private static let ranName = "ran"
  private static let reachedName = "reached"

  public let folder: String
  private let surroundings: Surroundings
  private let state = Mutex(State())

  public convenience init(folder: String) { self.init(folder: folder, surroundings: Surroundings()) }

  init(folder: String, surroundings: Surroundings) {
    self.folder = folder
    self.surroundings = surroundings
  }

  /// What there is to do; nil where nobody has said so.
  public var plan: ProgressPlan? { Self.text("\(folder)/\(Self.planName)").flatMap(ProgressPlan.init(text:)) }

  /// Whether anything had to be made since the make began.
  public var hasRun: Bool { access("\(folder)/\(Self.ranName)", F_OK) == 0 }

  /// Says what there is to do, and that nothing of it is done. Lines of stages follow after the usual time. The folder
  /// must be there.
  ///
  /// - Parameter hasRun: whether an earlier plan of the same make had something to do.
  public func begin(_ plan: ProgressPlan, hasRun: Bool = false) {
    mkdir(folder + "/running", 0o777)
    unlink("\(folder)/\(Self.doneName)")
    if hasRun || !plan.missing.isEmpty { Self.replace("\(folder)/\(Self.ranName)", by: "") }
    Self.replace("\(folder)/\(Self.planName)", by: plan.text)
    Self.replace("\(folder)/\(Self.lineName)", by: "\(surroundings.now()) none\n")
  }

  /// Says that this process is at work on a job.
  public func begin(_ key: String, title: String) {
    state.withLock { state in
      state.key = key
      state.title = title
      state.descriptor = open("\(folder)/running/\(key)", O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
      lock(state.descriptor)
      write(0, state)
      show(&state, share: 0, note: "")
    }
  }

  /// Says how far the job is. Cheap: the note is not made unless it is shown.
  public func update(share: Double, note: @autoclosure () -> String = "") {
    let now = surroundings.now()
    state.withLock { state in
      guard now >= state.nextReport else { return }
      state.nextReport = now + Self.lineInterval
      write(share, state)
      show(&state, share: share, note: note())
    }
  }

  /// Says that this process's job is over.
  ///
  /// - Parameter isDone: whether its result is there.
  public func end(isDone: Bool) {
    state.withLock { state in
      if isDone { append(state.key) }
      unlink("\(folder)/running/\(state.key)")
      if state.descriptor >= 0 { close(state.descriptor) }
      state.descriptor = -1
      if surroundings.isTerminal, running.isEmpty {
        // Whoever writes next, make itself among them, finds an empty line.
        withLine(by: state.key) { _ in
          surroundings.write(Self.emptyLine)
          return 0
        }
      } else if isDone {
        show(&state, share: 1, note: "")
      }
    }
  }

  /// Lets go as a killed process does, for tests.
  func die() {
    state.withLock { state in
      if state.descriptor >= 0 { close(state.descriptor) }
      state.descriptor = -1
    }
  }

  /// Says that a goal of the make has been reached.
  ///
  /// - Returns: whether all of the goals have been, by this one as the last: the end is told once.
  public func reach(_ goal: String, of goals: [String]) -> Bool {
    let path = "\(folder)/\(Self.reachedName)"
    let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { return goals.last == goal }
    defer { close(descriptor) }
    flock(descriptor, LOCK_EX)
    let before = Set((Self.text(path) ?? "").split(separator: "\n").map(String.init))
    let bytes = Array((goal + "\n").utf8)
    _ = Glibc.write(descriptor, bytes, bytes.count)
    return before.union([goal]).isSuperset(of: goals) && !before.contains(goal)
  }

  /// What empties a terminal's line, for who writes whole lines while stages are at work.
  public static let emptyLine = "\r\u{1B}[K"

  /// How far the make is.
  public func overall() -> OverallProgress? {
    plan.map { OverallProgress($0, done: done, running: running, now: surroundings.now()) }
  }

  /// How many stages are at work at the moment.
  public var workerCount: Int { running.count }

  private var done: Set<String> {
    Set((Self.text("\(folder)/\(Self.doneName)") ?? "").split(separator: "\n").map(String.init))
  }

  /// Key → the share that is done, of the jobs whose stages live.
  private var running: [String: Double] {
    var shares: [String: Double] = [:]
    for key in (try? FileManager.default.contentsOfDirectory(atPath: folder + "/running")) ?? [] {
      let path = "\(folder)/running/\(key)"
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      defer { close(descriptor) }
      if flock(descriptor, LOCK_SH | LOCK_NB) == 0 { continue }
      shares[key] = Self.text(path).flatMap { Double($0.prefix(8)) } ?? 0
    }
    return shares
  }

  /// Who looks at the file holds a lock on it for a moment; nobody else ever does.
  private func lock(_ descriptor: Int32) {
    guard descriptor >= 0 else { return }
    var attempts = 0
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0, attempts < 20 {
      usleep(500)
      attempts += 1
    }
  }

  private func write(_ share: Double, _ state: State) {
    guard state.descriptor >= 0 else { return }
    let text = Array(String(format: "%.6f\n", max(0, min(1, share))).utf8)
    _ = pwrite(state.descriptor, text, text.count, 0)
  }

  private func append(_ key: String) {
    let descriptor = open("\(folder)/\(Self.doneName)", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { return }
    let bytes = Array((key + "\n").utf8)
    _ = Glibc.write(descriptor, bytes, bytes.count)
    close(descriptor)
  }

  /// Writes the line if it is this process's turn.
  private func show(_ state: inout State, share: Double, note: String) {
    guard Interruption.requested == nil else { return }
    let now = surroundings.now()
    let key = state.key
    withLine(by: key) { last in
      let isMine = last?.writer == key[...]
      let interval =
        surroundings.isTerminal ? (isMine ? Self.lineInterval : Self.takeOver) : Self.plainInterval
      // A clock of another machine may be ahead.
      if let last, last.time <= now, now - last.time < interval { return nil }
      if state.plan == nil { state.plan = plan }
      guard let plan = state.plan else { return nil }
      let progress = OverallProgress(plan, done: done, running: running, now: now)
      if surroundings.isTerminal {
        surroundings.write(
          "\r\(progress.line(of: state.title, note: note, columns: surroundings.width()))\u{1B}[K")
      } else {
        surroundings.write("\(progress.text)\n")
      }
      return now
    }
  }

  /// Runs a body that may write the line, while nobody else does; it is told who wrote it last and when, and says when
  /// it has written it itself. Nothing happens while somebody else is about to write it.
  private func withLine(by writer: String, _ body: ((time: Double, writer: Substring)?) -> Double?) {
    let path = "\(folder)/\(Self.lineName)"
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return }
    let words = (Self.text(path) ?? "").split(whereSeparator: \.isWhitespace)
    let last = words.count == 2 ? Double(words[0]).map { ($0, words[1]) } : nil
    guard let time = body(last) else { return }
    let text = Array("\(time) \(writer)\n".utf8)
    _ = pwrite(descriptor, text, text.count, 0)
    ftruncate(descriptor, off_t(text.count))
  }

  private static func text(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  private static func replace(_ path: String, by text: String) {
    let partial = "\(path).\(getpid())"
    guard FileManager.default.createFile(atPath: partial, contents: Data(text.utf8)) else { return }
    rename(partial, path)
  }
}
