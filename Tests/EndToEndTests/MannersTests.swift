import Foundation
import Testing

/// Promise: make does what was typed, and nothing besides.
@Suite struct MannersTests {
  /// A checkout without anything built, whose commands only note that they were called.
  private final class FreshCheckout {
    let folder = FileManager.default.temporaryDirectory.path + "/fresh-\(UUID().uuidString)"

    init() throws {
      try FileManager.default.createDirectory(atPath: folder + "/bin", withIntermediateDirectories: true)
      for name in ["Makefile", "Package.swift", "Scripts", "Sources", "Tests", "paper"] {
        try FileManager.default.createSymbolicLink(
          atPath: "\(folder)/\(name)", withDestinationPath: "\(Workbench.repository)/\(name)")
      }
      for name in ["swift", "apt-get", "dpkg-query"] {
        let path = "\(folder)/bin/\(name)"
        try "#!/bin/sh\necho \(name) >>'\(folder)/called'\nexit 1\n".write(
          toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
      }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func make(_ arguments: String...) throws -> Workbench.Outcome {
      let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
      return try Running(
        "/usr/bin/make", ["-C", folder, "--no-print-directory"] + arguments,
        environment: ["PATH": "\(folder)/bin:\(path)"]
      ).wait()
    }
  }

  @Test(arguments: ["figures", "fig-2.1", "paper", "status", "test", "why-fig-2.1", "artifact"])
  func aDryRunInAFreshCheckoutBuildsAndInstallsNothing(_ goal: String) throws {
    let checkout = try FreshCheckout()
    let outcome = try checkout.make("-n", goal)
    #expect(outcome.code == 0, "\(outcome.text)")
    #expect(outcome.text.contains("Scripts/build '.build' 'native'"), "\(outcome.text)")
    for name in ["called", ".build", ".graph", ".store"] {
      #expect(!FileManager.default.fileExists(atPath: "\(checkout.folder)/\(name)"), "\(name)")
    }
  }

  @Test func touchingIsRefused() throws {
    let bench = try Workbench()
    let outcome = try bench.make("-t", "fig-t.1")
    #expect(outcome.code == 2)
    #expect(outcome.text.contains("empty results"))
    #expect(bench.allEntries.isEmpty)
  }

  /// What make takes a switch for shows in what it would run.
  @Test func switchesAreOnOrOffOrRefused() throws {
    let checkout = try FreshCheckout()
    for (name, goal, sign, isOnUnset) in [
      ("KEEP_SNAPSHOTS", "prune", "--keep-snapshots", false),
      ("PARTS", "publish", "--parts", false),
      ("TIMED", "status", "--untimed", true),
    ] {
      let others = goal == "publish" ? "TO=results" : "SEEDS="
      for (value, isOn) in [("yes", true), ("1", true), ("no", false), ("0", false), ("", isOnUnset)] {
        let outcome = try checkout.make("-n", goal, "\(name)=\(value)", others)
        #expect(outcome.code == 0, "\(outcome.text)")
        #expect(outcome.text.contains(sign) == (isOn != isOnUnset), "\(name)=\(value): \(outcome.text)")
      }
    }
    for (value, isOn) in [("yes", true), ("1", true), ("no", false), ("0", false), ("", false)] {
      let text = try checkout.make("-n", "-p", "figures", "VERBOSE=\(value)").text
      #expect(text.contains("\nBARRIERS_VERBOSE := \(isOn ? value : "")\n"), "VERBOSE=\(value)")
    }
    for name in ["KEEP_SNAPSHOTS", "PARTS", "VERBOSE", "TIMED"] {
      for value in ["2", "true", "off", "YES", "yes no"] {
        let outcome = try checkout.make(name == "PARTS" ? "publish" : "status", "\(name)=\(value)")
        #expect(outcome.code == 2)
        let complaint = outcome.text.split(separator: "\n")
        #expect(
          complaint.count == 1 && complaint[0].contains("\(name) is yes or no, or 1 or 0; it is '\(value)'"),
          "\(outcome.text)")
      }
    }
  }

  @Test func threadsWithinProgramsAreNoNumberOfPrograms() throws {
    let print = ["-pn", "help"]
    func jobs(_ environment: [String: String]) throws -> Substring? {
      try Running("/usr/bin/make", ["-C", Workbench.repository] + print, environment: environment).wait().text
        .split(separator: "\n").first { $0.hasPrefix("places := ") }
    }
    let usual = try jobs([:])
    #expect(usual?.contains("-j") == true)
    #expect(try jobs(["OMP_NUM_THREADS": "1"]) == usual)
    #expect(try jobs(["OMP_THREAD_LIMIT": "1"]) == usual)
  }

  @Test func goalsKeepTheirOrderWhereItMatters() throws {
    let bench = try Workbench()
    let build = bench.folder + "/build"
    try FileManager.default.createDirectory(atPath: build, withIntermediateDirectories: true)
    let text = try bench.start(["-n", "clean", "fig-t.1", "BUILD=\(build)"]).wait().text
    let lines = text.split(separator: "\n").map(String.init)
    let clean = try #require(lines.firstIndex { $0.hasPrefix("rm -rf '\(build)'") })
    let built = try #require(lines.firstIndex { $0.hasPrefix("Scripts/build") })
    #expect(clean < built, "\(text)")
    // Everything at once, with as many jobs as there are cores: the figure is made before it is verified.
    let both = try bench.make("-j4", "fig-t.1", "verify", "status")
    #expect(both.code == 0)
    #expect(both.text.contains("every digest is right"))
    #expect(both.text.contains("nothing to do"))
  }

