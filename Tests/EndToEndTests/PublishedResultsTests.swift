import ContentStore
import Foundation
import Publishing
import Testing

/// Promise: results travel. Who has a published folder draws every figure without data and training, and nothing that is
/// not what the folder's index says gets into a store.
@Suite struct PublishedResultsTests: PublishedFigure {
  @Test func anotherMachineDrawsTheSameWithoutDataAndTraining() throws {
    let reader = try Workbench(images: false)
    let server = try PublishedServer(try Self.publisher.get().folder)
    let outcome = try pull(reader, from: server.address)
    #expect(outcome.code == 0, "\(outcome.text)")
    #expect(outcome.text.contains("3 of 3 results found"), "\(outcome.text)")
    #expect(try numbers(reader) == published())
    for stage in ["prepare", "train"] { #expect(pulledEntries(stage, reader).isEmpty, "\(stage)") }
    for stage in Workbench.stages { #expect(reader.entries(stage).isEmpty, "nothing is taken for made here") }
    #expect(server.requests.allSatisfy { $0.hasPrefix("GET ") })
    #expect(server.blobRequests.count == 3)
    let record = try self.record(reader)
    #expect(record.contains("\"words\" : \"results of "))
    #expect(record.contains("\"synthetic\" : false"), "the images are those of the publisher")
    // Claims are judged here.
    #expect(pulledEntries("judge", reader).count == 1)
    // A second time nothing is fetched but the index.
    let again = try pull(reader, from: server.address)
    #expect(again.code == 0)
    #expect(server.blobRequests.count == 3)
  }

  /// A key says what is computed, not what came out: what somebody else, or the same publisher later, says of it counts.
  @Test func whatIsPublishedAnewOrElsewhereIsDrawn() throws {
    let reader = try Workbench(images: false)
    let folder = try copy(in: reader)
    #expect(try pull(reader, from: folder).code == 0)
    let publisher = try Self.publisher.get()
    try changeWhatIsDrawn(in: folder)
    let corrected = try pull(reader, from: folder)
    #expect(corrected.code == 0, "\(corrected.text)")
    #expect(try numbers(reader) != published())
    let other = try pull(reader, from: publisher.folder)
    #expect(other.code == 0, "\(other.text)")
    #expect(try numbers(reader) == published())
  }

  /// What one folder has and another one has not is made here for the latter.
  @Test func whatWasTakenFromOneFolderIsNotMadeHereForAnother() throws {
    let reader = try Workbench()
    let publisher = try Self.publisher.get()
    let folder = try copy(in: reader)
    try changeWhatIsDrawn(in: folder)
    #expect(try pull(reader, from: folder).code == 0)
    #expect(try numbers(reader) != published())
    let part = reader.folder + "/part"
    try FileManager.default.copyItem(atPath: publisher.folder, toPath: part)
    try change(part) { index in
      let victims = Set(
        index.entries.filter { $0.manifest.job.stage == "measure" }.map(\.manifest.key).sorted().prefix(1))
      index.entries.removeAll { victims.contains($0.manifest.key) }
      index.artifacts[0].results.removeAll { victims.contains($0.key) }
      index.artifacts[0].figure = [:]
    }
    let outcome = try pull(reader, from: part)
    #expect(outcome.code == 0, "\(outcome.text)")
    #expect(try record(reader).contains("2 of 3 results of "), "\(outcome.text)")
    #expect(try numbers(reader) == published())
  }

  /// Publishes a loss of the first run with another value.
  private func changeWhatIsDrawn(in folder: String) throws {
    let store = try Self.publisher.get().bench.store
    func original(_ key: String) -> String { "\(store)/measure/\(key.prefix(2))/\(key)/metrics.csv" }
    let place = folder + "/index.json"
    let index = try PublishedIndex(FileSystem.contents(of: place), place: place)
    let victim = try #require(index.entries.first { $0.manifest.job.stage == "measure" })
    let lines = try String(contentsOfFile: original(victim.manifest.key), encoding: .utf8).split(
      separator: "\n")
    let line = try #require(lines.firstIndex { $0.contains(",trainingLoss,") })
    try change(
      "metrics.csv", line: line, of: { $0.stage == "measure" }, in: folder, original: original)
  }

  @Test func theSameStoreMakesTheSameBytes() throws {
    let publisher = try Self.publisher.get()
    let other = publisher.bench.folder + "/again"
    let outcome = try publisher.bench.make("publish", "TO=\(other)")
    #expect(outcome.code == 0, "\(outcome.text)")
    let files = try FileSystem.files(below: publisher.folder)
    #expect(files.count > 6)
    #expect(try FileSystem.files(below: other) == files)
    for file in files {
      #expect(
        try FileSystem.contents(of: "\(publisher.folder)/\(file)")
          == FileSystem.contents(of: "\(other)/\(file)"))
    }
  }

  @Test func aTransferThatBreaksOffGoesOn() throws {
    let reader = try Workbench(images: false)
    let server = try PublishedServer(try Self.publisher.get().folder, .truncate)
    let outcome = try pull(reader, from: server.address)
    #expect(outcome.code == 0, "\(outcome.text)")
    #expect(try numbers(reader) == published())
    #expect(server.blobRequests.contains { $0.contains("bytes=") }, "it goes on where it broke off")
  }

  @Test(arguments: [PublishedServer.Mode.wrong, .missing])
  func aBadBlobIsNamedAndMadeHere(_ mode: PublishedServer.Mode) throws {
    let reader = try Workbench()
    let server = try PublishedServer(try Self.publisher.get().folder, mode)
    let outcome = try pull(reader, from: server.address)
    #expect(outcome.code == 0, "\(outcome.text)")
    #expect(outcome.text.contains("left out: fig-t.1 measure"), "\(outcome.text)")
    #expect(outcome.text.contains("2 of 3 results found; 1 result of 1 figure made here"), "\(outcome.text)")
    #expect(try numbers(reader) == published())
    #expect(!pulledEntries("train", reader).isEmpty)
    let aside = try FileSystem.names(in: reader.store + "/pulled/set-aside")
    #expect(aside.contains { $0.hasPrefix("blob-") } == (mode == .wrong))
  }

  @Test func aFlippedByteInTheFolderIsFound() throws {
    let reader = try Workbench()
    let folder = try copy(in: reader)
    let blobs = try FileSystem.files(below: folder + "/blobs").map { "\(folder)/blobs/\($0)" }
    // Of all of them: which are fetched is the reader's business.
    for blob in blobs {
      var data = try FileSystem.contents(of: blob)
      data[data.count / 2] ^= 1
      try data.write(to: URL(fileURLWithPath: blob))
    }
    let outcome = try pull(reader, from: folder)
    #expect(outcome.code == 0, "\(outcome.text)")
    #expect(outcome.text.contains("left out"), "\(outcome.text)")
    #expect(try numbers(reader) == published())
    for blob in blobs { #expect(reader.contents(blob) != nil, "a published folder is nobody's to change") }
  }

  @Test func redirectsWithoutEndAreAnError() throws {
    let reader = try Workbench(images: false)
    let server = try PublishedServer(try Self.publisher.get().folder, .redirect)
    let outcome = try pull(reader, from: server.address)
    #expect(outcome.code == 2)
    #expect(outcome.text.contains("redirects without end"), "\(outcome.text)")
    #expect(pulledEntries("measure", reader).isEmpty)
  }

  @Test func aNewerFormatIsRefused() throws {
    let reader = try Workbench(images: false)
    let folder = try copy(in: reader)
    try change(folder) { $0.format = 99 }
    let outcome = try pull(reader, from: folder)
    #expect(outcome.code == 2)
    #expect(outcome.text.contains("format 99"), "\(outcome.text)")
  }

  @Test func pathsOutsideAreRefused() throws {
    let reader = try Workbench(images: false)
    let folder = try copy(in: reader)
    let path = folder + "/index.json"
    let text = String(decoding: try #require(reader.contents(path)), as: UTF8.self)
    let spoilt = [
      text.replacingOccurrences(of: "\"metrics.csv\"", with: "\"../../../metrics.csv\""),
      text.replacingOccurrences(of: "\"packed\":", with: "\"path\":\"../secret\",\"packed\":"),
      text.replacingOccurrences(of: "\"stage\":\"measure\"", with: "\"stage\":\"../measure\""),
    ]
    for text in spoilt {
      #expect(text.utf8.count != 0)
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      let outcome = try pull(reader, from: folder)
      #expect(outcome.code == 2, "\(outcome.text)")
      #expect(outcome.text.contains("index"), "\(outcome.text)")
      #expect(!FileManager.default.fileExists(atPath: reader.store + "/pulled/measure"))
    }
  }

  @Test func afterKillingAPullTheNextOneGoesOn() throws {
    let reader = try Workbench(images: false)
    let folder = try Self.publisher.get().folder
    let slow = try PublishedServer(folder, .slow)
    let running = try reader.startAlone(["fig-t.1", "FROM=\(slow.address)"])
    // Until something of a blob has come.
    func parts() -> [String] {
      let files = FileManager.default.enumerator(atPath: reader.store + "/pulled")?.compactMap {
        $0 as? String
      }
      return (files ?? []).filter { $0.hasSuffix(".part") && !$0.contains("from/") }
    }
    for _ in 0..<3_000 where parts().isEmpty { usleep(10_000) }
    #expect(!parts().isEmpty)
    usleep(200_000)
    // The whole group, as a machine that loses its power.
    let children = try Running(
      "/usr/bin/pkill", ["-KILL", "--session", "\(session(of: running.identifier))"]
    ).wait()
    #expect(children.code <= 1)
    _ = running.wait()
    #expect(pulledEntries("plot", reader).isEmpty)
    let plain = try PublishedServer(folder)
    let outcome = try pull(reader, from: plain.address)
    #expect(outcome.code == 0, "\(outcome.text)")
    #expect(try numbers(reader) == published())
    #expect(!FileManager.default.fileExists(atPath: reader.store + "/pulled/set-aside"))
  }

  /// The session of the child that `setsid` made; its own where there is none.
  private func session(of process: Int32) throws -> Int32 {
    let children = try Running("/usr/bin/pgrep", ["-P", "\(process)"]).wait().text
    let child = children.split(separator: "\n").first.flatMap { Int32($0) } ?? process
    return getsid(child)
  }

  @Test func twoReadersOfOneStoreFetchEverythingOnce() throws {
    let reader = try Workbench(images: false)
    let server = try PublishedServer(try Self.publisher.get().folder, .slow)
    let both = try ["graph", "other-graph"].map { graph in
      try reader.start(["fig-t.1", "FROM=\(server.address)", "GRAPH=\(reader.folder)/\(graph)"])
    }
    for outcome in both.map({ $0.wait() }) { #expect(outcome.code == 0, "\(outcome.text)") }
    #expect(try numbers(reader) == published())
    #expect(server.blobRequests.count == Set(server.blobRequests).count, "\(server.blobRequests)")
  }

  @Test func statusSaysWhatIsThereAndWhatDiffers() throws {
    let reader = try Workbench()
    let folder = try copy(in: reader)
    try change(folder) {
      try $0.remade(with: "openblas", "0.0.1", changing: "NeuralNetwork/Dense.swift")
      for artifact in $0.artifacts.indices { $0.artifacts[artifact].commit = "v0-unknown" }
    }
    let outcome = try reader.make("status", "FROM=\(folder)")
    #expect(outcome.code == 0, "\(outcome.text)")
    #expect(outcome.text.contains("3/3"), "\(outcome.text)")
    #expect(
      outcome.text.contains("made by commit v0-unknown; since then Sources/NeuralNetwork changed"),
      "\(outcome.text)")
    #expect(outcome.text.contains("openblas: 0.0.1 →"), "\(outcome.text)")
    // Drawn all the same.
    let drawn = try pull(reader, from: folder)
    #expect(drawn.code == 0, "\(drawn.text)")
    #expect(try numbers(reader) == published())
    let record = try self.record(reader)
    #expect(record.contains("since then Sources/NeuralNetwork changed"))
    // And nobody pretends to have repeated what other sources made.
    let challenge = try reader.make("challenge", "FROM=\(folder)", "RUNS=1")
    #expect(challenge.code != 0)
    #expect(
      challenge.text.contains("made by commit v0-unknown, which this repository does not have"),
      "\(challenge.text)")
  }

  @Test func keptRecordsServeAsAPublishedFolder() throws {
    let publisher = try Self.publisher.get().bench
    let records = publisher.folder + "/records"
    let kept = try publisher.make("record-fig-t.1", "RECORDS=\(records)")
    #expect(kept.code == 0, "\(kept.text)")
    let reader = try Workbench(images: false)
    let outcome = try pull(reader, from: "records", "RECORDS=\(records)")
    #expect(outcome.code == 0, "\(outcome.text)")
    #expect(try numbers(reader) == published())
    for stage in ["prepare", "train", "measure"] { #expect(pulledEntries(stage, reader).isEmpty) }
    func verdicts(_ bench: Workbench) throws -> [String?] {
      let data = try #require(bench.contents(bench.figures + "/fig-t.1.json"))
      let record = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      return (record["claims"] as? [[String: Any]] ?? []).map { $0["verdict"] as? String }
    }
    #expect(try verdicts(reader) == verdicts(publisher))
    #expect(try verdicts(reader).count == 2)
    let svg = reader.contents(reader.figures + "/fig-t.1.claims.txt").map {
      String(decoding: $0, as: UTF8.self)
    }
    #expect(svg?.contains("kept results of ") == true)
    // Nothing of it can be repeated, which is no success.
    let challenge = try reader.make("challenge", "FROM=records", "RECORDS=\(records)")
    #expect(challenge.code == 2)
    #expect(challenge.text.contains("no runs that could be repeated"), "\(challenge.text)")
    // And others' figures are no records.
    let passed = try reader.make("record-fig-t.1", "FROM=records", "RECORDS=\(records)")
    #expect(passed.code != 0)
  }

  @Test func publishingGoesWhereItIsMeantAlone() throws {
    let bench = try Self.publisher.get().bench
    let foreign = bench.folder + "/foreign"
    try FileManager.default.createDirectory(atPath: foreign, withIntermediateDirectories: true)
    try bench.write("mine", to: foreign + "/letter.txt")
    for (settings, message) in [
      ([], "TO="), (["TO=\(foreign)"], "letter.txt"), (["TO=\(bench.store)/shared"], "lies in the store"),
      (["TO=\(bench.folder)/x", "SNAPSHOTS=some"], "SNAPSHOTS=some"),
      (["TO=\(bench.folder)/x", "PROFILE=standard"], "no figure at standard"),
      (["TO=\(bench.folder)/x", "FROM=\(bench.folder)/published"], "only what was made here"),
    ] {
      let outcome = try bench.start(["publish"] + settings).wait()
      #expect(outcome.code == 2, "\(settings): \(outcome.text)")
      #expect(outcome.text.contains(message), "\(settings): \(outcome.text)")
    }
    #expect(try FileSystem.names(in: foreign) == ["letter.txt"])
  }

  /// What is published is nobody's to prune, wherever it lies: beside the store, among the figures, or nearly in the store.
  @Test func pruningLeavesPublishedFoldersAlone() throws {
    let bench = try Workbench()
    #expect(try bench.make("fig-t.1").code == 0)
    let folders = [bench.folder + "/published", bench.figures + "/published", bench.store + "-published"]
    for folder in folders {
      let shared = try bench.make("publish", "TO=\(folder)", "SNAPSHOTS=all")
      #expect(shared.code == 0, "\(shared.text)")
    }
    func contents(_ folder: String) throws -> [String: Data] {
      try Dictionary(
        uniqueKeysWithValues: FileSystem.files(below: folder).map {
          ($0, try FileSystem.contents(of: "\(folder)/\($0)"))
        })
    }
    let before = try folders.map(contents)
    #expect(before.allSatisfy { $0.count > 6 })
    // Nothing of the store is asked for any more: neither by a chapter, nor by a figure, nor by an earlier make.
    var other = TinyChapter()
    other.cloneEpochs += 1
    other.baseEpochs += 1
    try bench.change(other)
    try FileManager.default.removeItem(atPath: bench.store + "/wanted")
    try? FileManager.default.removeItem(atPath: bench.store + "/published")
    for name in try FileSystem.names(in: bench.figures) where name.hasPrefix("fig-") {
      try FileManager.default.removeItem(atPath: "\(bench.figures)/\(name)")
    }
    let pruned = try bench.make("prune")
    #expect(pruned.code == 0, "\(pruned.text)")
    #expect(bench.entries("train").isEmpty, "there was something to prune: \(pruned.text)")
    #expect(try folders.map(contents) == before)
    // They are as good as before.
    for folder in folders {
      let reader = try Workbench(images: false)
      #expect(try pull(reader, from: folder).code == 0)
      #expect(try numbers(reader) == published())
    }
  }

  @Test(arguments: [
    "ftp://example.org/x", "http://", "no-such-folder", "http://127.0.0.1:1/x?y",
  ])
  func placesThatAreNoneAreRefused(_ place: String) throws {
    let reader = try Workbench(images: false)
    let outcome = try pull(reader, from: place)
    #expect(outcome.code == 2, "\(outcome.text)")
    #expect(outcome.text.split(separator: "\n").contains { $0.hasPrefix("weave: ") }, "\(outcome.text)")
    #expect(!FileManager.default.fileExists(atPath: reader.store + "/pulled/measure"))
  }
}
