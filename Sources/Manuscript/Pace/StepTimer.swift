import Foundation
import LinearAlgebra
import NeuralNetwork

/// Times steps of networks on one core: random images, the network and optimiser of the run.
///
/// What counts is the processor's time: on a machine that has other things to do, a step that waits is no slower.
public struct StepTimer: Sendable {
  /// A step that is thought to take longer is timed with fewer images.
  private static let longestStep = 1.0
  /// What a core is assumed to do for that, in operations a second.
  private static let assumedRate = 1e11
  /// So few images are no step of a network that has larger batches: its matrix products would be of other shapes.
  private static let fewestImages = 16
  /// Steps are timed for so long, in seconds of the processor or, where it is busy, by the clock, and at most so many.
  private static let patience = (processor: 2.0, clock: 10.0)
  private static let mostSteps = 50

  public init() {}

  /// How many images a step is timed with.
  func images(of kind: RunKind) -> Int {
    let fit = Self.longestStep * Self.assumedRate / max(kind.network.trainingOperations, 1)
    return min(kind.batchSize, max(Self.fewestImages, Int(min(fit, 65_536))))
  }

  /// The median step: the first is thrown away, as memory is touched then for the first time.
  ///
  /// - Parameter shouldStop: asked between steps.
  /// - Returns: nil if it was stopped.
  /// - Throws: what an optimiser refuses.
  public func time(_ kind: RunKind, shouldStop: () -> Bool = { false }) throws -> TimedStep? {
    // As every stage does, but no longer than this: numbers are read afterwards.
    var environment = fenv_t()
    fegetenv(&environment)
    defer { fesetenv(&environment) }
    Subnormals.flush()
    var timed = kind
    timed.batchSize = images(of: kind)
    let benchmark = try TrainingBenchmark(timed, samples: timed.randomBatch)
    guard !shouldStop() else { return nil }
    _ = benchmark.train(steps: 1)
    let began = Self.seconds(of: CLOCK_MONOTONIC)
    var passes: [Double] = []
    var updates: [Double] = []
    while passes.count < Self.mostSteps,
      passes.isEmpty
        || passes.reduce(0, +) + updates.reduce(0, +) < Self.patience.processor
          && Self.seconds(of: CLOCK_MONOTONIC) - began < Self.patience.clock
    {
      guard !shouldStop() else { return nil }
      let first = Self.seconds(of: CLOCK_THREAD_CPUTIME_ID)
      benchmark.pass()
      let second = Self.seconds(of: CLOCK_THREAD_CPUTIME_ID)
      benchmark.update()
      passes.append(second - first)
      updates.append(Self.seconds(of: CLOCK_THREAD_CPUTIME_ID) - second)
    }
    return TimedStep(
      what: kind.inWords, images: timed.batchSize, passSeconds: Self.median(passes),
      updateSeconds: Self.median(updates), steps: passes.count,
      operations: kind.network.trainingOperations * Double(timed.batchSize),
      host: ProcessInfo.processInfo.hostName, created: Date().ISO8601Format())
  }

  private static func median(_ times: [Double]) -> Double {
    // A clock has steps too.
    max(times.sorted()[times.count / 2], 1e-9)
  }

  /// What a clock says.
  private static func seconds(of clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
