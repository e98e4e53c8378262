import Foundation

/// A folder with a chapter, tiny data in the official format and an empty store, on which the repository's own
/// makefile runs. Removed when the value goes.
final class Workbench {
  /// How a command ended.
  struct Outcome {
    let code: Int32
    /// Standard output and standard error, as a terminal would show them.
    let text: String
  }

  let folder: String
  var chapter: String { folder + "/paper/chapter.md" }
  var store: String { folder + "/store" }
  var data: String { folder + "/data" }
  var figures: String { folder + "/figures" }

  static let stages = ["prepare", "train", "measure", "compute", "judge", "plot"]

  static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  init(chapter text: String = TinyChapter().text, images: Bool = true) throws {
    folder = FileManager.default.temporaryDirectory.path + "/barriers-\(UUID().uuidString)"
    for name in ["paper", "data", "figures"] {
      try FileManager.default.createDirectory(
        atPath: folder + "/" + name, withIntermediateDirectories: true)
    }
    try write(text, to: chapter)
    if images { try TinyImages.write(to: data + "/cifar-10-batches-bin") }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func write(_ text: String, to path: String) throws {
    try text.write(toFile: path, atomically: true, encoding: .utf8)
  }

  /// Rewrites the chapter.
  func change(_ chapter: TinyChapter) throws { try write(chapter.text, to: self.chapter) }

  /// The settings by which the repository's make works here.
  private func settings(_ extra: [String]) -> [String] {
    [
      "-C", Self.repository, "--no-print-directory", "CHAPTERS=\(folder)/paper", "STORE=\(store)",
      "DATA_DIR=\(data)", "FIGURES=\(figures)", "GRAPH=\(folder)/graph",
    ] + extra
  }

  /// Starts make.
  func start(_ arguments: [String], environment: [String: String] = [:]) throws -> Running {
    try Running("/usr/bin/make", settings(arguments), environment: environment)
  }

  /// Starts make as the leader of a group of processes, as a terminal does, so that what it starts can press Ctrl-C. A
  /// test in the background of a shell would hand on that SIGINT is ignored.
  func startAlone(_ arguments: [String]) throws -> Running {
    try Running(
      "/usr/bin/env", ["--default-signal=INT,HUP", "setsid", "--wait", "make"] + settings(arguments))
  }

  /// A small script in the folder, to be put in front of every stage by `RUN`. `$1` is the stage's executable.
  func program(_ name: String, _ body: String) throws -> String {
    let path = folder + "/" + name
    try write("#!/bin/sh\n\(body)\n", to: path)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    return path
  }

  /// Runs make to its end.
  @discardableResult
  func make(_ arguments: String...) throws -> Outcome { try start(arguments).wait() }

  /// The stages that make would run now, such as `train`, one for each job.
  func planned(_ arguments: String...) throws -> [String] {
    let outcome = try start(["-n"] + arguments).wait()
    return outcome.text.split(separator: "\n").compactMap { line in
      Self.stages.first { line.contains("/release/\($0) --store") }
    }
  }

  /// The contents of a file, nil if there is none.
  func contents(_ path: String) -> Data? { FileManager.default.contents(atPath: path) }

  /// The manifests of all entries of a stage.
  func entries(_ stage: String) -> [String] {
    let files = FileManager.default.enumerator(atPath: store + "/" + stage)?.compactMap { $0 as? String }
    return (files ?? []).filter { $0.hasSuffix("/manifest.json") }.sorted()
      .map { store + "/" + stage + "/" + String($0.dropLast("/manifest.json".count)) }
  }

  /// Every entry of the store.
  var allEntries: [String] { Self.stages.flatMap(entries) }
}

/// A process under way, its output gathered.
final class Running {
  private let process = Process()
  private let output = Pipe()

  var identifier: Int32 { process.processIdentifier }

  init(_ executable: String, _ arguments: [String], environment: [String: String] = [:]) throws {
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    // The tests themselves run under make: what it tells its children must not reach the one under test.
    process.environment = ProcessInfo.processInfo.environment.filter {
      !["MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "PROFILE", "DATA", "SEEDS"].contains($0.key)
    }.merging(environment) { $1 }
    process.standardOutput = output
    process.standardError = output
    try process.run()
  }

  func wait() -> Workbench.Outcome {
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Workbench.Outcome(code: process.terminationStatus, text: String(decoding: data, as: UTF8.self))
  }
}
