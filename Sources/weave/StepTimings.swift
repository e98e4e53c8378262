import Console
import ContentStore
import Foundation
import Manuscript

/// Times steps of the networks that are to be trained and of which the store tells nothing: so that what is said of time is
/// not guessed. Each is timed once, and kept in the store.
struct StepTimings {
  let list: WorkList
  let figures: [WorkList.Artifact]
  let store: Store
  /// The job of a place in the list and a key.
  let job: (_ place: Int, _ key: String) throws -> Job

  /// What a make is thought to need at least before a network is timed for it, in seconds.
  static let longRuns = 600.0

  /// How fast this machine works, by the store and by steps that were timed now.
  ///
  /// - Parameter seconds: networks whose runs should take less together are not timed; nil to time none.
  /// - Throws: `Interruption.Interrupted`; what was timed until then is kept.
  func rates(timingFrom seconds: Double?) throws -> StageRates {
    var timed = TimedSteps(store)
    let known = StageRates(list, figures: figures, store: store, timed: timed)
    guard let seconds else { return known }
    let open = try unknown(RemainingWork(list, figures: figures, store: store, rates: known), from: seconds)
    guard !open.isEmpty else { return known }
    Interruption.install()
    let reporter = ProgressReporter(title: "time steps of networks", total: Double(open.count))
    for (number, (step, kind)) in open.enumerated() {
      reporter.update(done: Double(number), note: "\(number + 1)/\(open.count)  \(kind.inWords)")
      let result = try StepTimer().time(kind) { Interruption.requested != nil }
      try Interruption.check()
      if let result { try timed.keep(result, of: step) }
    }
    reporter.finish(note: "\(open.count) timed, kept in \(store.root); TIMED=no goes without")
    return StageRates(list, figures: figures, store: store, timed: timed)
  }

  /// The kinds of runs whose speed is not known, those that should take the longest first.
  private func unknown(_ work: RemainingWork, from least: Double) throws -> [(StepKind, RunKind)] {
    var sums: [StepKind: (seconds: Double, example: RemainingWork.Missing)] = [:]
    for missing in work.missing where missing.basis > .step {
      guard let step = list.items[missing.place].step else { continue }
      sums[step, default: (0, missing)].seconds += missing.seconds
    }
    var kinds = RunKinds()
    return try sums.filter { $1.seconds >= least }.sorted {
      ($1.value.seconds, $0.value.example.place) < ($0.value.seconds, $1.value.example.place)
    }
    .compactMap { step, sum in
      try kinds.kind(of: job(sum.example.place, sum.example.key)).map { (step, $0) }
    }
  }
}
