import Claims
import Console
import ContentStore
import Figures
import Foundation
import Manuscript
import Report

/// `weave publish`: an artifact's files from the store to where people look, and its claims on the terminal.
enum PublishCommand {
  static func run(_ arguments: [String]) throws {
    var options = CommandLineOptions(
      tool: "weave publish", summary: "Copies an artifact's files out of the store and prints its claims.")
    let root = options.option(
      "store", String.self, value: "FOLDER", default: ".store", help: "where results are kept")
    let planFile = options.required("plan", String.self, value: "FILE", help: "the artifact's plan")
    let figures = options.option(
      "figures", String.self, value: "FOLDER", default: "figures", help: "where figures are published")
    let records = options.option(
      "records", String.self, value: "FOLDER", default: "paper/records",
      help: "results kept with the chapters, of which those of larger profiles are told")
    let quiet = options.flag("quiet", help: "print nothing; the claims are in a file beside the figure")
    let parsed = try options.parse(arguments)
    let store = try Store(root: parsed[root])
    let publication = Publication(plan: parsed[planFile])
    publication.remove()
    let plan = try JSONDecoder().decode(
      ArtifactRecord.self, from: try Data(contentsOf: URL(fileURLWithPath: parsed[planFile])))
    do {
      let shelf = RecordShelf(folder: parsed[records])
      let (record, larger, files) = try publish(plan, store: store, shelf: shelf, to: parsed[figures])
      try publication.save([parsed[planFile]] + files)
      if !parsed[quiet] {
        print("\n" + ClaimsText.full(record, larger: larger, folder: parsed[figures], style: TextStyle()))
      }
    } catch StoreError.damaged(let folder, let file) {
      try store.setAside(folder: folder)
      throw DamagedResult(artifact: plan.artifact, entry: folder, file: file)
    }
  }

  /// - Returns: the figure's record, those of larger profiles that are kept, and the files that were read and written.
  private static func publish(
    _ plan: ArtifactRecord, store: Store, shelf: RecordShelf, to folder: String
  ) throws -> (FigureRecord, larger: LargerRecords, files: [String]) {
    // All of them are checked before one is copied.
    let drawing = try entry(.figure, of: plan, in: store)
    let files = try drawing.manifest.files.keys.sorted().map { ($0, try drawing.path(of: $0)) }
    let (record, claimsFile) = try record(of: plan, in: store)
    try FileSystem.createFolder(folder)
    for (name, path) in files {
      try FileSystem.update(folder + "/" + name, to: FileSystem.contents(of: path))
    }
    // A second picture of shorter runs is no picture of these.
    let companion = DrawingSpecification.companionName(of: plan.artifact)
    for ending in ["pdf", "svg", "png"] where !files.contains(where: { $0.0 == "\(companion).\(ending)" }) {
      unlink("\(folder)/\(companion).\(ending)")
    }
    let recordFile = "\(folder)/\(plan.artifact).json"
    let textFile = "\(folder)/\(ClaimsText.fileName(of: plan.artifact))"
    try FileSystem.update(recordFile, to: JSONEncoder.stable.encode(record))
    let larger = try shelf.larger(than: record)
    let text = ClaimsText.full(record, larger: larger, folder: folder) + "\n"
    try FileSystem.update(textFile, to: Data(text.utf8))
    let kept = try PublishedRecords(store).save(plan, synthetic: record.dataSets.contains { $0.synthetic })
    try GalleryFile.write(in: folder)
    let read =
      files.map(\.1) + [claimsFile]
      + shelf.paths(above: record)
      + plan.entries.filter { $0.foreign == nil }.map { store.manifestPath(stage: $0.stage, key: $0.key) }
    return (record, larger, read + files.map { "\(folder)/\($0.0)" } + [recordFile, textFile, kept])
  }

  /// What a figure's record says, with the file of its claims in the store.
  ///
  /// - Throws: ``MissingResult``; `StoreError` for a damaged entry.
  static func record(of plan: ArtifactRecord, in store: Store) throws -> (FigureRecord, claims: String) {
    let file = try entry(.claims, of: plan, in: store).path(of: JudgementSpecification.fileName)
    let claims = try JSONDecoder().decode([ClaimResult].self, from: FileSystem.contents(of: file))
    return (FigureRecord(plan, claims: claims, provenance: try Provenance(plan, store: store)), file)
  }

  static func entry(
    _ subject: PlannedJob.Subject, of plan: ArtifactRecord, in store: Store
  ) throws -> Entry {
    guard let planned = plan.entries.first(where: { $0.subject == subject }),
      let entry = try store.arrivingEntry(stage: planned.stage, key: planned.key)
    else { throw MissingResult(artifact: plan.artifact) }
    return entry
  }
}

/// An artifact is to be published that is not in the store.
struct MissingResult: Error, Equatable, CustomStringConvertible {
  let artifact: String
  var description: String { "\(artifact) is not in the store; run 'make \(artifact)'" }
}

/// The figure in the store is damaged; it was set aside.
struct DamagedResult: Error, Equatable, CustomStringConvertible, ExitCodeProviding {
  let artifact: String
  let entry: String
  let file: String
  var exitCode: Int32 { 3 }
  var description: String {
    "\(entry): \(file) is damaged; the entry is set aside; run 'make \(artifact)' again"
  }
}

/// What was published last, by artifact, profile and kind of data: what `why` compares with.
struct PublishedRecords {
  private let folder: String

  init(_ store: Store) { folder = store.root + "/published" }

  private func path(of artifact: String, profile: Profile, synthetic: Bool) -> String {
    "\(folder)/\(artifact).\(profile.rawValue).\(synthetic ? "synthetic" : "real").json"
  }

  /// - Returns: the file.
  func save(_ record: ArtifactRecord, synthetic: Bool) throws -> String {
    let data = try JSONEncoder.stable.encode(record)
    let path = path(of: record.artifact, profile: record.profile, synthetic: synthetic)
    try FileSystem.whereWritable {
      try FileSystem.createFolder(folder)
      try FileSystem.update(path, to: data)
    }
    return path
  }

  /// The keys of everything that a published artifact rests on.
  func keys() -> Set<String> {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let records = names.compactMap { FileManager.default.contents(atPath: folder + "/" + $0) }
      .compactMap { try? JSONDecoder().decode(ArtifactRecord.self, from: $0) }
    return Set(records.flatMap(\.entries).map(\.key))
  }

  func record(of artifact: String, profile: Profile, synthetic: Bool) throws -> ArtifactRecord? {
    let path = path(of: artifact, profile: profile, synthetic: synthetic)
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    return try? JSONDecoder().decode(ArtifactRecord.self, from: data)
  }
}
