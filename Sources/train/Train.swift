import Console
import ContentStore
import Foundation
import NeuralNetwork
import PreparedImages
import Stages
import Training

/// Trains one phase of a run.
@main
enum Train {
  static func main() {
    var interval: CommandLineOptions.Option<Double>?
    let runner = StageRunner(tool: "train", summary: "Trains one phase of a run.") { options in
      interval = options.option(
        "checkpoint-every", Double.self, value: "SECONDS", default: 10, in: .atLeast(0),
        help: "seconds between checkpoints, from which a stopped run goes on")
    }
    guard let interval else { preconditionFailure("the option was just declared") }
    runner.run { context in
      let specification: TrainingSpecification = try context.job.parameters.decoded()
      try specification.validate()
      let data = try context.input("data")
      for file in data.manifest.files.keys { _ = try data.path(of: file) }
      let part = try context.job.parameters.decoded(as: Part.self).segment
      let trainer = try Trainer(
        specification: specification, dataSet: PreparedDataSet(folder: data.folder),
        start: startingSnapshot(context), segment: part,
        checkpoint: try part.flatMap { try checkpoint(context, epoch: $0.firstEpoch) }, folder: context.folder
      )
      return try train(trainer, context: context, interval: context.arguments[interval])
    }
  }

  /// What a challenge adds to the parameters of a run to repeat a part of it.
  private struct Part: Decodable {
    let segment: TrainingSegment?
  }

  /// The checkpoint that a part of a phase begins with; nil at the phase's beginning.
  private static func checkpoint(_ context: StageRunner.Context, epoch: Int) throws -> String? {
    guard let entry = try context.optionalInput("checkpoint") else { return nil }
    guard
      let name = SnapshotName.checkpoints(among: entry.manifest.files.keys).first(where: { $0.epoch == epoch }
      )
    else { throw StageError.missingInput(name: "checkpoint", title: context.job.title) }
    return try entry.path(of: "\(SnapshotName.checkpointFolder)/\(name.fileName)")
  }

  /// The last snapshot of the phase that this one starts from.
  private static func startingSnapshot(
    _ context: StageRunner.Context
  ) throws -> (snapshot: Snapshot, path: String)? {
    guard let start = try context.optionalInput("start") else { return nil }
    guard let last = SnapshotName.all(among: start.manifest.files.keys).last else {
      throw StageError.missingInput(name: "start", title: context.job.title)
    }
    let path = try start.path(of: "snapshots/" + last.fileName)
    return (try Snapshot(contentsOf: path), path)
  }

  private static func train(
    _ trainer: Trainer, context: StageRunner.Context, interval: Double
  ) throws -> [String] {
    let clock = ContinuousClock()
    let start = clock.now
    let progress = context.progress(total: Double(trainer.steps))
    progress.resume(at: Double(trainer.stepsDone))
    let outcome = try trainer.run(
      checkpointInterval: interval, shouldStop: { Interruption.requested != nil },
      report: { state in
        progress.update(done: Double(state.step), note: note(state, seconds: seconds(clock.now - start)))
        context.clock.tick()
      })
    guard case .finished(let files) = outcome else {
      try Interruption.check()
      preconditionFailure("a run stops early only when it is interrupted")
    }
    progress.finish(note: trainer.summary)
    return files
  }

  private static func note(_ state: Trainer.Progress, seconds: Double) -> String {
    let rate = Format.rounded(Double(state.images) / max(seconds, 1e-9))
    let task = state.tasks > 1 ? "task \(state.task)/\(state.tasks)  " : ""
    return
      "\(task)epoch \(state.epoch)/\(state.lastEpoch)  loss \(String(format: "%.3f", state.loss))  \(rate) images/s"
  }

  private static func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }
}
