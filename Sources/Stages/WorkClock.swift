import ContentStore
import Foundation

/// How long has been worked on a result: by this attempt, and by those that it goes on from.
///
/// What a run took is what its checkpoints took. A stopped run that goes on would otherwise tell of its last hours
/// alone, and whoever plans by finished runs would expect too little. It lies beside the checkpoint in the unfinished
/// result, written as often as that; what was worked after the last checkpoint, and is worked again, counts once, to
/// within one ``interval``.
public final class WorkClock {
  /// What was spent, in seconds.
  struct Spent: Codable, Equatable {
    /// By the clock on the wall.
    var wall = 0.0
    /// By all cores together.
    var processor = 0.0
  }

  /// The name of the file in a workspace. It is no result.
  static let fileName = "spent.json"
  /// The time between two writings.
  static let interval = Duration.seconds(10)

  private let path: String
  private let earlier: Spent
  private let start = ContinuousClock.now
  private let processorStart = WorkClock.processorSeconds
  private var written = ContinuousClock.now

  /// Begins to count.
  ///
  /// - Parameter folder: of the result, with what an earlier attempt has left; without a checkpoint that is of no use,
  ///   and what was spent on it does not count.
  init(folder: String) {
    path = "\(folder)/\(Self.fileName)"
    let goesOn = FileManager.default.fileExists(atPath: "\(folder)/checkpoint")
    let data = goesOn ? FileManager.default.contents(atPath: path) : nil
    earlier = data.flatMap { try? JSONDecoder().decode(Spent.self, from: $0) } ?? Spent()
  }

  /// What was spent so far.
  var spent: Spent {
    Spent(
      wall: earlier.wall + (ContinuousClock.now - start) / .seconds(1),
      processor: earlier.processor + Self.processorSeconds - processorStart)
  }

  /// Writes it down if it is time. Cheap: to be called wherever a stage tells how far it is.
  public func tick() {
    if ContinuousClock.now - written >= Self.interval { keep() }
  }

  /// Writes it down. Where that cannot be written, nor can a checkpoint, which is no small matter and says so.
  func keep() {
    try? FileSystem.write(JSONEncoder().encode(spent), atomicallyTo: path)
    written = .now
  }

  /// What all threads of this process have worked so far.
  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
