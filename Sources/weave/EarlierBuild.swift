import Console
import ContentStore
import Foundation
import Publishing
import Stages

/// Programs of the commit that published results were made by, where today's sources are others.
enum EarlierBuild {
  /// The folder of programs for each fingerprint that the present ones do not serve.
  ///
  /// - Parameters:
  ///   - commits: by fingerprint.
  ///   - current: the folder of the present programs.
  ///   - folder: where commits are built, each in a folder of its own.
  static func programs(
    for jobs: [Job], commits: [String: String], current: String, isa: String, folder: String
  ) throws -> [String: String] {
    var result: [String: String] = [:]
    for job in jobs where result[job.fingerprint] == nil {
      guard (try? Build.current.fingerprint(of: job.module).digest) != job.fingerprint else { continue }
      let commit = commits[job.fingerprint] ?? ""
      guard !commit.isEmpty, !commit.hasSuffix("-dirty") else {
        throw UnknownSources(title: job.title, commit: commit)
      }
      result[job.fingerprint] = try build(commit, isa: isa, in: folder, title: job.title)
    }
    return result
  }

  private static func build(_ commit: String, isa: String, in folder: String, title: String) throws -> String
  {
    // As `git describe` names it, or by its hash.
    let found = try Command.run([
      "git", "rev-parse", "--verify", "--quiet", "--end-of-options", "\(commit)^{commit}",
    ])
    guard found.code == 0 else { throw UnknownSources(title: title, commit: commit) }
    let hash = found.text.trimmingCharacters(in: .whitespacesAndNewlines)
    let place = "\(folder)/\(hash)"
    let programs = "\(place)/.build/release"
    if FileManager.default.fileExists(atPath: "\(place)/.build/built") { return programs }
    Console.tell("building commit \(commit), whose sources made the published results, in \(place)")
    try FileSystem.createFolder(folder)
    if !FileManager.default.fileExists(atPath: "\(place)/Makefile") {
      try FileSystem.remove(place)
      let here = FileManager.default.currentDirectoryPath
      try require(Command.run(["git", "clone", "--quiet", "--shared", "--no-checkout", here, place]), commit)
      try require(Command.run(["git", "-C", place, "checkout", "--quiet", "--detach", hash]), commit)
    }
    try require(Command.run(["make", "-C", place, "--no-print-directory", "build", "ISA=\(isa)"]), commit)
    return programs
  }

  private static func require(_ outcome: Command.Outcome, _ commit: String) throws {
    guard outcome.code == 0 else {
      throw FailedStage(title: "building commit \(commit)", reason: outcome.lastLine)
    }
  }
}

/// The sources that made published results are not to be had.
struct UnknownSources: Error, Equatable, CustomStringConvertible {
  let title: String
  let commit: String
  var description: String {
    commit.isEmpty || commit.hasSuffix("-dirty")
      ? "\(title) was made by other sources than these, of no commit that is known; it cannot be repeated here"
      : "\(title) was made by commit \(commit), which this repository does not have; fetch it with git and try again"
  }
}
