import Console
import ContentStore
import Foundation

/// The commands of the processes that a benchmark lets work.
struct Commands {
  /// A Python that has PyTorch; nil if there is none.
  let python: String?
  /// Where PyTorch's sides lie.
  let scripts: String

  init(python: String, scripts: String) {
    self.scripts = scripts
    self.python = Self.succeeds([python, "-c", "import torch"]) ? python : nil
    guard self.python == nil else { return }
    print("PyTorch was not found with \(python): name a Python that has it with PYTHON= (--python)\n")
  }

  func ours(_ work: ServedWork, files: BenchmarkFiles, threads: Int = 1) -> [String] {
    [
      CommandLine.arguments[0], "--serve", work.rawValue, "--kind", files.kind, "--batch", files.batch,
      "--threads", "\(threads)",
    ]
  }

  func theirs(_ work: ServedWork, files: BenchmarkFiles, threads: Int = 1, _ more: String...) -> [String]? {
    python.map {
      ["BARRIERS_THREADS=\(threads)", $0, "\(scripts)/\(work.rawValue).py", files.kind, files.batch] + more
    }
  }

  private static func succeeds(_ command: [String]) -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}

/// What a process can be told to do again and again; scripts have the same names.
enum ServedWork: String, CaseIterable, OptionValue {
  case training, measuring
}

/// A description and a batch on disk for the processes of a benchmark.
struct BenchmarkFiles {
  let kind: String
  let batch: String

  /// Writes both, lets `body` use them, and removes them.
  static func with<Result>(
    kind: Data, batch: Data, _ body: (BenchmarkFiles) throws -> Result
  ) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.path
    let name = "\(folder)/barriers-bench-\(ProcessInfo.processInfo.processIdentifier)"
    let files = BenchmarkFiles(kind: name + ".json", batch: name + ".batch")
    defer {
      try? FileManager.default.removeItem(atPath: files.kind)
      try? FileManager.default.removeItem(atPath: files.batch)
    }
    try FileSystem.write(kind, atomicallyTo: files.kind)
    try FileSystem.write(batch, atomicallyTo: files.batch)
    return try body(files)
  }
}
