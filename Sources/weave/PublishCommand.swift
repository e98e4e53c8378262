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
    let parsed = try options.parse(arguments)
    let store = try Store(root: parsed[root])
    let plan = try JSONDecoder().decode(
      ArtifactRecord.self, from: try Data(contentsOf: URL(fileURLWithPath: parsed[planFile])))
    do {
      try publish(plan, store: store, to: parsed[figures])
    } catch StoreError.damaged(let folder, let file) {
      try store.setAside(folder: folder)
      throw DamagedResult(artifact: plan.artifact, entry: folder, file: file)
    }
  }

  private static func publish(_ plan: ArtifactRecord, store: Store, to folder: String) throws {
    // All of them are checked before one is copied.
    let drawing = try entry(.figure, of: plan, in: store)
    let files = try drawing.manifest.files.keys.sorted().map { ($0, try drawing.path(of: $0)) }
    let claims = try JSONDecoder().decode(
      [ClaimResult].self,
      from: FileSystem.contents(
        of: entry(.claims, of: plan, in: store).path(of: JudgementSpecification.fileName)))
    let record = FigureRecord(plan, claims: claims, provenance: try Provenance(plan, store: store))
    try FileSystem.createFolder(folder)
    for (name, path) in files {
      try FileSystem.update(folder + "/" + name, to: FileSystem.contents(of: path))
    }
    try FileSystem.update("\(folder)/\(plan.artifact).json", to: JSONEncoder.stable.encode(record))
    try PublishedRecords(store).save(plan, synthetic: record.dataSets.contains { $0.synthetic })
    try GalleryFile.write(in: folder)
    print(summary(of: record, folder: folder))
  }

  private static func entry(
    _ subject: PlannedJob.Subject, of plan: ArtifactRecord, in store: Store
  ) throws -> Entry {
    guard let planned = plan.entries.first(where: { $0.subject == subject }),
      let entry = try store.entry(stage: planned.stage, key: planned.key)
    else { throw MissingResult(artifact: plan.artifact) }
    return entry
  }

  private static func summary(of record: FigureRecord, folder: String) -> String {
    let style = TextStyle()
    let width = (record.claims.map(\.verdict.rawValue.count).max() ?? 0) + 2
    let claims = record.claims.map { claim in
      let attribute: TextStyle.Attribute =
        switch claim.verdict {
        case .reproduced: .green
        case .notReproduced: .red
        case .notTested: .dim
        }
      let verdict = style.apply(attribute, to: TextWidth.pad(claim.verdict.rawValue, to: width))
      let measured = claim.measured.map(significant) ?? "not a number"
      return """
          \(verdict)\(claim.says)
          \(TextWidth.pad("", to: width))\(style.apply(.dim, to: "\(claim.id): \(measured); \(claim.criterion)"))
        """
    }.joined(separator: "\n")
    return """

      \(style.apply(.bold, to: "\(record.artifact)  \(record.title)"))
      \(folder)/\(record.artifact).{pdf,svg,png,csv,json}  \(record.basis)

      \(claims)

        \(record.claims.count) claims: \(record.verdictCounts)
      """
  }

  /// Four significant digits.
  private static func significant(_ value: Double) -> String { String(format: "%.4g", value) }
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

  func save(_ record: ArtifactRecord, synthetic: Bool) throws {
    let data = try JSONEncoder.stable.encode(record)
    let path = path(of: record.artifact, profile: record.profile, synthetic: synthetic)
    try FileSystem.createFolder(folder)
    try FileSystem.update(path, to: data)
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
