import ContentStore
import LinearAlgebra
import Manuscript
import Publishing
import Training

/// The part of a long run that is repeated: from its beginning or from a published checkpoint to the next one.
struct RunPart: Sendable {
  let segment: TrainingSegment
  /// The epochs of the whole phase.
  let phase: Range<Int>
  /// The checkpoint's name in the entry and its blob; nil at the phase's beginning.
  let checkpoint: (file: String, published: PublishedFile)?

  /// How much of the phase it is, in (0, 1].
  var share: Double { Double(segment.lastEpoch - segment.firstEpoch) / Double(max(phase.count, 1)) }

  /// Such as `epochs 41 to 60 of 100`, counted from 1 since the network was new.
  var words: String {
    "epochs \(segment.firstEpoch + 1) to \(segment.lastEpoch) of \(phase.lowerBound + 1) to \(phase.upperBound)"
  }

  /// Whether what a run recorded at an epoch is repeated in the part.
  func holds(epoch: Int) -> Bool { epoch > segment.firstEpoch && epoch <= segment.lastEpoch }
}

extension ChallengeRun {
  /// The name that readers have for a checkpoint among their inputs.
  static let checkpointInput = "checkpoint"

  /// The same run with a part of it, drawn by chance; nil if its checkpoints are not published.
  ///
  /// - Parameters:
  ///   - seed: of the draw.
  ///   - limit: the part is cut to so many seconds, but to no less than an epoch.
  func part(seed: UInt64, limit: Double?) -> ChallengeRun? {
    let manifest = entry.manifest
    guard manifest.job.stage == Stage.train.rawValue,
      let specification: TrainingSpecification = try? manifest.job.parameters.decoded(),
      // Whoever published it may say anything; the stage that repeats all of it says what is wrong.
      (try? specification.validate()) != nil
    else { return nil }
    let phase = specification.firstEpoch..<specification.firstEpoch + specification.epochs
    let checkpoints = SnapshotName.checkpoints(among: manifest.files.keys).compactMap { name in
      entry.file("\(SnapshotName.checkpointFolder)/\(name.fileName)").map { (name: name, published: $0) }
    }.filter { phase.contains($0.name.epoch) }
    guard !checkpoints.isEmpty else { return nil }
    let bounds = [phase.lowerBound] + checkpoints.map(\.name.epoch) + [phase.upperBound]
    var stream = RandomStream(seed: seed, purpose: "challenged part of \(key)")
    let place = Int(stream.nextWord()) % (checkpoints.count + 1)
    let (first, next) = (bounds[place], bounds[place + 1])
    guard first < next else { return nil }
    // A part from the beginning needs what the run begins with.
    let chain = place == 0 ? seconds - ownSeconds : 0
    let ofEpoch = ownSeconds / Double(phase.count)
    let affordable = limit.map { max(Int(min(max($0 - chain, 0) / max(ofEpoch, 1e-9), 1e9)), 1) }
    let last = min(next, first + (affordable ?? next - first))
    var part = ChallengeRun(
      entry: entry, readers: readers.filter { $0.manifest.job.stage == Stage.measure.rawValue },
      seconds: chain + ofEpoch * Double(last - first), isSegment: isSegment)
    part.part = RunPart(
      segment: TrainingSegment(firstEpoch: first, lastEpoch: last), phase: phase,
      checkpoint: place == 0
        ? nil
        : (
          "\(SnapshotName.checkpointFolder)/\(checkpoints[place - 1].name.fileName)",
          checkpoints[place - 1].published
        ))
    // Who looks at a run looks at its snapshots.
    let names = Array(manifest.files.keys) + Array((manifest.released ?? [:]).keys)
    if !SnapshotName.all(among: names).contains(where: { part.part?.holds(epoch: $0.epoch) == true }) {
      part.readers = []
    }
    return part
  }

  /// Of the run and of what looks at it, without what it goes on from.
  private var ownSeconds: Double {
    entry.manifest.coreSeconds + readers.map(\.manifest.coreSeconds).reduce(0, +)
  }
}
