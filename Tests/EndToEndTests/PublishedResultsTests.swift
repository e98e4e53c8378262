import ContentStore
import Foundation
import Publishing
import Testing

/// Promise: results travel. Who has a published folder draws every figure without data and training, and nothing that is
/// not what the folder's index says gets into a store.
@Suite struct PublishedResultsTests {
  /// A machine with data that has made and published the figure, once for all tests.
  private final class Publisher: @unchecked Sendable {
    let bench: Workbench
    let folder: String
    let outcome: Workbench.Outcome

    init() throws {
      bench = try Workbench()
      folder = bench.folder + "/published"
      let made = try bench.make("fig-t.1")
      try #require(made.code == 0, "\(made.text)")
      outcome = try bench.make("publish", "TO=\(folder)")
      try #require(outcome.code == 0, "\(outcome.text)")
    }
  }

  private static let publisher = Result { try Publisher() }

  /// A folder of its own with what was published, to be spoilt.
  private func copy(in bench: Workbench) throws -> String {
    let target = bench.folder + "/copy"
    try FileManager.default.copyItem(atPath: try Self.publisher.get().folder, toPath: target)
    return target
  }

  private func numbers(_ bench: Workbench) throws -> Data {
    try #require(bench.contents(bench.figures + "/fig-t.1.csv"))
  }

  private func published() throws -> Data { try numbers(Self.publisher.get().bench) }

  /// Make on another machine, from a place.
  private func pull(_ bench: Workbench, from place: String, _ more: String...) throws -> Workbench.Outcome {
    try bench.start(
      ["fig-t.1", "FROM=\(place)"] + more, environment: ["BARRIERS_RETRY_SECONDS": "0.01"]
    ).wait()
  }

  private func pulledEntries(_ stage: String, _ bench: Workbench) -> [String] {
    let files = FileManager.default.enumerator(atPath: "\(bench.store)/pulled/\(stage)")?.compactMap {
      $0 as? String
    }
    return (files ?? []).filter { $0.hasSuffix("/manifest.json") }
  }

