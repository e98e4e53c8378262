import Claims
import Console
import ContentStore
import Manuscript
import Report

/// `weave record`: a result that the prose may speak of for good.
enum RecordCommand {
  static func run(_ arguments: [String]) throws {
    var options = CommandLineOptions(
      tool: "weave record", summary: "Keeps a figure's record and numbers with the chapters.")
    let figures = options.option(
      "figures", String.self, value: "FOLDER", default: "figures", help: "where figures are published")
    let records = options.option(
      "records", String.self, value: "FOLDER", default: "paper/records",
      help: "results kept with the chapters")
    let name = options.positional("ARTIFACT", String.self, help: "such as fig-2.1")
    let parsed = try options.parse(arguments)
    let files = try RecordShelf(folder: parsed[records]).keep(
      PublishedFigure(parsed[name], in: parsed[figures]))
    print(files.joined(separator: "\n"))
  }
}

/// `weave manifests`: what the store says of every result that the published figures rest on.
enum ManifestsCommand {
  static func run(_ arguments: [String]) throws {
    var options = CommandLineOptions(
      tool: "weave manifests", summary: "Copies the manifests of all results that figures rest on.")
    let root = options.option(
      "store", String.self, value: "FOLDER", default: ".store", help: "where results are kept")
    let figures = options.option(
      "figures", String.self, value: "FOLDER", default: "figures", help: "where figures are published")
    let output = options.required("output", String.self, value: "FOLDER", help: "where the manifests go")
    let parsed = try options.parse(arguments)
    let store = try Store(root: parsed[root])
    for key in try keys(in: parsed[figures]) {
      // A key does not tell its stage; no two stages have the same key.
      for stage in Stage.allCases {
        guard let entry = try store.entry(stage: stage.rawValue, key: key) else { continue }
        let folder = "\(parsed[output])/\(stage.rawValue)"
        try FileSystem.createFolder(folder)
        try FileSystem.write(
          FileSystem.contents(of: entry.folder + "/" + Manifest.fileName),
          atomicallyTo: "\(folder)/\(key).json")
      }
    }
  }

  /// The keys that the published records name.
  private static func keys(in folder: String) throws -> [String] {
    let records = try FileSystem.names(in: folder)
      .filter { $0.hasPrefix("fig-") && $0.hasSuffix(".json") }
      .map { try FigureRecord(published: String($0.dropLast(5)), in: folder) }
    let keys = records.flatMap { record in
      record.runs.flatMap { [$0.trainKey, $0.measureKey] } + record.tables.map(\.key)
        + record.dataSets.map(\.key)
    }
    return Set(keys).sorted()
  }
}
