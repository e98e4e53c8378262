import Claims
import Console
import ContentStore
import Figures
import Foundation
import Publishing
import Transfers

/// A published folder that results are taken from, as `FROM` names it, and what is remembered of it in the store.
struct ForeignSource: Sendable {
  let place: PublishedPlace
  private(set) var results: PublishedResults
  /// The SHA-256 of the index.
  let digest: Digest
  /// Where this is remembered.
  let folder: String
  let store: Store

  /// Keys of entries whose files were not what they should be: they are made here.
  var rejected: Set<String> {
    let data = FileManager.default.contents(atPath: folder + "/rejected") ?? Data()
    return Set(String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init))
  }

  /// Remembers what is rejected now.
  func reject(_ keys: some Sequence<String>) throws {
    try FileSystem.update(
      folder + "/rejected", to: Data(Set(keys).sorted().map { $0 + "\n" }.joined().utf8))
  }

  /// Reads the index.
  ///
  /// - Parameters:
  ///   - isFresh: asks for it anew, even if an earlier command of the same make has read it.
  ///   - signers: whose signature it has to have; anyone's or none if nil.
  init(_ text: String, store: Store, isFresh: Bool, signers: String?) throws {
    place = try PublishedPlace(text)
    self.store = store
    folder = "\(store.root)/from/\(Digest(of: "\(place)").hex.prefix(16))"
    let file = "\(folder)/\(PublishedIndex.fileName)"
    let signature = file + ".sig"
    if !isFresh, let data = FileManager.default.contents(atPath: file) {
      results = PublishedResults(try PublishedIndex(data, place: file))
      digest = Digest(of: data)
      if let signers { try Signature.verify(file, signers: signers, place: "\(place)") }
      return
    }
    let (index, data) = try place.index(scratch: folder, patience: Self.patience)
    results = PublishedResults(index)
    digest = Digest(of: data)
    try FileSystem.createFolder(folder)
    try FileSystem.update(file, to: data)
    try FileSystem.remove(signature)
    try OthersAttestations(folder).fetch(from: place, scratch: folder, patience: Self.patience)
    guard let signers else { return }
    let found = try place.contents(
      of: PublishedIndex.fileName + ".sig", limit: 1 << 16, isOptional: true, scratch: folder,
      patience: Self.patience)
    if let found { try FileSystem.update(signature, to: found) }
    try Signature.verify(file, signers: signers, place: "\(place)")
  }

  /// Tests cannot wait as long as people can.
  static var patience: Retrieval.Patience {
    let seconds = ProcessInfo.processInfo.environment["BARRIERS_RETRY_SECONDS"].flatMap(Double.init)
    return Retrieval.Patience(firstDelay: min(60, max(0, seconds ?? 1)))
  }

  /// The same with the runs of those figures of which the curves alone were kept, as far as these can be repeated.
  ///
  /// - Throws: `PublishingError` for what is not what the index says.
  func withRuns(of artifacts: [PublishedIndex.Artifact]) throws -> ForeignSource {
    let kept = try artifacts.filter(\.results.isEmpty).compactMap { artifact in
      try artifact.runs.map {
        (
          artifact: artifact,
          runs: try KeptRuns($0, at: place, scratch: folder, patience: Self.patience)
        )
      }
    }
    guard !kept.isEmpty else { return self }
    var source = self
    source.results = PublishedResults(try results.index.adding(kept, place: "\(place)"))
    return source
  }

  /// Fetches a table.
  ///
  /// - Returns: where it lies now.
  /// - Throws: `PublishingError`, `TransferError`, `FileSystemError`.
  func table(_ file: PublishedFile, named name: String) throws -> String {
    let path = "\(folder)/tables/\(file.digest.hex)-\((name as NSString).lastPathComponent)"
    let data = try place.contents(of: file, scratch: folder, patience: Self.patience)
    try FileSystem.createFolder("\(folder)/tables")
    try FileSystem.update(path, to: data)
    return path
  }

  /// The record beside a figure's own numbers; nil if there is none that can be read.
  func record(of artifact: PublishedIndex.Artifact) throws -> FigureRecord? {
    guard let file = artifact.figure["json"] else { return nil }
    do {
      return try FigureRecord(contentsOf: table(file, named: FigureInputs.keptRecordName))
    } catch is PublishingError {
      // Whoever fetches the figure itself says so.
      return nil
    } catch is StoreError {
      return nil
    }
  }

  /// The published artifact at a profile.
  func artifact(_ id: String, profile: Profile) -> PublishedIndex.Artifact? {
    results.index.artifacts.first { $0.id == id && $0.profile == profile.rawValue }
  }

  /// The profiles that it has, the largest last.
  var profiles: [Profile] {
    let names = Set(results.index.artifacts.map(\.profile))
    return Profile.allCases.filter { names.contains($0.rawValue) }
  }

  /// The entry that holds a figure's own numbers; nil if they are not published.
  func figure(_ artifact: PublishedIndex.Artifact) -> Puller.Item? {
    guard let numbers = artifact.figure["csv"], let record = artifact.figure["json"] else { return nil }
    return Puller.Item(
      job: Job(
        stage: FigureInputs.keptName, fingerprint: "",
        parameters: [
          "artifact": .string(artifact.id), "profile": .string(artifact.profile),
          "numbers": .string(numbers.digest.hex), "record": .string(record.digest.hex),
        ], environment: [:], title: "\(artifact.id) at \(artifact.profile), as it was drawn"),
      files: [FigureInputs.keptNumbersName: numbers, FigureInputs.keptRecordName: record])
  }

  /// What is to be fetched for entries of the index and for kept figures, by key.
  func items(_ keys: Set<String>) -> [Puller.Item] {
    let entries = results.index.entries.filter { keys.contains($0.manifest.key) }.compactMap(Puller.Item.init)
    let figures = results.index.artifacts.compactMap(figure).filter { keys.contains($0.job.key) }
    return entries + figures
  }

  /// Those of some keys of which the store holds what is published.
  func held(_ keys: Set<String>) throws -> Set<String> {
    try Set(items(keys).filter { try $0.isHeld(by: store) }.map(\.job.key))
  }

  /// Fetches entries and kept figures, with progress on the terminal.
  ///
  /// - Returns: the keys of what was left out, each named on the terminal.
  func pull(_ keys: Set<String>) throws -> Set<String> {
    let items = items(keys)
    let taken = TakenResults(store)
    try taken.add(items.map(\.job.key))
    let reporter = ProgressReporter(title: "pull", total: 1)
    let bad = try Puller(place: place, store: store, patience: Self.patience).pull(
      items,
      progress: { state in
        reporter.update(
          done: Double(state.bytes) / Double(max(state.totalBytes, 1)),
          note: "\(state.items)/\(state.totalItems) results  \(Format.bytes(state.bytes))")
      }, shouldStop: { Interruption.requested != nil })
    try Interruption.check()
    reporter.finish()
    for bad in bad { Console.tell("\(bad)") }
    // What is not there after all of this has no file in the folder.
    let missing = try keys.subtracting(held(keys))
    try taken.remove(missing)
    return missing
  }
}
