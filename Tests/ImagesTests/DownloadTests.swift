import Foundation
import LinearAlgebra
import Testing

@testable import ImageBatches
@testable import ImageSources
@testable import PreparedImages

struct DownloadTests {
  /// 300,000 arbitrary bytes: several pieces of libcurl's.
  private static let file: [UInt8] = {
    var stream = RandomStream(seed: 8, purpose: "download")
    return (0..<300_000).map { _ in UInt8(truncatingIfNeeded: stream.nextWord()) }
  }()

  private static let name = "tiny.bin"

  private func md5(_ bytes: [UInt8]) throws -> String {
    let digest = try MessageDigest(.md5)
    bytes.withUnsafeBytes { digest.update($0) }
    return digest.finish()
  }

  private func download(
    from address: String, into folder: String, md5 checksum: String? = nil, byteCount: Int? = 300_000,
    attempts: Int = 4
  ) throws -> Download {
    Download(
      archive: OfficialArchive(
        fileName: Self.name, baseAddress: "http://127.0.0.1:1/never-asked",
        md5: try checksum ?? md5(Self.file), byteCount: byteCount),
      dataFolder: folder, baseAddress: address,
      patience: Download.Patience(attempts: attempts, firstDelay: 0.001))
  }

  /// Runs a body with a server and an empty folder.
  private func withServer(
    _ answer: @escaping @Sendable (Int, LoopbackServer.Request) -> LoopbackServer.Answer = { _, _ in .file },
    _ body: (LoopbackServer, String) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let server = try LoopbackServer(file: Self.file, answer: answer)
      defer { server.stop() }
      try body(server, folder)
    }
  }

  private func isWhole(_ folder: String) throws -> Bool {
    try contents(join(folder, Self.name)) == Self.file && !fileExists(join(folder, Self.name + ".part"))
  }

  @Test(arguments: [300_000, nil]) func aWholeFile(_ byteCount: Int?) throws {
    try withServer { server, folder in
      let data = join(folder, "new/data")
      let download = try download(from: server.address, into: data, byteCount: byteCount)
      var calls: [Int] = []
      try download.run { received, total in
        calls.append(received)
        #expect(total == byteCount)
      }
      #expect(try isWhole(data))
      #expect(calls.count > 1)
      #expect(calls == calls.sorted())
      #expect(calls.last == 300_000)
      #expect(server.requests == [LoopbackServer.Request(path: "/folder/tiny.bin", start: nil)])
    }
  }

  @Test func whatIsThereIsOnlyChecked() throws {
    try withServer { server, folder in
      try put(Self.file, join(folder, Self.name))
      try download(from: server.address, into: folder).run()
      #expect(server.requests.isEmpty)
      var wrong = Self.file
      wrong[77] ^= 1
      try put(wrong, join(folder, Self.name))
      let (expected, found) = (try md5(Self.file), try md5(wrong))
      #expect(
        throws: DownloadError.foreignFile(
          file: join(folder, Self.name), reason: "MD5 \(found) instead of \(expected)")
      ) { try download(from: server.address, into: folder).run() }
      // It may be somebody's: it stays, the message says so, and doing what it says helps.
      #expect(FileManager.default.contents(atPath: join(folder, Self.name)) == Data(wrong))
      #expect(server.requests.isEmpty)
      try FileManager.default.removeItem(atPath: join(folder, Self.name))
      try download(from: server.address, into: folder).run()
      #expect(try isWhole(folder))
    }
  }

  @Test(arguments: [300_000, nil]) func afterACutItGoesOnFromThere(_ byteCount: Int?) throws {
    try withServer { number, _ in
      number < 2 ? .cutAfter(100_000) : .file
    } _: { server, folder in
      try download(from: server.address, into: folder, byteCount: byteCount).run()
      #expect(try isWhole(folder))
      #expect(server.requests.map(\.start) == [nil, 100_000, 200_000])
    }
  }

  @Test func aLaterCallGoesOnToo() throws {
    try withServer { number, _ in
      number < 2 ? .cutAfter(70_000) : .file
    } _: { server, folder in
      let download = try download(from: server.address, into: folder, attempts: 2)
      let error = try caught(DownloadError.self) { try download.run() }
      guard case .unreachable(let address, _, download.destination) = error else {
        Issue.record("expected a broken transfer, got \(String(describing: error))")
        return
      }
      #expect(address == server.address + "/tiny.bin")
      #expect(!fileExists(download.destination))
      var first: Int?
      try download.run { received, _ in first = first ?? received }
      #expect(try isWhole(folder))
      #expect(server.requests.map(\.start) == [nil, 70_000, 140_000])
      #expect((first ?? 0) > 140_000)
    }
  }

  @Test func aServerThatIgnoresRanges() throws {
    try withServer { number, _ in
      number == 0 ? .cutAfter(100_000) : .wholeFile
    } _: { server, folder in
      try download(from: server.address, into: folder).run()
      #expect(try isWhole(folder))
      #expect(server.requests.map(\.start) == [nil, 100_000])
    }
  }

  @Test func aWrongBeginningIsFetchedAgain() throws {
    try withServer { server, folder in
      try put([UInt8](repeating: 0, count: 5_000), join(folder, Self.name + ".part"))
      try download(from: server.address, into: folder).run()
      #expect(try isWhole(folder))
      #expect(server.requests.map(\.start) == [5_000, nil])
    }
  }

  @Test(arguments: [300_000, 300_001, 400_000]) func aBeginningThatIsLongerThanTheFile(_ size: Int) throws {
    try withServer { server, folder in
      try put([UInt8](repeating: 0, count: size), join(folder, Self.name + ".part"))
      try download(from: server.address, into: folder).run()
      #expect(try isWhole(folder))
    }
  }

  @Test func aWholePartIsNotFetchedAgain() throws {
    try withServer { server, folder in
      try put(Self.file, join(folder, Self.name + ".part"))
      try download(from: server.address, into: folder).run()
      #expect(try isWhole(folder))
      #expect(server.requests.isEmpty)
    }
  }

  @Test func aWrongChecksumLeavesNothing() throws {
    try withServer { server, folder in
      let expected = String(repeating: "0", count: 32)
      let found = try md5(Self.file)
      let download = try download(from: server.address, into: folder, md5: expected)
      #expect(
        throws: DownloadError.wrongChecksum(
          file: download.destination + ".part", expected: expected, found: found)
      ) { try download.run() }
      #expect(!fileExists(download.destination))
      #expect(!fileExists(download.destination + ".part"))
    }
  }

  @Test func aLongerFileThanPublished() throws {
    try withServer { server, folder in
      let download = try download(from: server.address, into: folder, byteCount: 299_999)
      #expect(
        throws: DownloadError.wrongSize(
          file: download.destination + ".part", expected: 299_999, found: 300_000)
      ) { try download.run() }
      #expect(!fileExists(download.destination))
    }
  }

  @Test func notFoundIsFinal() throws {
    try withServer { _, _ in
      .status(404)
    } _: { server, folder in
      let download = try download(from: server.address, into: folder)
      let address = server.address + "/tiny.bin"
      #expect(
        throws: DownloadError.refused(address: address, status: 404, destination: download.destination)
      ) { try download.run() }
      #expect(server.requests.count == 1)
      #expect(!fileExists(download.destination))
    }
  }

  @Test func aBusyServerIsAskedAgain() throws {
    try withServer { number, _ in
      number < 2 ? .status(503) : .file
    } _: { server, folder in
      try download(from: server.address, into: folder).run()
      #expect(try isWhole(folder))
      #expect(server.requests.count == 3)
    }
    try withServer { _, _ in
      .status(503)
    } _: { server, folder in
      let download = try download(from: server.address, into: folder)
      let address = server.address + "/tiny.bin"
      #expect(
        throws: DownloadError.refused(address: address, status: 503, destination: download.destination)
      ) { try download.run() }
      #expect(server.requests.count == 4)
    }
  }

  @Test func noServerNamesTheAddressAndWhereToPutTheFile() throws {
    try withTemporaryFolder { folder in
      let silent = try LoopbackServer.bound()
      defer { close(silent.descriptor) }
      let base = "http://127.0.0.1:\(silent.port)"
      let download = try download(from: base, into: folder, attempts: 2)
      let error = try caught(DownloadError.self) { try download.run() }
      guard case .unreachable(let address, let reason, download.destination) = error else {
        Issue.record("expected an unreachable server, got \(String(describing: error))")
        return
      }
      #expect(address == base + "/tiny.bin")
      #expect(!reason.isEmpty)
      #expect(error?.description.contains(address) == true)
      #expect(error?.description.contains(download.destination) == true)
    }
  }

  @Test func aDataFolderThatCannotBeMade() throws {
    try withServer { server, folder in
      try put([1], join(folder, "file"))
      let download = try download(from: server.address, into: join(folder, "file/data"))
      let error = try caught(DownloadError.self) { try download.run() }
      guard case .cannotWrite(let file, _) = error else {
        Issue.record("expected a folder that cannot be made, got \(String(describing: error))")
        return
      }
      #expect(file == join(folder, "file/data"))
      #expect(server.requests.isEmpty)
    }
  }

  /// The checksum of RFC 1321.
  @Test func theDigestIsMD5() throws {
    #expect(try md5(Array("abc".utf8)) == "900150983cd24fb0d6963f7d28e17f72")
  }
}
