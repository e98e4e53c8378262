import Foundation
import Testing

/// Promise: what is missing is installed or named in one line with what to do.
@Suite struct SetupTests {
  /// Runs the set-up script where only some commands exist, each a small script.
  private func setup(_ commands: [String: String]) throws -> Workbench.Outcome {
    let folder = FileManager.default.temporaryDirectory.path + "/setup-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, body) in commands {
      try "#!/bin/sh\n\(body)\n".write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: folder + "/" + name)
    }
    for tool in ["sed", "head", "grep"] {
      let path = ["/bin/", "/usr/bin/"].map { $0 + tool }.first(where: FileManager.default.fileExists)
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/" + tool, withDestinationPath: try #require(path))
    }
    return try Running(
      "/usr/bin/env",
      ["-i", "PATH=\(folder)", "/bin/sh", Workbench.repository + "/Scripts/setup"]
    ).wait()
  }

  private let newSwift = "echo 'Swift version 6.1 (swift-6.1-RELEASE)'"

  @Test func withoutSwiftItSaysWhereToGetIt() throws {
    let outcome = try setup([:])
    #expect(outcome.code == 2)
    #expect(outcome.text.contains("https://www.swift.org/install"))
    #expect(outcome.text.split(separator: "\n").count == 1)
  }

  @Test func anOldSwiftIsRefused() throws {
    let outcome = try setup(["swift": "echo 'Swift version 5.10.1 (swift-5.10.1-RELEASE)'"])
    #expect(outcome.code == 2)
    #expect(outcome.text.contains("Swift 5 is too old"))
    #expect(outcome.text.contains("https://www.swift.org/install"))
  }

  @Test func whoMayNotInstallIsToldTheCommand() throws {
    let outcome = try setup([
      "swift": newSwift, "apt-get": "exit 9", "id": "echo 1000",
      "dpkg-query": "case \"$*\" in *libcairo2*) exit 1;; esac; echo 'install ok installed'",
    ])
    #expect(outcome.code == 2)
    #expect(outcome.text.contains("sudo apt-get install --yes libcairo2-dev\n"))
    #expect(outcome.text.split(separator: "\n").count == 1)
  }

  @Test func rootInstallsWhatIsMissing() throws {
    let outcome = try setup([
      "swift": newSwift, "apt-get": "echo \"apt-get $*\" >&2", "id": "echo 0",
      "dpkg-query": "case \"$*\" in *libarchive*) exit 1;; esac; echo 'install ok installed'",
    ])
    #expect(outcome.code == 0)
    #expect(outcome.text.contains("apt-get update"))
    #expect(outcome.text.contains("apt-get install --yes -qq libarchive-dev"))
  }

  @Test func withEverythingThereItIsSilent() throws {
    let outcome = try setup(["swift": newSwift, "dpkg-query": "echo 'install ok installed'"])
    #expect(outcome.code == 0)
    #expect(outcome.text.isEmpty)
  }
}
