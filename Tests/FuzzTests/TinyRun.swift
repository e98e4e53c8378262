import Foundation
import ImageSources
import NeuralNetwork
import PreparedImages

@testable import Training

/// A few small images and a run on them that takes a moment.
final class TinyRun {
  let folder: String
  let dataSet: PreparedDataSet

  init() throws {
    folder = FileManager.default.temporaryDirectory.path + "/barriers-\(UUID().uuidString)"
    let data = folder + "/data"
    try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
    let recipe = SyntheticRecipe(
      shape: ImageShape(channels: 3, height: 8, width: 8), classCount: 4, trainingCount: 40,
      validationCount: 16)
    try DataSetSource(description: .cifar10, origin: .synthetic(recipe)).prepare(into: data)
    dataSet = try PreparedDataSet(folder: data)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }
}
