import Claims
import Console
import ContentStore
import Foundation
import Publishing
import Report

/// `weave crate`: what an artifact pack is, for those who gather such packs.
enum CrateCommand {
  static func run(_ arguments: [String]) throws {
    var options = CommandLineOptions(
      tool: "weave crate", summary: "Writes the RO-Crate metadata of an artifact pack.")
    let commit = options.option(
      "commit", String.self, value: "NAME", default: "", help: "the commit that the sources are of")
    let name = options.positional("FOLDER", String.self, help: "with sources, figures and report")
    let parsed = try options.parse(arguments)
    let folder = parsed[name]
    let records = try FileSystem.names(in: "\(folder)/figures")
      .filter { $0.hasPrefix("fig-") && $0.hasSuffix(".json") }
      .map { try FigureRecord(published: String($0.dropLast(5)), in: "\(folder)/figures") }
    let workflow = "sources/Makefile"
    let files = try FileSystem.files(below: folder).filter { $0 != workflow && $0 != ResearchCrate.fileName }
      .map { path in
        let data = try FileSystem.contents(of: "\(folder)/\(path)")
        return ResearchCrate.File(
          path: path, name: path, format: format(of: path), bytes: data.count, digest: Digest(of: data),
          isResult: !path.hasPrefix("sources/"))
      }
    let sets = Set(records.flatMap(\.publishedDataSets)).sorted { ($0.set, $0.digest) < ($1.set, $1.digest) }
    let machines = records.map { "\($0.host) (\($0.processor ?? "unknown processor"))" }
    let crate = ResearchCrate(
      name: "Artifact of Barriers",
      description: "Sources, figures, numbers, report and manifests of all results",
      // Dates would make other bytes of the same content.
      made: "", commit: parsed[commit], workflow: workflow, files: files,
      dataSets: sets.map { ("\($0.set)\($0.synthetic ? ", synthetic stand-in" : "")", $0.digest) },
      machines: Set(machines).sorted())
    try FileSystem.update("\(folder)/\(ResearchCrate.fileName)", to: crate.encoded())
  }

  private static func format(of path: String) -> String {
    let formats = [
      "csv": "text/csv", "json": "application/json", "pdf": "application/pdf", "svg": "image/svg+xml",
      "png": "image/png", "md": "text/markdown", "html": "text/html", "tex": "application/x-tex",
      "swift": "text/x-swift",
    ]
    return formats[path.split(separator: ".").last.map(String.init) ?? ""] ?? "text/plain"
  }
}
