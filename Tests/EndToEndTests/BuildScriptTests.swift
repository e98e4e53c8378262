import Foundation
import Testing

/// Promise: what is built is what the keys say, whatever the dates of files say.
@Suite struct BuildScriptTests {
  /// A package of one module beside the repository's build script, with a compiler that only notes what it is called
  /// for.
  private final class Project {
    private(set) var folder = FileManager.default.temporaryDirectory.path + "/build-\(UUID().uuidString)"
    private let manager = FileManager.default

    init() throws {
      for name in ["bin", "Scripts", "Sources/train", "Sources/BuildRecord", "Tests"] {
        try manager.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
      }
      for name in ["build", "fresh", "instruction-set"] {
        try manager.createSymbolicLink(
          atPath: "\(folder)/Scripts/\(name)", withDestinationPath: "\(Workbench.repository)/Scripts/\(name)")
      }
      try write("// swift-tools-version: 6.0\nlet package = 1\n", to: "Package.swift")
      try write("let a = 1\n", to: "Sources/train/Train.swift")
      try write("let record = 0\n", to: "Sources/BuildRecord/BuildRecord.swift")
      try program(
        "bin/swift",
        """
        case $1 in
        --version) echo "Swift version 6.9 (swift-6.9-RELEASE)" ;;
        build) echo "$@" >>calls; [ ! -x meanwhile ] || ./meanwhile
          mkdir -p out/release
          printf '#!/bin/sh\ncat "$1"/Sources/train/*.swift\n' >out/release/fingerprint
          echo '#!/bin/sh' >out/release/weave
          chmod +x out/release/* ;;
        esac
        """)
    }

    deinit { try? manager.removeItem(atPath: folder) }

    func write(_ text: String, to file: String) throws {
      try text.write(toFile: "\(folder)/\(file)", atomically: true, encoding: .utf8)
    }

    func program(_ file: String, _ body: String) throws {
      try write("#!/bin/sh\n\(body)\n", to: file)
      try manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder)/\(file)")
    }

    func remove(_ file: String) throws { try manager.removeItem(atPath: "\(folder)/\(file)") }

    func date(_ file: String, _ date: Date) throws {
      try manager.setAttributes([.modificationDate: date], ofItemAtPath: "\(folder)/\(file)")
    }

    /// Gives the whole checkout another name.
    func move() throws {
      try manager.moveItem(atPath: folder, toPath: folder + "-moved")
      folder += "-moved"
    }

    /// Runs the script and tells how often the compiler was called.
    ///
    /// - Parameter leaving: files, and whether they shall be there afterwards.
    func build(isa: String = "native", leaving: [String: Bool] = [:]) throws -> Int {
      let outcome = try start(isa: isa).wait()
      #expect(outcome.code == 0, "\(outcome.text)")
      return calls(leaving: leaving)
    }

    /// Starts the script.
    func start(isa: String = "native") throws -> Running {
      let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
      return try Running(
        "/bin/sh", ["-c", "cd '\(folder)' && Scripts/build out \(isa)"],
        environment: ["PATH": "\(folder)/bin:\(path)"])
    }

    /// How often the compiler was called since this was last asked.
    ///
    /// - Parameter leaving: files, and whether they shall be there now.
    func calls(leaving: [String: Bool] = [:]) -> Int {
      let calls = try? String(contentsOfFile: "\(folder)/calls", encoding: .utf8)
      try? remove("calls")
      for (file, isLeft) in leaving {
        #expect(manager.fileExists(atPath: "\(folder)/\(file)") == isLeft, "\(file)")
      }
      return calls?.split(separator: "\n").count ?? 0
    }

