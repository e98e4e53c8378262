import Foundation
import Testing

@testable import ImageBatches
@testable import ImageSources
@testable import PreparedImages

struct SourceDigestCacheTests {
  private struct Bench {
    let folder: String
    let official: String
    let cache: SourceDigestCache
    let source: DataSetSource
    /// Long enough after the files were made.
    let later = time(nil) + 60

    init(_ folder: String, fewestFiles: Int = 10) throws {
      self.folder = folder
      official = try MiniatureImageNet().write(into: folder)
      cache = SourceDigestCache(folder: join(folder, "cache"), fewestFiles: fewestFiles)
      source = DataSetSource(description: MiniatureImageNet.description, origin: .folder(official))
    }

    var remembered: [String] {
      ((try? FileManager.default.contentsOfDirectory(atPath: cache.folder)) ?? []).map {
        join(cache.folder, $0)
      }
    }
  }

  /// A remembered digest that was changed by hand comes back: the files were not read again.
  @Test func whatIsRememberedIsNotReadAgain() throws {
    try withTemporaryFolder { folder in
      let bench = try Bench(folder)
      let digest = try bench.source.contentDigest()
      #expect(try bench.cache.digest(of: bench.source, now: bench.later) == digest)
      #expect(bench.remembered.count == 1)
      let file = try #require(bench.remembered.first)
      let text = String(decoding: try contents(file), as: UTF8.self)
      #expect(text.contains(digest))
      try put(Array(text.replacingOccurrences(of: digest, with: "forged").utf8), file)
      #expect(try bench.cache.digest(of: bench.source, now: bench.later) == "forged")
    }
  }

  @Test(arguments: [1, 1_000_000]) func fewFilesAreRememberedIfTheyAreLarge(_ fewestBytes: Int) throws {
    try withTemporaryFolder { folder in
      let bench = try Bench(folder)
      let cache = SourceDigestCache(folder: bench.cache.folder, fewestFiles: 1_000, fewestBytes: fewestBytes)
      #expect(try cache.digest(of: bench.source, now: bench.later) == bench.source.contentDigest())
      #expect(bench.remembered.count == (fewestBytes == 1 ? 1 : 0))
    }
  }

  /// The same size, and the old date put back.
  @Test func aFileWrittenInPlaceIsNoticed() throws {
    try withTemporaryFolder { folder in
      let bench = try Bench(folder)
      let digest = try bench.cache.digest(of: bench.source, now: bench.later)
      let file = join(bench.official, "train/n00000004/images/n00000004_1.JPEG")
      let date = try FileManager.default.attributesOfItem(atPath: file)[.modificationDate]
      var bytes = try contents(file)
      bytes[bytes.count / 2] ^= 1
      let handle = try #require(FileHandle(forWritingAtPath: file))
      try handle.write(contentsOf: Data(bytes))
      try handle.close()
      try FileManager.default.setAttributes([.modificationDate: try #require(date)], ofItemAtPath: file)
      let changed = try bench.cache.digest(of: bench.source, now: bench.later)
      #expect(changed == (try bench.source.contentDigest()))
      #expect(changed != digest)
      #expect(bench.remembered.count == 1)
    }
  }

  @Test func filesThatComeAndGoAreNoticed() throws {
    try withTemporaryFolder { folder in
      let bench = try Bench(folder)
      let images = join(bench.official, "val/images")
      var seen: Set<String> = []
      for change in [
        {}, { try put([1], join(images, "extra.JPEG")) },
        { #expect(rename(join(images, "extra.JPEG"), join(images, "other.JPEG")) == 0) },
      ] {
        try change()
        let digest = try bench.cache.digest(of: bench.source, now: bench.later)
        #expect(digest == (try bench.source.contentDigest()))
        #expect(seen.insert(digest).inserted)
      }
      try removeFile(join(images, "other.JPEG"))
      #expect(seen.contains(try bench.cache.digest(of: bench.source, now: bench.later)))
    }
  }

  /// A file could change again within the same tick of the clock.
  @Test func filesChangedJustNowAreNotRemembered() throws {
    try withTemporaryFolder { folder in
      let bench = try Bench(folder)
      let digest = try bench.cache.digest(of: bench.source, now: bench.later - 60)
      #expect(digest == (try bench.source.contentDigest()))
      #expect(bench.remembered.isEmpty)
    }
  }

  @Test func fewFilesAndArchivesAreReadEveryTime() throws {
    try withTemporaryFolder { folder in
      let bench = try Bench(folder, fewestFiles: 1_000)
      let archive = DataSetSource(
        description: MiniatureImageNet.description,
        origin: .archive(try MiniatureImageNet().zip(into: folder)))
      for source in [bench.source, archive] {
        #expect(
          try bench.cache.digest(of: source, now: bench.later) == (try source.contentDigest()))
      }
      #expect(bench.remembered.isEmpty)
    }
  }

  @Test func aCacheThatCannotBeWrittenOrReadIsNoError() throws {
    try withTemporaryFolder { folder in
      let bench = try Bench(folder)
      let digest = try bench.source.contentDigest()
      try put([1], bench.cache.folder)
      #expect(try bench.cache.digest(of: bench.source, now: bench.later) == digest)
      try removeFile(bench.cache.folder)
      _ = try bench.cache.digest(of: bench.source, now: bench.later)
      try put([0xff, 10, 10, 0], try #require(bench.remembered.first))
      #expect(try bench.cache.digest(of: bench.source, now: bench.later) == digest)
    }
  }

  @Test func aMissingListIsNamed() throws {
    try withTemporaryFolder { folder in
      let bench = try Bench(folder)
      try removeFile(join(bench.official, "words.txt"))
      #expect(throws: DataSetError.missingMember(source: bench.official, member: "words.txt")) {
        try bench.cache.digest(of: bench.source)
      }
    }
  }
}
