import Foundation
import NeuralNetwork
import PlasticityMetrics
import PreparedImages
import Tables
import Training

/// Our side of measuring: a run of one snapshot, measured as `measure` does, from its files to its table.
final class MeasuringBenchmark {
  private let folder: URL
  private let measurer: Measurer
  private static let snapshot = SnapshotName(step: 0, epoch: 0)

  /// Makes a data set and a run in a folder of their own, which ``end()`` removes.
  init(_ kind: MeasuringKind) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "barriers-measuring-\(ProcessInfo.processInfo.processIdentifier)")
    let snapshots = folder.appendingPathComponent("snapshots")
    try FileManager.default.createDirectory(at: snapshots, withIntermediateDirectories: true)
    let network = kind.probes.network.makeNetwork(of: Float.self)
    network.initialize(seed: 0)
    try Snapshot.write(
      network.snapshotTensors(), metadata: [:],
      to: snapshots.appendingPathComponent(Self.snapshot.fileName).path)
    try Table(columns: Self.historyColumns, rows: []).write(folder.path + "/history.csv")
    try Self.writeImages(kind, to: folder.path)
    measurer = try Measurer(
      specification: kind.specification, dataSet: try PreparedDataSet(folder: folder.path))
  }

  /// The seconds that it takes to measure the snapshot so many times, and a number that means nothing.
  func measure(times: Int) throws -> (seconds: Double, result: Double) {
    var failure: (any Error)?
    let seconds = stopwatch {
      do {
        try measurer.run(
          snapshots: Array(repeating: Self.snapshot, count: times),
          file: { folder.path + "/" + $0 }, writeTo: folder.path + "/metrics.csv", report: { _, _ in })
      } catch { failure = error }
    }
    if let failure { throw failure }
    return (seconds, 0)
  }

  func end() { try? FileManager.default.removeItem(at: folder) }

  private static let historyColumns = ["step", "epoch", "task"] + HistoryRow.quantityNames

  /// Random pixels, enough for both probes.
  private static func writeImages(_ kind: MeasuringKind, to folder: String) throws {
    let writer = try PreparedDataSetWriter(
      folder: folder, shape: kind.image, classCount: kind.classes, trainingCount: kind.probeImages,
      validationCount: kind.probeImages)
    let samples = kind.probes.randomBatch
    let pixels = samples.dropLast(2 * kind.probeImages).withUnsafeBytes { bytes in
      bytes.bindMemory(to: Float.self).map { UInt8(min(max(128 + 50 * $0, 0), 255)) }
    }
    try pixels.withUnsafeBytes { try writer.write(images: $0, at: 0) }
    for (image, label) in samples.suffix(2 * kind.probeImages).enumerated() {
      writer.setLabel(Int(label), of: image)
    }
    try writer.finish(
      name: "random", title: "random", mean: Array(repeating: 0.5, count: kind.image.channels),
      standardDeviation: Array(repeating: 0.2, count: kind.image.channels),
      synthetic: true, classNames: (0..<kind.classes).map { "\($0)" }, sourceDigest: "")
  }
}