    /// What was built, as the copy of the sources holds it.
    func copy(_ file: String) -> String? {
      try? String(contentsOfFile: "\(folder)/out/sources/\(file)", encoding: .utf8)
    }
  }

  @Test func nothingIsBuiltTwice() throws {
    let project = try Project()
    #expect(try project.build() == 2, "the program that digests the sources, and then all of them")
    #expect(try project.build() == 0)
    try project.date("Sources/train/Train.swift", Date())
    #expect(try project.build() == 0, "a new date alone is no change")
    try project.write("lock", to: "Sources/train/.#Train.swift")
    #expect(try project.build() == 0, "what SwiftPM passes over is no change")
  }

  @Test func anOldDateHidesNoChange() throws {
    let project = try Project()
    _ = try project.build()
    try project.write("let a = 2\n", to: "Sources/train/Train.swift")
    try project.date("Sources/train/Train.swift", Date(timeIntervalSince1970: 1_000_000_000))
    #expect(try project.build() == 2)
    #expect(project.copy("Sources/train/Train.swift") == "let a = 2\n")
  }

  @Test func aRemovedSourceIsBuiltNoMore() throws {
    let project = try Project()
    try project.write("let b = 1\n", to: "Sources/train/More.swift")
    _ = try project.build()
    try project.remove("Sources/train/More.swift")
    #expect(try project.build() == 2)
    #expect(project.copy("Sources/train/More.swift") == nil)
  }

  @Test func aSourceSavedDuringTheBuildIsForTheNextOne() throws {
    let project = try Project()
    try project.program(
      "meanwhile", "echo 'let a = 3' >\"\(project.folder)/Sources/train/Train.swift\"; rm -f \"$0\"")
    #expect(try project.build() == 2)
    #expect(project.copy("Sources/train/Train.swift") == "let a = 1\n")
    #expect(project.copy("Sources/BuildRecord/BuildRecord.swift")?.contains("let a = 1") == true)
    #expect(try project.build() == 2)
    #expect(project.copy("Sources/train/Train.swift") == "let a = 3\n")
  }

  @Test func ofTwoAtTheSameTimeOneBuilds() throws {
    let project = try Project()
    // Whoever builds beside another one says so.
    try project.program("meanwhile", "mkdir busy || echo beside >>calls; sleep 0.5; rmdir busy")
    let both = try [project.start(), project.start()]
    let outcomes = both.map { $0.wait() }
    #expect(outcomes.allSatisfy { $0.code == 0 }, "\(outcomes)")
    #expect(outcomes.contains { $0.text.contains("another make builds in out") }, "\(outcomes)")
    #expect(project.calls(leaving: ["out/wanted": false, "out/there": false]) == 2)
    #expect(project.copy("Sources/train/Train.swift") == "let a = 1\n")
  }

  @Test func anEditMeanwhileIsBuiltByWhoWaits() throws {
    let project = try Project()
    try project.program("meanwhile", ": >begun; sleep 1")
    let first = try project.start()
    while !FileManager.default.fileExists(atPath: project.folder + "/begun") { usleep(10_000) }
    try project.write("let a = 4\n", to: "Sources/train/Train.swift")
    let second = try project.start()
    #expect(first.wait().code == 0 && second.wait().code == 0)
    #expect(project.calls() == 4)
    #expect(project.copy("Sources/train/Train.swift") == "let a = 4\n")
    #expect(project.copy("Sources/BuildRecord/BuildRecord.swift")?.contains("let a = 4") == true)
  }

  @Test func anotherInstructionSetIsAnotherBuild() throws {
    let project = try Project()
    _ = try project.build()
    #expect(try project.build(isa: "x86-64-v3") == 2)
    #expect(try project.build(isa: "x86-64-v3") == 0)
  }

  @Test func aMovedCheckoutIsBuiltAfresh() throws {
    let project = try Project()
    _ = try project.build()
    // What the compiler leaves, and what must outlive a removal.
    for file in ["build.db", "Object.o", "setup.stamp"] { try project.write("", to: "out/\(file)") }
    try project.move()
    #expect(try project.build(leaving: ["out/Object.o": false, "out/setup.stamp": true]) == 2)
    try project.write("", to: "out/Object.o")
    try project.write("let a = 3\n", to: "Sources/train/Train.swift")
    #expect(try project.build(leaving: ["out/Object.o": true]) == 2, "at the same place nothing is lost")
  }

  @Test func instructionSetsHaveNames() throws {
    func run(_ arguments: String...) throws -> String {
      let outcome = try Running(Workbench.repository + "/Scripts/instruction-set", arguments).wait()
      return outcome.text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
    #expect(try run("x86-64-v3") == "x86-64-v3")
    #expect(try run("--flags", "x86-64-v3") == "avx2 bmi1 bmi2 f16c fma movbe")
    #expect(try run("native") == run("native"))
    #expect(try run("native") != "native", "it means another thing on another machine")
  }
}