  @Test func aMissingStoreIsNotVerified() throws {
    let bench = try Workbench()
    let outcome = try bench.make("verify")
    #expect(outcome.code == 2)
    #expect(outcome.text.contains("there is no store at \(bench.store)"))
    #expect(!FileManager.default.fileExists(atPath: bench.store))
  }

  @Test func whereCdLooksIsNothingToScripts() throws {
    let bench = try Workbench()
    try FileManager.default.createDirectory(
      atPath: bench.folder + "/elsewhere/Sources", withIntermediateDirectories: true)
    let outcome = try bench.start(["fig-t.1"], environment: ["CDPATH": "\(bench.folder)/elsewhere:/:."])
      .wait()
    #expect(outcome.code == 0, "\(outcome.text)")
    #expect(!outcome.text.contains("Compiling"))
  }

  @Test(.enabled(if: getuid() == 0, "mounting needs root"))
  func aStoreThatHoldsEverythingNeedsNoWriting() throws {
    let bench = try Workbench()
    #expect(try bench.make("fig-t.1").code == 0)
    let mount = try Running(
      "/bin/sh",
      ["-c", "mount --bind '\(bench.store)' '\(bench.store)' && mount -o remount,ro,bind '\(bench.store)'"]
    ).wait()
    try #require(mount.code == 0, "\(mount.text)")
    defer { _ = try? Running("/bin/umount", [bench.store]).wait() }
    try FileManager.default.removeItem(atPath: bench.figures)
    let again = try bench.make("fig-t.1")
    #expect(again.code == 0, "\(again.text)")
    #expect(bench.contents(bench.figures + "/fig-t.1.csv") != nil)
    #expect(try bench.make("verify").code == 0)
    // What is missing cannot be made, and that is said.
    try bench.change(TinyChapter(panelTitle: "Another"))
    let missing = try bench.make("fig-t.1")
    #expect(missing.code == 2)
    #expect(missing.text.contains("read-only"), "\(missing.text)")
  }

  @Test func aLinkedStageIsAsGoodAsAnother() throws {
    let bench = try Workbench()
    #expect(try bench.make("fig-t.1").code == 0)
    try FileManager.default.moveItem(atPath: bench.store + "/train", toPath: bench.folder + "/train")
    try FileManager.default.createSymbolicLink(
      atPath: bench.store + "/train", withDestinationPath: bench.folder + "/train")
    #expect(try bench.planned("fig-t.1").isEmpty)
    let verified = try bench.make("verify")
    #expect(verified.code == 0)
    let all = Workbench.stages.filter { $0 != "train" }.flatMap(bench.entries).count + 3
    #expect(verified.text.contains("\(all) entries"), "\(verified.text)")
  }

  /// Settings with what make, the shell or a person could take for something else.
  @Test(arguments: ["STORE", "FIGURES", "REPORT", "GRAPH", "DATA_DIR", "CHAPTERS", "RECORDS"])
  func foldersWorkOrAreRefusedInOneLine(_ setting: String) throws {
    let bench = try Workbench()
    let names = [
      "~/x", "a:b", "a(1)", "a&b", "a;touch pwned", "a#b", "a%b", "a[1]", "a'b", "a\"b", "a b", "a$$b",
      "a`b`",
    ]
    for name in names {
      let value = name.hasPrefix("~") ? name : "\(bench.folder)/\(name)"
      let outcome = try bench.start(["status", "\(setting)=\(value)"]).wait()
      guard outcome.code != 0 else { continue }
      let complaint = outcome.text.split(separator: "\n").filter { !$0.hasPrefix("make") }
      #expect(complaint.count == 1, "\(setting)=\(name): \(outcome.text)")
      #expect(
        complaint.first?.contains(setting) == true || complaint.first?.contains("\(bench.folder)/") == true,
        "\(setting)=\(name): \(outcome.text)")
    }
    for stray in ["pwned", "~"] {
      #expect(!FileManager.default.fileExists(atPath: Workbench.repository + "/" + stray))
    }
  }

  @Test func aFolderOfImagesThatIsNotThereIsAnError() throws {
    let bench = try Workbench()
    let outcome = try bench.make("fig-t.1", "DATA_DIR=\(bench.folder)/dta")
    #expect(outcome.code == 2)
    #expect(outcome.text.contains("DATA_DIR=\(bench.folder)/dta is not there"), "\(outcome.text)")
    #expect(bench.allEntries.isEmpty)
    let real = try bench.make("fig-t.1")
    let images = try #require(
      real.text.split(separator: "\n").firstIndex { $0.contains("images: cifar-10 (real)") })
    #expect(images < 3, "said at the start: \(real.text)")
    #expect(try bench.make("fig-t.1", "DATA=synthetic", "DATA_DIR=\(bench.folder)/dta", "-n").code == 0)
  }

  @Test func aHalfUnpackedFolderDoesNotHideTheArchive() throws {
    let bench = try Workbench()
    let tar = try Running(
      "/bin/tar", ["-czf", bench.data + "/cifar-10-binary.tar.gz", "-C", bench.data, "cifar-10-batches-bin"]
    ).wait()
    try #require(tar.code == 0)
    try FileManager.default.removeItem(atPath: bench.data + "/cifar-10-batches-bin/data_batch_4.bin")
    let outcome = try bench.make("fig-t.1")
    #expect(outcome.code == 0, "\(outcome.text)")
    #expect(outcome.text.contains("cifar-10 (real)"))
  }
}