  private func change(_ folder: String, _ body: (inout PublishedIndex) throws -> Void) throws {
    let path = folder + "/index.json"
    var index = try PublishedIndex(Data(contentsOf: URL(fileURLWithPath: path)), place: path)
    try body(&index)
    try index.encoded().write(to: URL(fileURLWithPath: path))
  }

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
    let record = String(
      decoding: try #require(reader.contents(reader.figures + "/fig-t.1.json")), as: UTF8.self)
    #expect(record.contains("\"words\" : \"results of "))
    #expect(record.contains("\"synthetic\" : false"), "the images are those of the publisher")
    // Claims are judged here.
    #expect(pulledEntries("judge", reader).count == 1)
    // A second time nothing is fetched but the index.
    let again = try pull(reader, from: server.address)
    #expect(again.code == 0)
    #expect(server.blobRequests.count == 3)
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
    let record = String(
      decoding: try #require(reader.contents(reader.figures + "/fig-t.1.json")), as: UTF8.self)
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

  @Test func aChallengePassesAndFindsASingleChangedNumber() throws {
    let reader = try Workbench()
    let folder = try copy(in: reader)
    let honest = try reader.make("challenge", "FROM=\(folder)", "RUNS=3", "DRAW=7")
    #expect(honest.code == 0, "\(honest.text)")
    #expect(
      honest.text.contains("3 runs repeated and none different: at most 63 % of all 3 runs"), "\(honest.text)"
    )
    #expect(honest.text.contains("identical"))
    // The figure says that its runs were repeated.
    let drawn = try pull(reader, from: folder)
    #expect(drawn.code == 0, "\(drawn.text)")
    let record = String(
      decoding: try #require(reader.contents(reader.figures + "/fig-t.1.json")), as: UTF8.self)
    #expect(record.contains("3 of 3 runs repeated here: identical"))

    let victim = try Workbench()
    let tampered = try copy(in: victim)
    let writer = try PublishedFolderWriter(folder: tampered)
    try change(tampered) { index in
      let place = try #require(index.entries.firstIndex { $0.manifest.job.stage == "measure" })
      let entry = index.entries[place]
      let key = entry.manifest.key
      let source = "\(reader.store)/pulled/measure/\(key.prefix(2))/\(key)/metrics.csv"
      var lines = try String(contentsOfFile: source, encoding: .utf8).split(separator: "\n").map(String.init)
      var fields = lines[5].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      fields[fields.count - 1] = "0.125"
      lines[5] = fields.joined(separator: ",")
      let path = victim.folder + "/metrics.csv"
      try victim.write(lines.joined(separator: "\n") + "\n", to: path)
      let data = try FileSystem.contents(of: path)
      let facts = Manifest.File(digest: Digest(of: data), bytes: data.count)
      let lengths = try writer.pack([(path, facts)], progress: { _, _ in }, shouldStop: { false })
      // Everything fits together but the number.
      let text = String(decoding: try JSONEncoder().encode(entry), as: UTF8.self)
      let old = try #require(entry.manifest.files["metrics.csv"])
      let changed = text.replacingOccurrences(of: old.digest.hex, with: facts.digest.hex)
        .replacingOccurrences(of: "\"bytes\":\(old.bytes)", with: "\"bytes\":\(facts.bytes)")
      index.entries[place] = try JSONDecoder().decode(PublishedIndex.Entry.self, from: Data(changed.utf8))
      index.entries[place].packed["metrics.csv"] = lengths[facts.digest]
    }
    let outcome = try victim.make("challenge", "FROM=\(tampered)", "RUNS=3")
    #expect(outcome.code != 0)
    #expect(outcome.text.contains("1 of 3 repeated runs came out different"), "\(outcome.text)")
    #expect(outcome.text.contains("measure: metrics.csv"), "\(outcome.text)")
    #expect(!outcome.text.contains("none different"))
    // Drawing from it says so from now on.
    let figure = try pull(victim, from: tampered)
    #expect(figure.code == 0, "\(figure.text)")
    let words = String(
      decoding: try #require(victim.contents(victim.figures + "/fig-t.1.json")), as: UTF8.self)
    #expect(words.contains("3 of 3 runs repeated here: 1 different"), "\(outcome.text)")
  }

  @Test func aRepetitionBeginsWithAPublishedNetwork() throws {
    let publisher = try Self.publisher.get().bench
    let reader = try Workbench()
    let folder = reader.folder + "/with-networks"
    let shared = try publisher.make("publish", "TO=\(folder)", "SNAPSHOTS=last")
    #expect(shared.code == 0, "\(shared.text)")
    let outcome = try reader.make("challenge", "FROM=\(folder)", "RUNS=3")
    #expect(outcome.code == 0, "\(outcome.text)")
    #expect(
      outcome.text.components(separatedBy: "from a published network").count == 3,
      "both phases: \(outcome.text)")
    // The first phase was repeated once, for itself.
    let files = try FileSystem.files(below: reader.store + "/pulled/challenge")
    #expect(files.count { $0.hasPrefix("whole/train/") && $0.hasSuffix("/manifest.json") } == 1)
    #expect(files.count { $0.hasPrefix("segments/train/") && $0.hasSuffix("/history.csv") } == 2)
  }

  /// Long runs keep checkpoints; with them a part of the run is enough to find what is wrong in that part.
  @Test func aPartOfALongRunIsRepeatedFromItsCheckpoint() throws {
    var chapter = TinyChapter(baseEpochs: 4, cloneEpochs: 6)
    chapter.runValues = " checkpoints: 2,"
    let publisher = try Workbench(chapter: chapter.text)
    #expect(try publisher.make("fig-t.1").code == 0)
    let folder = publisher.folder + "/published"
    let shared = try publisher.make("publish", "TO=\(folder)", "SNAPSHOTS=checkpoints")
    #expect(shared.code == 0, "\(shared.text)")
    let reader = try Workbench(chapter: chapter.text)
    var parts: Set<String> = []
    for draw in 1...4 {
      let outcome = try reader.make("challenge", "FROM=\(folder)", "RUNS=3", "DRAW=\(draw)")
      #expect(outcome.code == 0, "\(outcome.text)")
      #expect(outcome.text.contains("of long runs a part was repeated"), "\(outcome.text)")
      let rows = outcome.text.split(separator: "\n").filter { $0.contains("rows of tables, epochs ") }
      #expect(rows.count == 3 && rows.allSatisfy { $0.contains("identical") }, "\(outcome.text)")
      for row in rows { parts.insert(String(row.components(separatedBy: "tables, ")[1].prefix(16))) }
    }
    #expect(parts.count > 3, "parts are drawn by chance: \(parts)")
    // Nothing was trained but parts.
    let files = try FileSystem.files(below: reader.store + "/pulled/challenge")
    #expect(!files.contains { $0.hasPrefix("whole/") || $0.hasPrefix("segments/") })
    let drawn = try pull(reader, from: folder)
    #expect(drawn.code == 0, "\(drawn.text)")
    let record = String(
      decoding: try #require(reader.contents(reader.figures + "/fig-t.1.json")), as: UTF8.self)
    #expect(record.contains("3 of 3 runs repeated here, 3 in part: identical"), "\(record.prefix(3000))")
    // A budget cuts a part to what fits, and to an epoch at least.
    let cut = try reader.make("challenge", "FROM=\(folder)", "BUDGET=10min", "DRAW=1")
    #expect(cut.code == 0 && cut.text.contains("epochs "), "\(cut.text)")

    // One number of one epoch of a history.
    let writer = try PublishedFolderWriter(folder: folder)
    try change(folder) { index in
      let place = try #require(
        index.entries.firstIndex {
          $0.manifest.job.stage == "train" && $0.manifest.job.title.contains("clone")
        })
      let entry = index.entries[place]
      let key = entry.manifest.key
      var lines = try String(
        contentsOfFile: "\(publisher.store)/train/\(key.prefix(2))/\(key)/history.csv", encoding: .utf8
      ).split(separator: "\n").map(String.init)
      var fields = lines[4].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      fields[3] = "0.125"
      lines[4] = fields.joined(separator: ",")
      let path = publisher.folder + "/history.csv"
      try publisher.write(lines.joined(separator: "\n") + "\n", to: path)
      let data = try FileSystem.contents(of: path)
      let facts = Manifest.File(digest: Digest(of: data), bytes: data.count)
      let lengths = try writer.pack([(path, facts)], progress: { _, _ in }, shouldStop: { false })
      let text = String(decoding: try JSONEncoder().encode(entry), as: UTF8.self)
      let old = try #require(entry.manifest.files["history.csv"])
      let changed = text.replacingOccurrences(of: old.digest.hex, with: facts.digest.hex)
        .replacingOccurrences(of: "\"bytes\":\(old.bytes)", with: "\"bytes\":\(facts.bytes)")
      index.entries[place] = try JSONDecoder().decode(PublishedIndex.Entry.self, from: Data(changed.utf8))
      index.entries[place].packed["history.csv"] = lengths[facts.digest]
    }
    // It lies in the second of three parts, which some draw takes.
    let victim = try Workbench(chapter: chapter.text)
    let outcomes = try (1...8).map { try victim.make("challenge", "FROM=\(folder)", "RUNS=3", "DRAW=\($0)") }
    let found = outcomes.filter { $0.code != 0 }
    #expect(!found.isEmpty && found.count < outcomes.count)
    #expect(found.allSatisfy { $0.text.contains("train: history.csv") })
  }

  @Test func aBudgetSaysHowItBiasesTheDraw() throws {
    let reader = try Workbench()
    let outcome = try reader.make(
      "challenge", "FROM=\(try Self.publisher.get().folder)", "BUDGET=10min", "fig-t.1")
    #expect(outcome.code == 0, "\(outcome.text)")
    #expect(outcome.text.contains("3 of 3 runs"))
    let none = try reader.make("challenge", "FROM=\(try Self.publisher.get().folder)", "BUDGET=0.000001s")
    #expect(none.code == 2)
    #expect(none.text.contains("no run fits"), "\(none.text)")
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

  @Test func aSignatureIsAskedFor() throws {
    let publisher = try Self.publisher.get().bench
    let reader = try Workbench(images: false)
    func key(_ name: String) throws -> (secret: String, open: String) {
      let secret = "\(reader.folder)/\(name).pem"
      let open = "\(reader.folder)/\(name).pub.pem"
      for command in [
        ["genpkey", "-algorithm", "ed25519", "-out", secret],
        ["pkey", "-in", secret, "-pubout", "-out", open],
      ] {
        #expect(try Running("/usr/bin/openssl", command).wait().code == 0)
      }
      return (secret, open)
    }
    let (ours, others) = (try key("ours"), try key("others"))
    let folder = reader.folder + "/signed"
    let signed = try publisher.make("publish", "TO=\(folder)", "SIGN=\(ours.secret)")
    #expect(signed.code == 0, "\(signed.text)")
    #expect(try pull(reader, from: folder, "SIGNERS=\(ours.open)").code == 0)
    for (place, signer) in [(folder, others.open), (try Self.publisher.get().folder, ours.open)] {
      let outcome = try pull(try Workbench(images: false), from: place, "SIGNERS=\(signer)")
      #expect(outcome.code == 2, "\(outcome.text)")
      #expect(outcome.text.contains("sign"), "\(outcome.text)")
    }
  }
}

extension PublishedIndex {
  /// The same results as if another environment and other sources had made them, consistently.
  fileprivate mutating func remade(with name: String, _ value: String, changing file: String) throws {
    var keys: [String: (key: String, recipe: String)] = [:]
    var prints: [String: String] = [:]
    for (fingerprint, files) in fingerprints
    where files.keys.contains(where: { $0.hasPrefix("NeuralNetwork/") }) {
      var files = files
      files[file] = Digest(of: "as it was").hex
      let changed = SourceFingerprint(files: files, modules: [])
      prints[fingerprint] = changed.digest
      fingerprints[changed.digest] = files
    }
    var remade: [Entry] = []
    for entry in PublishedResults(self).closure(of: entries.map(\.manifest.key)) {
      var job = entry.manifest.job
      job.environment[name] = value
      job.fingerprint = prints[job.fingerprint] ?? job.fingerprint
      for (place, input) in job.inputs.enumerated() {
        guard let new = keys[input.key] else { continue }
        job.inputs[place].key = new.key
        // Images count by content.
        if input.stage != "prepare" { job.inputs[place].recipe = new.recipe }
      }
      keys[entry.manifest.key] = (job.key, job.recipe)
      var text = try JSONValue(encoding: entry.manifest)
      guard case .object(var members) = text else { continue }
      members["job"] = try JSONValue(encoding: job)
      members["key"] = .string(job.key)
      text = .object(members)
      remade.append(Entry(manifest: try text.decoded(), packed: entry.packed, dataSet: entry.dataSet))
    }
    entries = remade.sorted { $0.manifest.key < $1.manifest.key }
    for artifact in artifacts.indices {
      artifacts[artifact].results = artifacts[artifact].results.compactMap { result in
        keys[result.key].map { Result(slot: result.slot, recipe: $0.recipe, key: $0.key) }
      }
    }
  }
}
