import Foundation
import Testing

/// Promise: what leaves the machine is what was meant to, and says only what is true of it.
@Suite struct ArtifactScriptTests {
  /// A project around the script that packs, with folders inside it for whatever make writes.
  private final class Project {
    let folder = FileManager.default.temporaryDirectory.path + "/artifact-\(UUID().uuidString)"

    init() throws {
      for name in [".build/release", "mine/figures", "mine/report", "mine/store/train", "my.data", "Sources"]
      {
        try FileManager.default.createDirectory(
          atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
      }
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/Scripts", withDestinationPath: Workbench.repository + "/Scripts")
      for (name, text) in [
        ("Makefile", ""), ("Sources/a.swift", "let a = 1"), ("name with blank.txt", ""),
        (".gitignore", ".build"),
        ("mine/report/CHECKLIST.md", ""), ("mine/report/README.md", ""), ("mine/report/fig-1.1.pdf", ""),
        ("mine/figures/fig-1.1.csv", "1"), ("mine/store/train/result", ""), ("my.data/images.bin", ""),
        (".env", "SECRET=1"), ("Sources/._a.swift", ""), ("Sources/.#b.swift", ""), ("my+data", ""),
      ] { try write(text, name) }
      let weave = folder + "/.build/release/weave"
      try "#!/bin/sh\n".write(toFile: weave, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: weave)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func write(_ text: String, _ name: String) throws {
      try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }

    func shell(_ command: String) throws -> Workbench.Outcome {
      try Running("/bin/sh", ["-c", "cd '\(folder)' && \(command)"]).wait()
    }

    func run(_ prefix: String = "", bin: String = ".build/release") throws -> Workbench.Outcome {
      try shell(
        "\(prefix) DATA_DIR=my.data Scripts/artifact \(bin) mine/report mine/figures mine/store abc fig-1.1")
    }

    /// Packs, and tells the digest and the names of what was packed as sources.
    func pack(_ prefix: String = "", bin: String = ".build/release") throws -> (
      digest: Substring?, sources: Set<String>
    ) {
      let outcome = try run(prefix, bin: bin)
      #expect(outcome.code == 0, "\(outcome.text)")
      let list = try shell("zstd -dcq mine/report/barriers-artifact.tar.zst | tar -t").text
      let inside = "barriers-artifact/sources/"
      return (
        outcome.text.split(separator: " ").last,
        Set(
          list.split(separator: "\n").filter { $0.hasPrefix(inside) && !$0.hasSuffix("/") }
            .map { String($0.dropFirst(inside.count)) })
      )
    }
  }

  private static let sources: Set = [
    ".gitignore", "COMMIT", "COMMIT.sha256", "Makefile", "Sources/a.swift", "my+data", "name with blank.txt",
  ]

  @Test func aFolderWithoutARepositoryIsPackedWithoutWhatMakeWrote() throws {
    let project = try Project()
    let (digest, sources) = try project.pack()
    // The scripts are a link here, which is packed as what it leads to elsewhere.
    #expect(sources.filter { !$0.hasPrefix("Scripts") } == Self.sources)
    #expect(try project.pack().digest == digest, "its own report within changes nothing")
  }

  @Test func aRepositoryThatGitRefusesIsNotPacked() throws {
    let project = try Project()
    let made = try project.shell(
      "git init -q . && git add Makefile && git -c user.name=a -c user.email=a@example.org commit -qm first")
    try #require(made.code == 0, "\(made.text)")
    // What git itself uses to test this.
    let refused = try project.pack("GIT_TEST_ASSUME_DIFFERENT_OWNER=1")
    #expect(refused.sources.filter { !$0.hasPrefix("Scripts") } == Self.sources)
    let trusted = try project.pack()
    #expect(trusted.sources.filter { !$0.hasPrefix("Scripts") } == Self.sources)
  }

  @Test func programsThatWereBuiltElsewhereAreUsedAndAreNoSources() throws {
    let project = try Project()
    let made = try project.shell("git init -q . && git add Makefile && mv .build out.now && mkdir graph")
    try #require(made.code == 0, "\(made.text)")
    try project.write("", "graph/graph.mk")
    let sources = try project.pack("BUILD=out.now GRAPH=graph", bin: "out.now/release").sources
    #expect(sources.filter { !$0.hasPrefix("Scripts") } == Self.sources)
  }

  @Test func aRemovedSourceIsNotMissed() throws {
    let project = try Project()
    let made = try project.shell("git init -q . && echo >more && git add . && rm more")
    try #require(made.code == 0, "\(made.text)")
    #expect(try project.pack().sources.filter { !$0.hasPrefix("Scripts") } == Self.sources)
  }

  @Test func whatCannotBePackedWholeIsNotPacked() throws {
    let project = try Project()
    _ = try project.pack()
    let archive = project.folder + "/mine/report/barriers-artifact.tar.zst"
    let before = FileManager.default.contents(atPath: archive)
    // It writes less than it was to, and says so.
    try project.write(
      "#!/bin/sh\n/bin/tar \"$@\"\ncase \"$*\" in *--mtime*) exit 2 ;; esac\n", "my.data/tar")
    try project.write("let a = 2", "Sources/a.swift")
    let outcome = try project.run("chmod +x my.data/tar; PATH=\"$PWD/my.data:$PATH\"")
    #expect(outcome.code == 2, "\(outcome.text)")
    #expect(FileManager.default.contents(atPath: archive) == before)
  }

  @Test func aSourceThatCannotBeReadIsNotLeftOut() throws {
    let project = try Project()
    // Root can read everything.
    let link = "rm Scripts && cp -r '\(Workbench.repository)/Scripts' Scripts"
    let made = try project.shell("\(link) && chmod 000 'name with blank.txt' && chmod 777 mine/report")
    try #require(made.code == 0, "\(made.text)")
    let anybody = getuid() == 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups" : ""
    let outcome = try project.run("\(anybody) env")
    #expect(outcome.code == 2, "\(outcome.text)")
    #expect(outcome.text.contains("not all sources can be read, see above; make them readable"))
    #expect(
      !FileManager.default.fileExists(atPath: project.folder + "/mine/report/barriers-artifact.tar.zst"))
  }

