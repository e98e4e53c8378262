import Foundation
import Testing

@testable import ImageBatches
@testable import ImageSources
@testable import PreparedImages

/// Runs a body with a folder that is removed afterwards.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.path + "/data-sets-\(UUID().uuidString)"
  try makeFolder(folder)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try body(folder)
}

@discardableResult
func makeFolder(_ path: String) throws -> String {
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  return path
}

func put(_ bytes: [UInt8], _ path: String) throws {
  try Data(bytes).write(to: URL(fileURLWithPath: path))
}

func contents(_ path: String) throws -> [UInt8] {
  [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
}

/// What a committed file holds.
func fixture(_ name: String) throws -> [UInt8] {
  try contents(try #require(Bundle.module.resourcePath) + "/Fixtures/" + name)
}

/// Keeps only the first bytes of a file.
func cut(_ path: String, to count: Int) throws {
  try put([UInt8](try contents(path).prefix(count)), path)
}

struct ToolFailed: Error {
  let tool: String
  let status: Int32
}

/// Runs `tar` in a folder.
func tar(_ arguments: [String], in folder: String) throws {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/bin/tar")
  process.arguments = arguments
  process.currentDirectoryURL = URL(fileURLWithPath: folder)
  try process.run()
  process.waitUntilExit()
  guard process.terminationStatus == 0 else {
    throw ToolFailed(tool: "tar", status: process.terminationStatus)
  }
}

/// The error of the wanted type that a body throws, nil if it throws none; others are passed on.
func caught<Failure: Error>(_ type: Failure.Type, _ body: () throws -> Void) throws -> Failure? {
  do {
    try body()
    return nil
  } catch let failure as Failure {
    return failure
  }
}

func removeFile(_ path: String) throws { try FileManager.default.removeItem(atPath: path) }
