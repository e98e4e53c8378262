import Foundation
import Synchronization

/// Numbered pieces of work, several at once; the first error ends it.
enum ParallelWork {
  private struct State {
    var next = 0
    var failure: (any Error)?
  }

  /// - Parameters:
  ///   - workers: how many pieces are under way at once.
  ///   - shouldStop: looked at before each piece.
  ///   - begin: makes what a worker keeps from piece to piece, such as a connection.
  ///   - body: does a piece.
  /// - Throws: the first error of any piece.
  static func run<Worker>(
    _ count: Int, workers: Int, shouldStop: @escaping @Sendable () -> Bool,
    begin: @escaping @Sendable () throws -> Worker,
    body: @escaping @Sendable (_ index: Int, _ worker: Worker) throws -> Void
  ) throws {
    let state = Mutex(State())
    DispatchQueue.concurrentPerform(iterations: max(0, min(workers, count))) { _ in
      do {
        let worker = try begin()
        while true {
          let index = state.withLock { state -> Int? in
            guard state.failure == nil, state.next < count, !shouldStop() else { return nil }
            state.next += 1
            return state.next - 1
          }
          guard let index else { return }
          try body(index, worker)
        }
      } catch {
        state.withLock { $0.failure = $0.failure ?? error }
      }
    }
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }
}