  @Test func theCommitOfAnotherRepositoryIsNotOurs() throws {
    let project = try Project()
    try FileManager.default.removeItem(atPath: project.folder + "/Makefile")
    let inner = project.folder + "/inner"
    try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: true)
    for name in ["Makefile", "Scripts"] {
      try FileManager.default.copyItem(
        atPath: "\(Workbench.repository)/\(name)", toPath: "\(inner)/\(name)")
    }
    func commit() throws -> String? {
      let text = try project.shell("make -C inner --no-print-directory -pn help").text
      return text.split(separator: "\n").first { $0.hasPrefix("COMMIT :=") }
        .map { $0.dropFirst("COMMIT :=".count).trimmingCharacters(in: .whitespaces) }
    }
    let git = "git -c user.name=a -c user.email=a@example.org"
    #expect(try project.shell("git init -q . && git add Sources && \(git) commit -qm outer").code == 0)
    #expect(try commit() == "")
    #expect(try project.shell("cd inner && git init -q . && git add . && \(git) commit -qm inner").code == 0)
    let hash = try project.shell("cd inner && git rev-parse --short=12 HEAD").text
    #expect(try commit() == hash.trimmingCharacters(in: .whitespacesAndNewlines))
    try project.write("1234abcd'; touch pwned '\n", "inner/COMMIT")
    #expect(
      try commit() == hash.trimmingCharacters(in: .whitespacesAndNewlines), "a repository knows it better")
    try FileManager.default.removeItem(atPath: inner + "/.git")
    #expect(
      try commit() == "1234abcdtouchpwned-dirty", "a file says it, as text, and no digests that it is so")
  }

  @Test func unpackedSourcesAreOfTheirCommitUntilTheyAreEdited() throws {
    let project = try Project()
    _ = try project.pack()
    func commit() throws -> String {
      try project.shell(
        "cd my.data/barriers-artifact/sources && '\(Workbench.repository)/Scripts/commit'"
      ).text
    }
    try #require(
      project.shell("tar --zstd -xf mine/report/barriers-artifact.tar.zst -C my.data").code == 0)
    let sources = "my.data/barriers-artifact/sources"
    #expect(try commit() == "abc")
    try FileManager.default.createDirectory(
      atPath: "\(project.folder)/\(sources)/.build", withIntermediateDirectories: true)
    try project.write("", sources + "/.build/built")
    #expect(try commit() == "abc", "what make writes is no edit")
    try project.write("let a = 2", sources + "/Sources/a.swift")
    #expect(try commit() == "abc-dirty")
    try project.write("let a = 1", sources + "/Sources/a.swift")
    #expect(try commit() == "abc")
    try FileManager.default.removeItem(atPath: "\(project.folder)/\(sources)/name with blank.txt")
    #expect(try commit() == "abc-dirty", "a source is missing")
    try project.write("", sources + "/name with blank.txt")
    try project.write("def", sources + "/COMMIT")
    #expect(try commit() == "def-dirty")
  }
}
