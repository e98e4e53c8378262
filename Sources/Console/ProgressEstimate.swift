import Foundation

/// Time left, from a rate in which recent work counts most.
struct ProgressEstimate {
  /// After this many seconds, earlier work counts 1/e.
  static let memory = 60.0

  private var work = 0.0
  private var time = 0.0
  private var done: Double
  private var now: Double

  /// - Parameters:
  ///   - done: work done before, which took none of this process's time.
  ///   - now: in seconds.
  init(done: Double, now: Double) {
    self.done = done
    self.now = now
  }

  /// Forgets nothing, but takes the given amount as done outside of this process's time.
  mutating func resume(at done: Double, now: Double) {
    self.done = done
    self.now = now
  }

  mutating func update(done newDone: Double, now newNow: Double) {
    let elapsed = newNow - now
    guard elapsed > 0 else { return }
    let decay = exp(-elapsed / Self.memory)
    work = work * decay + max(0, newDone - done)
    time = time * decay + elapsed
    (done, now) = (newDone, newNow)
  }

  /// Work a second; nil before there is any.
  var rate: Double? { time > 0 && work > 0 ? work / time : nil }

  /// Seconds until all is done.
  func secondsLeft(total: Double) -> Double? {
    rate.map { max(0, total - done) / $0 }
  }
}
