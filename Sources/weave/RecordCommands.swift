import Claims
import Console
import ContentStore
import Figures
import Foundation
import Manuscript
import Publishing
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
    let root = options.option(
      "store", String.self, value: "FOLDER", default: ".store",
      help: "where the results are that the figures were drawn from")
    let commit = options.option(
      "commit", String.self, value: "NAME", default: "", help: "the commit that the sources are of")
    let names = options.positionals(
      "ARTIFACT", String.self, help: "such as fig-2.1; without any, only the index is written anew")
    let parsed = try options.parse(arguments)
    let index = RecordIndex(folder: parsed[records])
    let scratch = try Scratch()
    let shelf = RecordShelf(folder: parsed[records])
    var files: [(path: String, data: Data)] = []
    var runs: [String: PublishedFile] = [:]
    // Everything is there and fits together before the first file is replaced: gathering runs may take minutes, and fail.
    for name in parsed[names] {
      let figure = try PublishedFigure(name, in: parsed[figures])
      guard figure.record.origin == nil else { throw ForeignRecord(artifact: name) }
      files += try shelf.files(of: figure)
      // What is made in passing is made again rather than repeated in part.
      guard figure.record.profile != .quick else { continue }
      let keeper = RunKeeper(store: try Store(root: parsed[root]), shelf: index.blobs)
      if let kept = try keeper.runs(of: figure.record) {
        runs["\(name) \(figure.record.profile)"] = try kept.write(to: index.blobs, scratch: scratch.folder)
      } else {
        Console.tell(
          "\(name): not all of its results are in the store \(parsed[root]), so that nobody can repeat its runs by this "
            + "record")
      }
    }
    _ = try index.current(commit: parsed[commit], runs: [:])
    try shelf.keep(files)
    try index.update(commit: parsed[commit], runs: runs)
    for (path, _) in files { print(path) }
    if !runs.isEmpty { ShareCommand.tellIfNoCommit(parsed[commit], "record once more") }
  }
}

/// A figure of others' results is no record of ours.
struct ForeignRecord: Error, Equatable, CustomStringConvertible {
  let artifact: String
  var description: String {
    "\(artifact) was drawn from published results; make it here, without FROM, before it is kept"
  }
}

/// The index of the kept results, by which their folder is a published one: `make figures FROM=records`.
struct RecordIndex {
  let folder: String

  private var path: String { "\(folder)/\(PublishedIndex.fileName)" }

  /// What it should say of what is in the folder. What it says of results that are as they were stays.
  ///
  /// - Parameters:
  ///   - commit: of the sources that made those that are new.
  ///   - runs: `fig-2.1 standard` → how its runs can be repeated, of those that were just kept.
  func current(commit: String, runs: [String: PublishedFile]) throws -> PublishedIndex {
    let earlier = try FileManager.default.contents(atPath: path).map { try PublishedIndex($0, place: path) }
    var index = PublishedIndex()
    for profile in Profile.allCases.map(\.rawValue) {
      let names = try FileSystem.names(in: "\(folder)/\(profile)")
        .filter { $0.hasPrefix("fig-") && $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }
        .sorted { $0.compare($1, options: .numeric) == .orderedAscending }
      for id in names {
        index.artifacts.append(
          try artifact(
            id, profile: profile, commit: commit, runs: runs["\(id) \(profile)"],
            earlier: earlier?.artifacts ?? []))
      }
    }
    return index
  }

  /// Writes it anew, as ``current(commit:runs:)`` says, and removes blobs that nothing names any more.
  func update(commit: String, runs: [String: PublishedFile]) throws {
    let index = try current(commit: commit, runs: runs)
    try FileSystem.createFolder(folder)
    try FileSystem.update(path, to: index.encoded(isPretty: true))
    let scratch = try Scratch()
    let kept = try index.artifacts.compactMap(\.runs).map {
      try KeptRuns($0, at: .folder(folder), scratch: scratch.folder, patience: ForeignSource.patience)
    }
    try blobs.removeAll(but: index.files + kept.flatMap(\.files))
  }

  /// Where what is kept of results lies.
  var blobs: BlobShelf { BlobShelf(folder: folder) }

  private func artifact(
    _ id: String, profile: String, commit: String, runs: PublishedFile?,
    earlier: [PublishedIndex.Artifact]
  ) throws -> PublishedIndex.Artifact {
    let record = try FigureRecord(published: id, in: "\(folder)/\(profile)")
    var figure: [String: PublishedFile] = [:]
    for ending in ["csv", "json"] {
      let place = "\(profile)/\(id).\(ending)"
      let data = try FileSystem.contents(of: "\(folder)/\(place)")
      figure[ending] = PublishedFile(digest: Digest(of: data), bytes: data.count, path: place)
    }
    let known = earlier.first { $0.id == id && $0.profile == profile && $0.figure == figure }
    return PublishedIndex.Artifact(
      id: id, title: record.title, profile: profile, seeds: record.seeds,
      commit: runs == nil ? known?.commit ?? commit : commit,
      sources: "", made: known?.made ?? Date().ISO8601Format(), host: record.host,
      processor: record.processor ?? "",
      dataSets: record.publishedDataSets,
      results: [], figure: figure, runs: runs ?? known?.runs)
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
