import Foundation
import Testing

@testable import ImageBatches
@testable import ImageSources
@testable import PreparedImages

struct DataSetLocatorTests {
  private let recipe = SyntheticRecipe(
    shape: ImageShape(channels: 3, height: 4, width: 4), classCount: 3, trainingCount: 6, validationCount: 3)

  @Test func theFolderComesBeforeTheArchive() throws {
    try withTemporaryFolder { folder in
      let locator = DataSetLocator(dataFolder: folder)
      #expect(locator.officialSource(of: .cifar10) == nil)
      let archive = join(folder, TinyCIFAR.archiveName)
      try put([1], archive)
      #expect(locator.officialSource(of: .cifar10)?.origin == .archive(archive))
      let official = try TinyCIFAR().write(into: folder)
      #expect(locator.officialSource(of: .cifar10)?.origin == .folder(official))
    }
  }

  @Test(arguments: ["data_batch_3.bin", "test_batch.bin", "batches.meta.txt"])
  func aFolderUnpackedInPartDoesNotHideTheArchive(_ name: String) throws {
    try withTemporaryFolder { folder in
      let locator = DataSetLocator(dataFolder: folder)
      let official = try TinyCIFAR().write(into: folder)
      let file = join(official, name)
      let bytes = try #require(FileManager.default.contents(atPath: file))
      try put(Array(bytes.dropLast(bytes.count / 2 + 1)), file)
      // Alone, it is what there is, and whoever reads it says what is wrong.
      #expect(locator.officialSource(of: .cifar10)?.origin == .folder(official))
      let archive = join(folder, TinyCIFAR.archiveName)
      try put([1], archive)
      let isText = name.hasSuffix(".txt")
      #expect(
        locator.officialSource(of: .cifar10)?.origin == (isText ? .folder(official) : .archive(archive)))
      try FileManager.default.removeItem(atPath: file)
      #expect(locator.officialSource(of: .cifar10)?.origin == .archive(archive))
    }
  }

  @Test func aTinyImageNetUnpackedInPartDoesNotHideTheArchive() throws {
    try withTemporaryFolder { folder in
      let official = join(folder, DataSetDescription.tinyImageNet.folder)
      for (path, bytes) in try MiniatureImageNet().files {
        _ = try makeFolder(join(official, (path as NSString).deletingLastPathComponent))
        try put(bytes, join(official, path))
      }
      let archive = join(folder, try #require(DataSetDescription.tinyImageNet.archive).fileName)
      try put([1], archive)
      let locator = DataSetLocator(dataFolder: folder)
      #expect(locator.officialSource(of: .tinyImageNet)?.origin == .folder(official))
      try FileManager.default.removeItem(atPath: join(official, "val/images/val_0.JPEG"))
      #expect(locator.officialSource(of: .tinyImageNet)?.origin == .archive(archive))
    }
  }

  @Test func aFileOfTheFoldersNameIsNotTheFolder() throws {
    try withTemporaryFolder { folder in
      try put([1], join(folder, TinyCIFAR.folderName))
      #expect(DataSetLocator(dataFolder: folder).officialSource(of: .cifar10) == nil)
    }
  }

  @Test(arguments: [DataSetChoice.auto, .real]) func realDataIsTakenWhereItIs(_ choice: DataSetChoice) throws
  {
    try withTemporaryFolder { folder in
      let official = try TinyCIFAR().write(into: folder)
      let source = try DataSetLocator(dataFolder: folder).source(of: "cifar-10", choice: choice)
      #expect(source.origin == .folder(official))
      #expect(!source.isSynthetic)
    }
  }

  @Test func syntheticIsSyntheticThoughRealDataIsThere() throws {
    try withTemporaryFolder { folder in
      try TinyCIFAR().write(into: folder)
      let source = try DataSetLocator(dataFolder: folder)
        .source(of: "cifar-10", choice: .synthetic, recipe: recipe)
      #expect(source.origin == .synthetic(recipe))
    }
  }

  @Test(arguments: [DataSetChoice.auto, .synthetic])
  func withoutRealDataTheStandInHasItsShapeAndCounts(_ choice: DataSetChoice) throws {
    try withTemporaryFolder { folder in
      let source = try DataSetLocator(dataFolder: folder).source(of: "cifar-10", choice: choice)
      #expect(source.isSynthetic)
      #expect(
        source.origin
          == .synthetic(
            SyntheticRecipe(
              shape: ImageShape(channels: 3, height: 32, width: 32), classCount: 10, trainingCount: 50_000,
              validationCount: 10_000)))
    }
  }

  @Test func absentRealDataSaysWhatToDo() throws {
    try withTemporaryFolder { folder in
      let error = try caught(DataSetError.self) {
        _ = try DataSetLocator(dataFolder: folder).source(of: "cifar-10", choice: .real)
      }
      #expect(
        error
          == .absent(
            title: "CIFAR-10", dataFolder: folder, folder: "cifar-10-batches-bin",
            release: DataSetDescription.cifar10.release))
      let text = error?.description ?? ""
      for part in [folder, "cifar-10-batches-bin", "cifar-10-binary.tar.gz", "make data", "DATA=synthetic"] {
        #expect(text.contains(part))
      }
    }
  }

  @Test(arguments: DataSetChoice.allCases) func anUnknownNameListsTheKnown(_ choice: DataSetChoice) throws {
    #expect(
      throws: DataSetError.unknownDataSet(name: "cifar-11", known: DataSetDescription.all.map(\.name))
    ) { _ = try DataSetLocator(dataFolder: "nowhere").source(of: "cifar-11", choice: choice) }
  }

  @Test func anIncompleteFolderIsNotReplacedInSilence() throws {
    try withTemporaryFolder { folder in
      let official = try makeFolder(join(folder, TinyCIFAR.folderName))
      let source = try DataSetLocator(dataFolder: folder).source(of: "cifar-10", choice: .auto)
      #expect(throws: DataSetError.missingMember(source: official, member: "data_batch_1.bin")) {
        try source.prepare(into: makeFolder(join(folder, "out")))
      }
    }
  }
}
