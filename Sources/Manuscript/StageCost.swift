/// What results of a kind take: seconds that each takes however little there is to do, and seconds that grow with its
/// operations.
///
/// A measurement of a small network takes little but the start of a program; by its operations a second alone, that of a
/// large one would seem to take far longer than it does.
struct StageCost: Equatable {
  /// A result that is there.
  struct Sample {
    /// Floating-point operations, estimated; above 0.
    let operations: Double
    /// Of one core; above 0.
    let seconds: Double
  }

  /// Each result's, from 0 to ``mostFixed``.
  let fixed: Double
  let perOperation: Double

  /// What starting a program and reading its inputs may take at most, in seconds.
  static let mostFixed = 1.0

  /// The pair that is nearest to the samples by the sum of squared relative errors. Where several are, as with samples of
  /// one size, the fixed part is as large as may be.
  ///
  /// - Parameters:
  ///   - samples: if none, nil comes back.
  ///   - fastest: operations a second that every machine is believed to reach, where no sample is faster.
  init?(_ samples: [Sample], fastest: Double) {
    guard !samples.isEmpty else { return nil }
    // Errors are 1 - fixed · u - perOperation · v, with u = 1/seconds and v = operations/seconds.
    var uu = 0.0
    var uv = 0.0
    var vv = 0.0
    var u = 0.0
    var v = 0.0
    var least = 1 / fastest
    for sample in samples {
      let ofFixed = 1 / sample.seconds
      let ofOperations = sample.operations / sample.seconds
      uu += ofFixed * ofFixed
      uv += ofFixed * ofOperations
      vv += ofOperations * ofOperations
      u += ofFixed
      v += ofOperations
      least = min(least, 1 / ofOperations)
    }
    func slope(fixed: Double) -> (Double, Double) { (fixed, max(least, (v - fixed * uv) / vv)) }
    // A convex function over a strip: its least value is at its own minimum or on an edge.
    var candidates = [
      slope(fixed: Self.mostFixed), (min(max((u - least * uv) / uu, 0), Self.mostFixed), least),
      slope(fixed: 0),
    ]
    let determinant = uu * vv - uv * uv
    if determinant > 1e-9 * uu * vv {
      let within = ((u * vv - v * uv) / determinant, (v * uu - u * uv) / determinant)
      if within.0 > 0, within.0 < Self.mostFixed, within.1 > least { candidates.append(within) }
    }
    func error(_ pair: (Double, Double)) -> Double {
      pair.0 * pair.0 * uu + 2 * pair.0 * pair.1 * uv + pair.1 * pair.1 * vv - 2 * pair.0 * u - 2 * pair.1 * v
        + Double(samples.count)
    }
    var best = candidates[0]
    for candidate in candidates where error(candidate) < error(best) - 1e-9 * Double(samples.count) {
      best = candidate
    }
    (fixed, perOperation) = best
  }

  /// Of one core.
  func seconds(operations: Double) -> Double { fixed + perOperation * operations }
}
