import ContentStore
import Foundation
import Publishing
import Testing

/// A machine with data that has made and published the figure, once for all tests.
final class Publisher: @unchecked Sendable {
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

private let onlyPublisher = Result { try Publisher() }

/// What tests of published results share: a figure that was published once for all of them, and other machines.
protocol PublishedFigure {}

extension PublishedFigure {
  static var publisher: Result<Publisher, any Error> { onlyPublisher }

  /// A folder of its own with what was published, to be spoilt.
  func copy(in bench: Workbench) throws -> String {
    let target = bench.folder + "/copy"
    try FileManager.default.copyItem(atPath: try Self.publisher.get().folder, toPath: target)
    return target
  }

  func numbers(_ bench: Workbench) throws -> Data {
    try #require(bench.contents(bench.figures + "/fig-t.1.csv"))
  }

  func published() throws -> Data { try numbers(Self.publisher.get().bench) }

  /// Make on another machine, from a place.
  func pull(_ bench: Workbench, from place: String, _ more: String...) throws -> Workbench.Outcome {
    try bench.start(
      ["fig-t.1", "FROM=\(place)"] + more, environment: ["BARRIERS_RETRY_SECONDS": "0.01"]
    ).wait()
  }

  func pulledEntries(_ stage: String, _ bench: Workbench) -> [String] {
    let files = FileManager.default.enumerator(atPath: "\(bench.store)/pulled/\(stage)")?.compactMap {
      $0 as? String
    }
    return (files ?? []).filter { $0.hasSuffix("/manifest.json") }
  }

  func change(_ folder: String, _ body: (inout PublishedIndex) throws -> Void) throws {
    let path = folder + "/index.json"
    var index = try PublishedIndex(Data(contentsOf: URL(fileURLWithPath: path)), place: path)
    try body(&index)
    try index.encoded().write(to: URL(fileURLWithPath: path))
  }

  /// Publishes a file of an entry with one number changed, everything else as it would be if it had come out so.
  ///
  /// - Parameters:
  ///   - original: where the file lies as it was made.
  ///   - line: counted from 0, the heading.
  ///   - field: of the line; the last if nil.
  func change(
    _ file: String, line: Int, field: Int? = nil, of isVictim: (Job) -> Bool, in folder: String,
    original: (_ key: String) -> String
  ) throws {
    let writer = try PublishedFolderWriter(folder: folder)
    try change(folder) { index in
      let place = try #require(index.entries.firstIndex { isVictim($0.manifest.job) })
      let entry = index.entries[place]
      var lines = try String(contentsOfFile: original(entry.manifest.key), encoding: .utf8)
        .split(separator: "\n").map(String.init)
      var fields = lines[line].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      fields[field ?? fields.count - 1] = "0.125"
      lines[line] = fields.joined(separator: ",")
      let path = FileManager.default.temporaryDirectory.path + "/changed-\(UUID().uuidString).csv"
      defer { try? FileManager.default.removeItem(atPath: path) }
      let data = Data((lines.joined(separator: "\n") + "\n").utf8)
      try data.write(to: URL(fileURLWithPath: path))
      let facts = Manifest.File(digest: Digest(of: data), bytes: data.count)
      let lengths = try writer.blobs.pack([(path, facts)])
      // Everything fits together but the number.
      let text = String(decoding: try JSONEncoder().encode(entry), as: UTF8.self)
      let old = try #require(entry.manifest.files[file])
      let changed = text.replacingOccurrences(of: old.digest.hex, with: facts.digest.hex)
        .replacingOccurrences(of: "\"bytes\":\(old.bytes)", with: "\"bytes\":\(facts.bytes)")
      index.entries[place] = try JSONDecoder().decode(PublishedIndex.Entry.self, from: Data(changed.utf8))
      index.entries[place].packed[file] = lengths[facts.digest]
    }
  }

  /// The record of the figure as somebody drew it.
  func record(_ bench: Workbench) throws -> String {
    String(decoding: try #require(bench.contents(bench.figures + "/fig-t.1.json")), as: UTF8.self)
  }
}

extension PublishedIndex {
  /// The same results as if another environment and other sources had made them, consistently.
  mutating func remade(with name: String, _ value: String, changing file: String) throws {
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
