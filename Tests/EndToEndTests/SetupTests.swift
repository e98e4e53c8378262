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

  /// pkg-config that does not find one library.
  private func without(_ library: String) -> String { "case \"$*\" in *\(library)*) exit 1;; esac; exit 0" }
  private let font = "echo 'STIX Two Text'"

  @Test func whoMayNotInstallIsToldTheCommandAndTheWayWithoutRoot() throws {
    let outcome = try setup([
      "swift": newSwift, "apt-get": "exit 9", "dpkg": "exit 9", "id": "echo 1000", "make": "",
      "pkg-config": without("cairo"), "fc-list": font,
    ])
    #expect(outcome.code == 2)
    let lines = outcome.text.split(separator: "\n")
    #expect(
      lines.first
        == "setup: missing: cairo pangocairo; run: sudo apt-get install --yes libcairo2-dev libpango1.0-dev",
      "\(outcome.text)")
    #expect(outcome.text.contains("PKG_CONFIG_PATH="))
  }

  @Test func rootInstallsWhatIsMissing() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/installed-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let commands = [
      "swift": newSwift, "dpkg": "", "id": "echo 0", "make": "", "fc-list": font,
      "apt-get": "echo \"apt-get $*\" >&2; [ $1 = update ] || : >\(folder)",
      "pkg-config": "case \"$*\" in *libarchive*) [ -e \(folder) ];; esac",
    ]
    let outcome = try setup(commands)
    #expect(outcome.code == 0, "\(outcome.text)")
    #expect(outcome.text.contains("apt-get update"))
    #expect(outcome.text.contains("apt-get install --yes -qq libarchive-dev\n"))
    #expect(outcome.text.contains("setup: everything is there"))
    try? FileManager.default.removeItem(atPath: folder)
    let useless = try setup(commands.merging(["apt-get": "", "pkg-config": without("libarchive")]) { $1 })
    #expect(useless.code == 2)
    #expect(useless.text.contains("pkg-config still does not find libarchive"), "\(useless.text)")
  }

  @Test func whatIsThereFromElsewhereWillDo() throws {
    // Neither dpkg nor apt: another system, which is told what others call it.
    let elsewhere = ["swift": newSwift, "make": "", "pkg-config": without("libturbojpeg"), "fc-list": font]
    let foreign = try setup(elsewhere)
    #expect(foreign.code == 2)
    #expect(foreign.text.contains("setup: missing: libturbojpeg; install them, or name the folder"))
    let rows = foreign.text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(rows.last == ["libturbojpeg", "libturbojpeg0-dev", "turbojpeg-devel", "libjpeg-turbo"])
    let complete = try setup(elsewhere.merging(["pkg-config": "exit 0"]) { $1 })
    #expect(complete.code == 0)
    #expect(complete.text.hasPrefix("setup: everything is there: Swift 6, make, pkg-config, openblas"))
    let plain = try setup(elsewhere.merging(["pkg-config": "exit 0", "fc-list": "true"]) { $1 })
    #expect(plain.code == 0, "fonts are no reason to stop: \(plain.text)")
    #expect(plain.text.split(separator: "\n").count == 1)
    let asked = ["swift": newSwift, "pandoc": "exit 0"]
    #expect(try setup(asked, ["pandoc"]).code == 0)
    #expect(try setup(asked, ["pandoc", "zstd"]).text.contains("setup: missing: zstd"))
  }

  /// As they are called where the tests run.
  @Test func eachNeedHasANameOnEachSystem() throws {
    let outcome = try Running(Workbench.repository + "/Scripts/setup", ["--needs"]).wait()
    let rows = outcome.text.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(rows.count == 12)
    for row in rows { #expect(row.count == 5 && ["program", "library", "font"].contains(row[4]), "\(row)") }
  }
}
