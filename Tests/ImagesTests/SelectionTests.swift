import Foundation
import Testing

@testable import ImageSources
@testable import PreparedImages

/// A prepared set of some images holds those that the whole set holds in their places.
@Suite struct SelectionTests {
  private func prepared(
    _ source: DataSetSource, _ selection: ImageSelection, in parent: String
  ) throws -> PreparedDataSet {
    let folder = try makeFolder(join(parent, "prepared-\(UUID().uuidString)"))
    try source.prepare(into: folder, selection: selection)
    let set = try PreparedDataSet(folder: folder)
    try set.verify()
    return set
  }

  /// Whether `some` holds the images of `all` at these places, in that order.
  private func expect(_ some: ImageSplit, _ places: [Int], of all: ImageSplit) {
    #expect(some.labels == places.map { all.labels[$0] })
    #expect(some.count == places.count)
    for (image, place) in places.enumerated() where image < some.count {
      #expect(some.bytes(of: image) == all.bytes(of: place))
    }
  }

  private func firstOfEachClass(_ count: Int, in split: ImageSplit) -> [Int] {
    var taken: [Int32: Int] = [:]
    return split.labels.indices.filter { image in
      taken[split.labels[image], default: 0] += 1
      return taken[split.labels[image], default: 0] <= count
    }
  }

  @Test func firstImagesOfAnOfficialSet() throws {
    try withTemporaryFolder { parent in
      let tiny = TinyCIFAR()
      let source = DataSetSource(description: .cifar10, origin: .folder(try tiny.write(into: parent)))
      let all = try prepared(source, ImageSelection(), in: parent)
      // Within a file, across files, none of a file's and more than there are.
      for training in [1, all.training.count - 1, all.training.count + 5] {
        let some = try prepared(source, ImageSelection(training: training, validation: 2), in: parent)
        expect(some.training, Array(0..<min(training, all.training.count)), of: all.training)
        expect(some.validation, [0, 1], of: all.validation)
      }
    }
  }

  @Test func firstImagesOfEachClassOfAnOfficialSet() throws {
    try withTemporaryFolder { parent in
      let mini = try MiniatureImageNet()
      let folder = try mini.write(into: parent)
      let source = DataSetSource(description: MiniatureImageNet.description, origin: .folder(folder))
      let all = try prepared(source, ImageSelection(), in: parent)
      let some = try prepared(source, ImageSelection(perClass: 2), in: parent)
      expect(some.training, firstOfEachClass(2, in: all.training), of: all.training)
      expect(some.validation, Array(0..<all.validation.count), of: all.validation)
      #expect(some.training.count == 2 * all.classCount)
    }
  }

  @Test func imagesOfTheStandInDoNotDependOnTheOthers() throws {
    try withTemporaryFolder { parent in
      let recipe = SyntheticRecipe(
        shape: ImageShape(channels: 3, height: 8, width: 8), classCount: 3, trainingCount: 300,
        validationCount: 7)
      let source = DataSetSource(description: .cifar10, origin: .synthetic(recipe))
      let all = try prepared(source, ImageSelection(), in: parent)
      let first = try prepared(source, ImageSelection(training: 270, validation: 3), in: parent)
      expect(first.training, Array(0..<270), of: all.training)
      expect(first.validation, [0, 1, 2], of: all.validation)
      let few = try prepared(source, ImageSelection(perClass: 20), in: parent)
      expect(few.training, firstOfEachClass(20, in: all.training), of: all.training)
      expect(few.validation, Array(0..<7), of: all.validation)
    }
  }
}
