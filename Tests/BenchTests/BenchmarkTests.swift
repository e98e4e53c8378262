import Foundation
import NeuralNetwork
import PreparedImages
import Testing

@testable import Manuscript
@testable import bench

/// Promise: our side trains and measures whatever a kind describes.
@Suite struct BenchmarkTests {
  private static let remedies: [any Remedy] = [
    GradientNoiseRemedy(scale: 1e-3, decay: 1), L2ToInitialRemedy(strength: 1e-4),
    ShrinkAndPerturbRemedy(shrink: 0.99999, standardDeviation: 1e-5), ContinualBackpropagationRemedy(),
  ]

  private func kind(_ model: AnyModel, remedies: [any Remedy] = [], loss: Loss = .crossEntropy) -> RunKind {
    RunKind(
      model: model, image: ImageShape(channels: 3, height: 8, width: 8), classes: 10, activeClasses: 4,
      batchSize: 4,
      optimizer: OptimizerSpecification(AdamRule(learningRate: 1e-3), remedies: remedies), loss: loss)
  }

  @Test(arguments: [Loss.crossEntropy, .meanSquaredError]) func stepsAreTaken(_ loss: Loss) throws {
    let kind = kind(AnyModel(MLP(hiddenSizes: [8, 8])), remedies: Self.remedies, loss: loss)
    let benchmark = try TrainingBenchmark(kind, samples: kind.randomBatch)
    let first = benchmark.train(steps: 1).loss
    let last = benchmark.train(steps: 50).loss
    #expect(first.isFinite && last < first)
  }

  @Test func aSnapshotIsMeasured() throws {
    let planned = try PlannedRuns(
      chapters: URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path + "/paper", profile: .quick)
    var kind = try #require(planned.measuring.first).kind
    kind.specification.model = AnyModel(MLP(hiddenSizes: [8, 8]))
    kind.specification.clone = 2
    kind.specification.options.probeImages = 20
    kind.image = ImageShape(channels: 3, height: 8, width: 8)
    let benchmark = try MeasuringBenchmark(kind)
    defer { benchmark.end() }
    #expect(throws: Never.self) { try benchmark.measure(times: 2) }
  }
}
