import Foundation
import Testing

/// Promise: whoever ends make ends what it runs, each with a checkpoint; and what a scheduler says is done is there.
@Suite struct StageScriptTests {
  private static let chapter = TinyChapter(baseEpochs: 20_000, cloneEpochs: 1, hidden: "[32, 32]")

  /// Make alone is told, as by a batch system; shells between it and the stage must hand that on.
  @Test(arguments: [SIGTERM, SIGINT, SIGHUP])
  func oneSignalToMakeEndsTheStageWithACheckpoint(_ signal: Int32) throws {
    let bench = try Workbench(chapter: Self.chapter.text)
    let make = try bench.startAlone(["fig-t.1", "RUN=env SOMETHING=1"])
    var train: Int32?
    for _ in 0..<30_000 {
      train = try process(with: ["release/train", bench.store])
      if train != nil, checkpoints(bench).contains(where: { $0.hasSuffix("/lease") }) { break }
      usleep(2_000)
    }
    let identifier = try #require(train)
    usleep(300_000)
    if signal == SIGTERM {
      // What a scheduler or a supervisor tells make, make tells its shells.
      kill(try makeProcess(of: make.identifier), signal)
    } else {
      // A terminal tells all of them.
      kill(-getpgid(identifier), signal)
    }
    let outcome = make.wait()
    #expect(outcome.code != 0)
    #expect(outcome.text.contains("run again to go on"), "\(outcome.text)")
    #expect(checkpoints(bench).contains { $0.hasSuffix("/checkpoint") })
    #expect(!checkpoints(bench).contains { $0.hasSuffix("/lease") }, "the folder is free at once")
    #expect(try process(with: ["release/train", bench.store]) == nil)
  }

  @Test func aJobThatIsSaidToBeDoneAndIsNotIsCalledLost() throws {
    let bench = try Workbench()
    let lost = try bench.program("lost", "case $1 in */train) exit 0 ;; esac\nexec \"$@\"")
    let outcome = try bench.start(
      ["fig-t.1", "RUN=\(lost)"], environment: ["BARRIERS_ARRIVAL_SECONDS": "1"]
    ).wait()
    #expect(outcome.code != 0)
    #expect(
      outcome.text.contains("ended without an error, but after 1 s its result is not in"), "\(outcome.text)")
    #expect(!outcome.text.contains("measure:"), "the next stage is not begun: \(outcome.text)")
  }

  @Test func aProcessorThatLacksAnInstructionIsNamed() throws {
    let bench = try Workbench()
    let built = "the processor does not know an instruction of the programs, which are built for ISA=native"
    // There everything dies of it, or the processor can be asked for what it lacks.
    for (name, asked, says) in [
      ("old", "kill -ILL $$", "\(built); add ISA=x86-64-v3 to"),
      ("bare", "echo 'missing avx2 fma'; exit 0", "\(built) (avx2 fma); add ISA=x86-64-v3 to"),
    ] {
      let old = try bench.program(name, Self.trap + "case $2 in machine) \(asked) ;; esac\nexec \"$@\"")
      let outcome = try bench.make("fig-t.1", "RUN=\(old)")
      #expect(outcome.code != 0)
      #expect(outcome.text.contains(says), "\(outcome.text)")
    }
  }

  /// Swift ends a program by the same signal where an index is out of range.
  @Test func aTrapOnAProcessorThatLacksNothingIsCalledABug() throws {
    let bench = try Workbench()
    let trapped = try bench.program("trapped", Self.trap + "exec \"$@\"")
    let outcome = try bench.make("fig-t.1", "RUN=env SOMETHING=1 \(trapped)")
    #expect(outcome.code != 0)
    #expect(
      outcome.text.contains(
        "its processor knows all instructions: that is a bug; report it with \(bench.store)/"),
      "\(outcome.text)")
    #expect(!outcome.text.contains("add ISA="), "\(outcome.text)")
  }

  @Test func whereTheProcessorCannotBeAskedNothingIsConcluded() throws {
    let bench = try Workbench()
    let mute = try bench.program("mute", Self.trap + "case $2 in machine) exit 9 ;; esac\nexec \"$@\"")
    let outcome = try bench.make("fig-t.1", "RUN=\(mute)")
    #expect(outcome.code != 0)
    #expect(outcome.text.contains("by a bug, or by an instruction"), "\(outcome.text)")
    #expect(!outcome.text.contains("add ISA="), "\(outcome.text)")
  }

  private static let trap = "case $1 in */train) kill -ILL $$ ;; esac\n"

  @Test func aResultThatIsSeenLateIsWaitedFor() throws {
    let bench = try Workbench()
    let late = try bench.program(
      "late", "case $1 in */train) (sleep 1; exec \"$@\") & exit 0 ;; esac\nexec \"$@\"")
    let outcome = try bench.make("fig-t.1", "RUN=\(late)")
    #expect(outcome.code == 0, "\(outcome.text)")
  }

  /// It may not come for a long time, and whoever stops the make does not want to wait for that.
  @Test(.timeLimit(.minutes(5))) func aResultThatIsWaitedForCanBeLeft() throws {
    let bench = try Workbench()
    let begun = bench.folder + "/begun"
    let lost = try bench.program("lost", "touch '\(begun)'")
    // What runs tests blocks signals, among them those by which a shell knows of its children.
    let stage = try Running(
      "/usr/bin/env",
      [
        "--default-signal", Workbench.repository + "/Scripts/stage", bench.store, "jobs/train-00.json",
        "target", "make", "yes", lost,
      ],
      environment: ["BARRIERS_ARRIVAL_SECONDS": "36000"])
    while !FileManager.default.fileExists(atPath: begun) { usleep(2_000) }
    usleep(300_000)
    kill(stage.identifier, SIGTERM)
    #expect(stage.wait().code == 128 + SIGTERM)
  }

  private func checkpoints(_ bench: Workbench) -> [String] {
    (FileManager.default.enumerator(atPath: bench.store + "/train")?.compactMap { $0 as? String } ?? [])
      .filter { $0.contains(".partial/") }
  }

  private func words(of process: String) -> String {
    let data = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
    return String(decoding: data.map { $0 == 0 ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
  }

  /// A process, other than scripts that hold its command, whose command has some words; nil if there is none.
  private func process(with parts: [String]) throws -> Int32? {
    for name in try FileManager.default.contentsOfDirectory(atPath: "/proc") {
      guard let number = Int32(name) else { continue }
      let words = words(of: name)
      if parts.allSatisfy(words.contains), words.hasPrefix(".build/release/train") { return number }
    }
    return nil
  }

  /// The make that a setsid in front of it waits for.
  private func makeProcess(of setsid: Int32) throws -> Int32 {
    for name in try FileManager.default.contentsOfDirectory(atPath: "/proc") {
      guard let number = Int32(name), let data = FileManager.default.contents(atPath: "/proc/\(name)/stat"),
        let fields = String(decoding: data, as: UTF8.self).split(separator: ")").last?.split(separator: " "),
        fields.count > 1, Int32(fields[1]) == setsid
      else { continue }
      return number
    }
    return setsid
  }
}
