import Foundation

/// When a snapshot was taken, as its file name tells it.
public struct SnapshotName: Hashable, Comparable, Sendable {
  /// Optimiser steps since the network was new.
  public let step: Int
  /// Whole epochs since the network was new.
  public let epoch: Int

  public init(step: Int, epoch: Int) {
    self.step = step
    self.epoch = epoch
  }

  /// `step-000007820-epoch-00020.safetensors`: names sort as the steps do.
  public var fileName: String {
    func padded(_ value: Int, _ width: Int) -> String {
      let digits = "\(value)"
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "step-\(padded(step, 9))-epoch-\(padded(epoch, 5)).safetensors"
  }

  /// The name's parts, or nil if it is no snapshot's.
  public init?(fileName: String) {
    guard fileName.hasSuffix(".safetensors") else { return nil }
    let parts = fileName.dropLast(".safetensors".count).split(separator: "-")
    guard parts.count == 4, parts[0] == "step", parts[2] == "epoch", let step = Int(parts[1]),
      let epoch = Int(parts[3])
    else { return nil }
    self.init(step: step, epoch: epoch)
  }

  public static func < (left: SnapshotName, right: SnapshotName) -> Bool { left.step < right.step }

  /// Where a run keeps checkpoints.
  public static let checkpointFolder = "checkpoints"

  /// The snapshots among the files of a run, `snapshots/…`, in the order of their steps.
  public static func all(among files: some Sequence<String>) -> [SnapshotName] {
    all(among: files, in: "snapshots")
  }

  /// The checkpoints among the files of a run, `checkpoints/…`, in the order of their steps.
  public static func checkpoints(among files: some Sequence<String>) -> [SnapshotName] {
    all(among: files, in: checkpointFolder)
  }

  private static func all(among files: some Sequence<String>, in folder: String) -> [SnapshotName] {
    files.filter { $0.hasPrefix(folder + "/") }
      .compactMap { SnapshotName(fileName: String($0.dropFirst(folder.count + 1))) }.sorted()
  }

  /// The snapshots in a folder, in the order of their steps; none if there is no such folder.
  public static func all(in folder: String) throws -> [SnapshotName] {
    guard FileManager.default.fileExists(atPath: folder) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: folder)
      .compactMap(SnapshotName.init(fileName:)).sorted()
  }
}
