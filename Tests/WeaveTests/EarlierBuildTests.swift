import ContentStore
import Foundation
import PublishedSamples
import Publishing
import Testing

@testable import weave

/// What other sources made is repeated by these, as a whole and for the processors at hand.
@Suite final class EarlierBuildTests {
  private let root = FileManager.default.temporaryDirectory.path + "/barriers-earlier-\(UUID().uuidString)"
  private var repository: String { root + "/repository" }
  private var builds: String { root + "/builds" }
  private let commit: String

  /// A repository whose makefile says what it was built for.
  init() throws {
    let repository = root + "/repository"
    try FileSystem.createFolder(repository)
    try "build:\n\t@mkdir -p .build/release && echo '$(ISA)' > .build/release/isa\n".write(
      toFile: repository + "/Makefile", atomically: true, encoding: .utf8)
    func git(_ arguments: String...) throws -> String {
      let outcome = try Command.run(
        ["git", "-C", repository, "-c", "user.name=a", "-c", "user.email=a@example.org"] + arguments)
      try #require(outcome.code == 0, "\(outcome.text)")
      return outcome.text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
    _ = try git("init", "--quiet")
    _ = try git("add", "Makefile")
    _ = try git("commit", "--quiet", "--message", "Build")
    commit = try git("rev-parse", "HEAD")
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  private func built(_ isa: String) throws -> String {
    let job = try sampleEntry(stage: "train", title: "run", file: "history.csv").manifest.job
    let programs = try EarlierBuild.programs(
      for: [job], commits: [job.fingerprint: commit], current: "", isa: isa, folder: builds,
      repository: repository)
    let folder = try #require(programs[job.fingerprint])
    let text = try String(contentsOfFile: folder + "/isa", encoding: .utf8)
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  @Test func whatIsThereIsBuiltForWhatIsAskedFor() throws {
    #expect(try built("native") == "native")
    try Data().write(to: URL(fileURLWithPath: "\(builds)/\(commit)/.build/built"))
    #expect(try built("x86-64-v3") == "x86-64-v3")
  }

  @Test func aCloneThatBrokeOffIsNone() throws {
    let half = "\(builds)/\(commit).1.tmp"
    try FileSystem.createFolder(half)
    try "build:\n\tfalse\n".write(toFile: half + "/Makefile", atomically: true, encoding: .utf8)
    #expect(try built("native") == "native")
    #expect(try FileSystem.names(in: builds).sorted() == [commit, "\(commit).1.tmp"])
  }

  @Test(arguments: [
    (["", "abc", "def-dirty"], "abc"), (["abc-dirty", "abc"], "abc"), (["abc", "def", ""], "abc"),
    (["", "abc-dirty"], "abc-dirty"),
  ])
  func aCommitIsPreferred(_ names: [String], _ expected: String) throws {
    let run = try sampleEntry(stage: "train", title: "run", file: "history.csv")
    var index = PublishedIndex()
    index.entries = [run]
    index.artifacts = names.enumerated().map { place, commit in
      PublishedIndex.Artifact(
        id: "fig-t.\(place)", title: "t", profile: "quick", seeds: [], commit: commit, sources: "", made: "",
        host: "", processor: "", dataSets: [],
        results: [.init(slot: "run", recipe: run.recipe, key: run.manifest.key)], figure: [:])
    }
    let commits = EarlierBuild.commits(of: index.artifacts, in: PublishedResults(index))
    #expect(commits == [run.manifest.job.fingerprint: expected])
  }
}
