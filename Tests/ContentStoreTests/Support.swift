import Foundation

@testable import ContentStore

/// Runs a body with a folder that is removed afterwards.
func withTemporaryFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.path + "/store-\(UUID().uuidString)"
  try FileSystem.createFolder(folder)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}

func sampleJob(seed: Int = 1, stage: String = "train") -> Job {
  Job(
    stage: stage, fingerprint: String(repeating: "f", count: 64),
    parameters: ["seed": .integer(seed), "rate": 0.01],
    inputs: [
      JobInput(
        name: "dataSet", stage: "prepare", key: String(repeating: "a", count: 64),
        recipe: String(repeating: "b", count: 64))
    ],
    environment: ["blasKernel": "SkylakeX"], title: "fig-2.1 seed \(seed)", cost: 1e12)
}

func put(_ text: String, _ path: String) throws {
  try FileSystem.createFolder(FileSystem.parent(of: path))
  try text.write(toFile: path, atomically: false, encoding: .utf8)
}

func text(_ path: String) throws -> String {
  try String(contentsOfFile: path, encoding: .utf8)
}

extension Store {
  /// The workspace that must be free.
  func free(_ job: Job) throws -> Workspace {
    switch try workspace(for: job) {
    case .workspace(let workspace): return workspace
    case .alreadyMade(let entry): throw StoreError.unreadable(path: entry.folder, reason: "made already")
    }
  }

  /// Makes an entry with the given files.
  @discardableResult
  func make(_ job: Job, files: [String: String] = ["history.csv": "a\n1\n"]) throws -> Entry {
    let workspace = try free(job)
    for (name, contents) in files { try put(contents, workspace.path(of: name)) }
    return try workspace.commit(
      files: files.keys.sorted(), wallSeconds: 1.5, machine: ["cores": "2"])
  }
}
