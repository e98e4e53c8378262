import Console
import Foundation
import LinearAlgebra

/// How many threads this process may work with. Results do not depend on it (``ThreadTeam``).
///
/// `THREADS=n` of a make gives each of its stages n. Left to itself, a make of n jobs at a time has n cores, and stages
/// that work while others cannot begin, as the last long run of a night, share those that are free: who is at work is
/// looked up twice a second.
enum ThreadBudget {
  /// The variable by which make hands on `THREADS`.
  static let variable = "BARRIERS_THREADS"

  private static let secondsBetweenLooks = 0.5

  /// Sets the threads of this process, to be called before anything takes memory for them.
  ///
  /// - Throws: ``ThreadProblem``.
  static func apply(
    session: ProgressSession?, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    if let text = environment[variable], !text.isEmpty {
      guard let count = Int(text), (1...ThreadTeam.mostThreads).contains(count) else {
        throw ThreadProblem.outOfRange(text)
      }
      guard count == 1 || BLASKernel.threading != .serial else { throw ThreadProblem.serialLibrary }
      ThreadTeam.use(count)
      return
    }
    guard let session, BLASKernel.threading != .serial else { return }
    let cores = min(
      session.plan?.slots ?? 1, ProcessInfo.processInfo.activeProcessorCount, ThreadTeam.mostThreads)
    guard cores > 1 else { return }
    ThreadTeam.use(cores)
    ThreadTeam.limit(to: share(of: cores, in: session))
    Thread.detachNewThread {
      while true {
        Thread.sleep(forTimeInterval: secondsBetweenLooks)
        ThreadTeam.limit(to: share(of: cores, in: session))
      }
    }
  }

  /// The cores for each of those at work.
  static func share(of cores: Int, in session: ProgressSession) -> Int {
    max(1, cores / max(1, session.workerCount))
  }
}

/// Why a process cannot have the threads that it was asked to have.
enum ThreadProblem: Error, Equatable, CustomStringConvertible {
  case outOfRange(String)
  /// OpenBLAS was built without what several callers at a time need.
  case serialLibrary

  var description: String {
    switch self {
    case .outOfRange(let text):
      "THREADS must be a number between 1 and \(ThreadTeam.mostThreads), not '\(text)'"
    case .serialLibrary:
      "THREADS needs an OpenBLAS that may be called from several threads: install libopenblas0-pthread"
    }
  }
}
