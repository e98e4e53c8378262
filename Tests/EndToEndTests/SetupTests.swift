import Foundation
import Testing

/// Promise: what is missing is installed or named in one line with what to do.
@Suite struct SetupTests {
  /// Runs the set-up script where only some commands exist, each a small script.
  private func setup(_ commands: [String: String], _ packages: [String] = []) throws -> Workbench.Outcome {
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
      ["-i", "PATH=\(folder)", "/bin/sh", Workbench.repository + "/Scripts/setup"] + packages
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

  @Test func whatIsThereFromElsewhereWillDo() throws {
    let pkgConfig = "case \"$*\" in *libturbojpeg*) exit 1;; esac; exit 0"
    let elsewhere = ["swift": newSwift, "pkg-config": pkgConfig, "fc-list": "echo 'STIX Two Text'"]
    let asked = elsewhere.merging([
      "pandoc": "exit 0", "zstd": "exit 0", "dpkg-query": "exit 1", "apt-get": "exit 9", "id": "echo 1000",
    ]) { $1 }
    let report = try setup(asked, ["pandoc", "zstd"])
    #expect(report.code == 0, "\(report.text)")
    let missing = try setup(asked)
    #expect(missing.code == 2)
    #expect(
      missing.text == "setup: packages are missing; run: sudo apt-get install --yes libturbojpeg0-dev\n")
    // Neither dpkg nor apt: another system, which is told the names.
    let foreign = try setup(elsewhere)
    #expect(foreign.code == 2)
    #expect(foreign.text.contains("under Debian's names: libturbojpeg0-dev;"), "\(foreign.text)")
    let complete = try setup(elsewhere.merging(["pkg-config": "exit 0", "fc-list": "true"]) { $1 })
    #expect(complete.code == 0, "fonts are no reason to stop: \(complete.text)")
    #expect(complete.text.split(separator: "\n").count == 1)
  }

  @Test func withEverythingThereItIsSilent() throws {
    let outcome = try setup(["swift": newSwift, "dpkg-query": "echo 'install ok installed'"])
    #expect(outcome.code == 0)
    #expect(outcome.text.isEmpty)
  }
}
