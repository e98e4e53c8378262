import Testing

@testable import ImageBatches
@testable import ImageSources
@testable import PreparedImages

struct SyntheticDataSetTests {
  private func recipe(
    side: Int = 8, classes: Int = 10, training: Int, validation: Int, seed: UInt64 = 1
  ) -> SyntheticRecipe {
    SyntheticRecipe(
      shape: ImageShape(channels: 3, height: side, width: side), classCount: classes,
      trainingCount: training, validationCount: validation, seed: seed)
  }

  private func files(_ recipe: SyntheticRecipe) throws -> [[UInt8]] {
    try withTemporaryFolder { folder in
      let prepared = try prepare(.synthetic(recipe), in: folder)
      return try ["images.bin", "labels.bin", "dataset.json"].map { try contents(join(prepared, $0)) }
    }
  }

  @Test func theSameRecipeGivesTheSameBytes() throws {
    let first = try files(recipe(training: 60, validation: 20))
    #expect(try files(recipe(training: 60, validation: 20)) == first)
    #expect(first[0].count == 80 * 192)
    #expect(first[1].count == 80)
  }

  @Test func everyPartOfTheRecipeCounts() throws {
    let first = try files(recipe(training: 60, validation: 20))
    let second = try files(recipe(training: 60, validation: 20, seed: 2))
    #expect(second[0] != first[0])
    #expect(second[1] != first[1])
    #expect(second[2] != first[2])
    let digests = try [
      recipe(training: 60, validation: 20), recipe(training: 61, validation: 20),
      recipe(training: 60, validation: 21), recipe(classes: 9, training: 60, validation: 20),
      recipe(side: 9, training: 60, validation: 20), recipe(training: 60, validation: 20, seed: 2),
    ].map { try DataSetSource(description: .cifar10, origin: .synthetic($0)).contentDigest() }
    #expect(Set(digests).count == digests.count)
  }

  /// The width is no multiple of the sixteen pixels that are painted at once: that leaves no gap.
  @Test func validationIsNeitherTrainingNorItsContinuation() throws {
    try withTemporaryFolder { folder in
      let data = try PreparedDataSet(
        folder: prepare(.synthetic(recipe(side: 19, training: 20, validation: 20)), in: folder))
      let images = (0..<20).flatMap { [data.training.bytes(of: $0), data.validation.bytes(of: $0)] }
      #expect(Set(images).count == 40)
      for pixel in 0..<(3 * 19 * 19) { #expect(Set(images.map { $0[pixel] }).count > 5) }
    }
  }

  @Test func itIsLabelledAsSynthetic() throws {
    try withTemporaryFolder { folder in
      let source = DataSetSource(
        description: .cifar10, origin: .synthetic(recipe(classes: 4, training: 8, validation: 4)))
      var fractions: [Double] = []
      let prepared = try makeFolder(join(folder, "out"))
      try source.prepare(into: prepared) { fractions.append($0) }
      let data = try PreparedDataSet(folder: prepared)
      #expect(data.manifest.synthetic)
      #expect(data.manifest.title == "synthetic stand-in for CIFAR-10")
      #expect(data.manifest.sourceDigest == (try source.contentDigest()))
      #expect(data.classCount == 4)
      #expect(fractions == fractions.sorted())
      #expect(fractions.last == 1)
    }
  }

  @Test func labelsAreBalancedAndShuffled() throws {
    try withTemporaryFolder { folder in
      let data = try PreparedDataSet(
        folder: prepare(.synthetic(recipe(side: 2, training: 203, validation: 50)), in: folder))
      for split in [data.training, data.validation] {
        let counts = (0..<10).map { label in split.labels.filter { $0 == Int32(label) }.count }
        let even = split.count / 10
        #expect(counts.allSatisfy { $0 == even || $0 == even + 1 })
        #expect(split.labels != split.labels.sorted())
      }
      #expect(Array(data.training.labels.prefix(50)) != data.validation.labels)
    }
  }

  @Test func anEmptySplitIsPossible() throws {
    try withTemporaryFolder { folder in
      let data = try PreparedDataSet(
        folder: prepare(.synthetic(recipe(training: 3, validation: 0)), in: folder))
      #expect(data.validation.count == 0)
      #expect(data.training.count == 3)
      let empty = try PreparedDataSet(
        folder: prepare(.synthetic(recipe(training: 0, validation: 0)), in: folder))
      #expect(empty.training.count == 0)
      try empty.verify()
    }
  }
}
