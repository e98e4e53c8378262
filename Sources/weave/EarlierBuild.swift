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
  ///   - repository: what has the commits.
  static func programs(
    for jobs: [Job], commits: [String: String], current: String, isa: String, folder: String,
    repository: String = FileManager.default.currentDirectoryPath
  ) throws -> [String: String] {
    var result: [String: String] = [:]
    for job in jobs where result[job.fingerprint] == nil {
      guard (try? Build.current.fingerprint(of: job.module).digest) != job.fingerprint else { continue }
      let commit = commits[job.fingerprint] ?? ""
      guard isCommit(commit) else {
        throw UnknownSources(title: job.title, commit: commit)
      }
      result[job.fingerprint] = try build(
        commit, of: repository, isa: isa, in: folder, title: job.title)
    }
    return result
  }

  /// Whether a name, as `git describe` says it, is that of a commit, from which the same sources can be had again.
  static func isCommit(_ name: String) -> Bool { !name.isEmpty && !name.hasSuffix("-dirty") }

  /// By fingerprint, what made the results of some artifacts; a commit where one of them names one.
  static func commits(
    of artifacts: [PublishedIndex.Artifact], in results: PublishedResults
  ) -> [String: String] {
    var commits: [String: String] = [:]
    for artifact in artifacts {
      for entry in results.closure(of: artifact.results.map(\.key)) {
        let fingerprint = entry.manifest.job.fingerprint
        if !isCommit(commits[fingerprint] ?? "") { commits[fingerprint] = artifact.commit }
      }
    }
    return commits
  }

  private static func build(
    _ commit: String, of repository: String, isa: String, in folder: String, title: String
  ) throws -> String {
    // As `git describe` names it, or by its hash.
    let found = try Command.run([
      "git", "-C", repository, "rev-parse", "--verify", "--quiet", "--end-of-options", "\(commit)^{commit}",
    ])
    guard found.code == 0 else { throw UnknownSources(title: title, commit: commit) }
    let hash = found.text.trimmingCharacters(in: .whitespacesAndNewlines)
    let place = "\(folder)/\(hash)"
    let programs = "\(place)/.build/release"
    if !FileManager.default.fileExists(atPath: place) {
      Console.tell("building commit \(commit), whose sources made the published results, in \(place)")
      try clone(hash, of: repository, to: place, commit)
    }
    // It knows itself whether what was built there is of these tools and processors, and whole.
    try require(Command.run(["make", "-C", place, "--no-print-directory", "build", "ISA=\(isa)"]), commit)
    return programs
  }

  /// The sources are there as a whole or not at all.
  private static func clone(_ hash: String, of repository: String, to place: String, _ commit: String) throws
  {
    let temporary = "\(place).\(getpid()).tmp"
    try FileSystem.createFolder((place as NSString).deletingLastPathComponent)
    try FileSystem.remove(temporary)
    defer { try? FileSystem.remove(temporary) }
    try require(
      Command.run(["git", "clone", "--quiet", "--shared", "--no-checkout", repository, temporary]), commit)
    try require(Command.run(["git", "-C", temporary, "checkout", "--quiet", "--detach", hash]), commit)
    do { try FileSystem.move(temporary, to: place) } catch {
      // Another challenge may have been faster.
      guard FileManager.default.fileExists(atPath: place) else { throw error }
    }
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
    !EarlierBuild.isCommit(commit)
      ? "\(title) was made by other sources than these, of no commit that is known; it cannot be repeated here"
      : "\(title) was made by commit \(commit), which this repository does not have; fetch it with git and try again"
  }
}
