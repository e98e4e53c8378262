import Foundation
import Synchronization

/// The polite end: the first SIGINT or SIGTERM sets a flag that long work looks at, the second one kills.
public enum Interruption {
  /// Thrown by work that stops because of a signal.
  public struct Interrupted: Error, Equatable, CustomStringConvertible, ExitCodeProviding {
    /// SIGINT or SIGTERM.
    public let signal: Int32
    public var exitCode: Int32 { 128 + signal }
    public var description: String {
      "stopped by \(signal == SIGINT ? "SIGINT" : signal == SIGTERM ? "SIGTERM" : "signal \(signal)"); run again to go on"
    }

    public init(signal: Int32) { self.signal = signal }
  }

  /// The caught signal; 0 while there is none.
  fileprivate static let flag = Atomic<Int32>(0)

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
  /// do for background jobs, stays ignored.
  public static func install() {
    // Touched once here, so that the handler never has to initialise it.
    _ = requested
    for signal in [SIGINT, SIGTERM] {
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
    }
  }
}

/// Only an atomic exchange, `signal` and `raise`, all of which POSIX allows in a handler.
private func handleInterruption(_ number: Int32) {
  let earlier = Interruption.flag.exchange(number, ordering: .acquiringAndReleasing)
  guard earlier != 0 else { return }
  signal(number, SIG_DFL)
  raise(number)
}
