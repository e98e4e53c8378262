import Foundation
import Synchronization

/// The polite end: the first SIGINT, SIGTERM, SIGHUP or SIGUSR1 sets a flag that long work looks at, a later one kills.
///
/// Later means two seconds later: a scheduler at a job's time limit signals the job and each of its steps, so that one
/// process hears of it several times at once. SIGUSR1 is what schedulers are asked to send ahead of the limit.
public enum Interruption {
  /// Thrown by work that stops because of a signal.
  public struct Interrupted: Error, Equatable, CustomStringConvertible, ExitCodeProviding {
    /// One of ``Interruption/signals``.
    public let signal: Int32
    public var exitCode: Int32 { 128 + signal }
    public var description: String {
      let name = Interruption.signals.first { $0.number == signal }?.name ?? "signal \(signal)"
      return "stopped by \(name); run again to go on"
    }

    public init(signal: Int32) { self.signal = signal }
  }

  /// What asks for a polite end.
  static let signals: [(number: Int32, name: String)] = [
    (SIGINT, "SIGINT"), (SIGTERM, "SIGTERM"), (SIGHUP, "SIGHUP"), (SIGUSR1, "SIGUSR1"),
  ]
  /// For so long after the first signal further ones mean the same, in nanoseconds.
  fileprivate static let deafness = 2_000_000_000

  /// The caught signal; 0 while there is none.
  fileprivate static let flag = Atomic<Int32>(0)
  /// When it came, in nanoseconds.
  fileprivate static let caught = Atomic<Int>(0)

  /// The signal that asked this process to end, or nil. Cheap: one atomic load.
  public static var requested: Int32? {
    let signal = flag.load(ordering: .acquiring)
    return signal == 0 ? nil : signal
  }

  /// Throws ``Interrupted`` once a signal has come.
  public static func check() throws {
    if let signal = requested { throw Interrupted(signal: signal) }
  }

  /// Installs the handlers. A tool that does this has to call ``check()`` (or look at ``requested``) often enough; a
  /// tool that does not dies of the first signal as usual. A signal that the parent had ignored, as `nohup` and shells
  /// do for background jobs, stays ignored; one that was blocked where the parent started this process, as in the threads
  /// of many a program, is heard again.
  public static func install() {
    // Touched once here, so that the handler never has to initialise it.
    _ = (requested, caught.load(ordering: .relaxed), deafness)
    var heard = sigset_t()
    sigemptyset(&heard)
    for (signal, _) in signals {
      var earlier = sigaction()
      sigaction(signal, nil, &earlier)
      let isIgnored =
        unsafeBitCast(earlier.__sigaction_handler.sa_handler, to: Int.self)
        == unsafeBitCast(SIG_IGN, to: Int.self)
      if isIgnored { continue }
      var action = sigaction()
      action.__sigaction_handler.sa_handler = handleInterruption
      sigemptyset(&action.sa_mask)
      action.sa_flags = SA_RESTART
      sigaction(signal, &action, nil)
      sigaddset(&heard, signal)
    }
    pthread_sigmask(SIG_UNBLOCK, &heard, nil)
  }
}

/// Only atomic operations, `clock_gettime`, `signal` and `raise`, all of which POSIX allows in a handler.
private func handleInterruption(_ number: Int32) {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  let now = time.tv_sec &* 1_000_000_000 &+ time.tv_nsec
  let (isFirst, _) = Interruption.flag.compareExchange(
    expected: 0, desired: number, ordering: .acquiringAndReleasing)
  if isFirst {
    Interruption.caught.store(now, ordering: .releasing)
    return
  }
  let first = Interruption.caught.load(ordering: .acquiring)
  // Between the two stores of a first signal there is no time yet.
  guard first != 0, now &- first >= Interruption.deafness else { return }
  signal(number, SIG_DFL)
  raise(number)
}
