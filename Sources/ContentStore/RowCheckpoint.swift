import Foundation

/// Rows of a table that is made piece by piece, kept in a file, so that a stopped stage goes on after the last piece.
///
/// A file that is not whole, or none, means beginning anew, to the same rows.
public final class RowCheckpoint {
  private struct State: Codable {
    var done = 0
    var rows: [[String]] = []
  }

  private let path: String
  private let interval: Duration
  private var state: State
  private var written = ContinuousClock.now

  /// - Parameters:
  ///   - path: of the file; the workspace's `checkpoint` stays when a stage fails.
  ///   - interval: seconds between two writings.
  public init(_ path: String, interval: Double = 10) {
    self.path = path
    self.interval = .seconds(interval)
    let data = FileManager.default.contents(atPath: path) ?? Data()
    state = (try? JSONDecoder().decode(State.self, from: data)) ?? State()
  }

  /// Pieces that are done.
  public var done: Int { state.done }
  /// The rows that they gave.
  public var rows: [[String]] { state.rows }

  /// Tells how far the table is; written if it is time.
  public func keep(done: Int, rows: [[String]]) throws {
    state = State(done: done, rows: rows)
    if ContinuousClock.now - written >= interval { try write() }
  }

  /// Writes what was told last.
  public func write() throws {
    try FileSystem.write(JSONEncoder().encode(state), atomicallyTo: path)
    written = .now
  }
}
