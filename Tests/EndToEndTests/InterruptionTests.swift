import Foundation
import Testing

/// Promise: a run may be stopped or killed at any moment; the store never holds half a result, and going on
/// gives the same bits as never stopping.
@Suite struct InterruptionTests {
  private static let chapter = TinyChapter(baseEpochs: 60, cloneEpochs: 2, hidden: "[32, 32]")

  @Test func killedAgainAndAgainItEndsWithTheSameBits() throws {
    let calm = try Workbench(chapter: Self.chapter.text)
    #expect(try calm.make("fig-t.1").code == 0)

    let stormy = try Workbench(chapter: Self.chapter.text)
    let job = try stormy.prepareJob(of: "train training seed 40")
    var kills = 0
    var resumed = false
    var delay = 8_000
    while stormy.entries("train").isEmpty {
      let train = try Running(
        Workbench.repository + "/.build/release/train",
        ["--store", stormy.store, "--job", job, "--checkpoint-every", "0"])
      // Longer and longer, so that progress is certain whatever the machine's speed.
      usleep(UInt32(delay))
      delay += 4_000 + (kills * 7_919) % 3_000
      kill(train.identifier, SIGKILL)
      let outcome = train.wait()
      if outcome.code == SIGKILL { kills += 1 }
      resumed = resumed || FileManager.default.fileExists(atPath: checkpoint(in: stormy))
      #expect(try stormy.make("verify").code == 0)
      try #require(kills < 200, "the run makes no progress")
    }
    #expect(kills >= 3)
    #expect(resumed, "some attempt left a checkpoint to go on from")
    #expect(try stormy.make("fig-t.1").code == 0)
    try expectSameResults(calm, stormy)
  }

  @Test func stoppedPolitelyItKeepsACheckpointAndGoesOn() throws {
    // Long enough to be stopped on the way, however fast the machine is.
    let chapter = TinyChapter(baseEpochs: 60, cloneEpochs: 2, hidden: "[128, 128]")
    let calm = try Workbench(chapter: chapter.text)
    try calm.make("fig-t.1")
    let bench = try Workbench(chapter: chapter.text)
    let job = try bench.prepareJob(of: "train training seed 40")
    let train = try Running(
      Workbench.repository + "/.build/release/train",
      ["--store", bench.store, "--job", job, "--checkpoint-every", "0"])
    var waits = 0
    while !FileManager.default.fileExists(atPath: checkpoint(in: bench)), bench.entries("train").isEmpty {
      usleep(2_000)
      waits += 1
      try #require(waits < 30_000, "the run leaves neither a checkpoint nor a result")
    }
    // SIGINT is ignored where what runs the tests ignores it.
    kill(train.identifier, SIGTERM)
    let outcome = train.wait()
    try #require(bench.entries("train").isEmpty, "the run was over before it could be stopped")
    #expect(outcome.code == 143)
    #expect(outcome.text.contains("run again to go on"))
    #expect(FileManager.default.fileExists(atPath: checkpoint(in: bench)))
    // What was spent so far counts; as if it had been much.
    let spent = (checkpoint(in: bench) as NSString).deletingLastPathComponent + "/spent.json"
    try #require(FileManager.default.fileExists(atPath: spent))
    try bench.write("{\"processor\": 4000, \"wall\": 5000}", to: spent)
    try bench.make("fig-t.1")
    let manifests = try bench.entries("train").map {
      try JSONDecoder().decode(
        Told.self, from: Data(contentsOf: URL(fileURLWithPath: $0 + "/manifest.json")))
    }
    #expect(manifests.count { $0.wallSeconds >= 5_000 } == 1)
    #expect(manifests.count { Double($0.machine["processorSeconds"] ?? "") ?? 0 >= 4_000 } == 1)
    try expectSameResults(calm, bench)
  }

  /// What a manifest tells of the work.
  private struct Told: Decodable {
    let wallSeconds: Double
    let machine: [String: String]
  }

  @Test func oneJobOrTwoAtOnceGiveTheSameBits() throws {
    let one = try Workbench()
    let two = try Workbench()
    #expect(try one.make("-j1", "fig-t.1").code == 0)
    #expect(try two.make("-j2", "fig-t.1").code == 0)
    try expectSameResults(one, two)
  }

  @Test func twoMakesOnOneStoreDoNoHarm() throws {
    let calm = try Workbench()
    try calm.make("fig-t.1")
    let shared = try Workbench()
    let first = try shared.start(["fig-t.1"])
    let second = try shared.start(["fig-t.1"])
    let outcomes = [first.wait(), second.wait()]
    for outcome in outcomes { #expect(outcome.code == 0, "\(outcome.text)") }
    #expect(try shared.make("verify").code == 0)
    try expectSameResults(calm, shared)
  }

  private func checkpoint(in bench: Workbench) -> String {
    let files = FileManager.default.enumerator(atPath: bench.store + "/train")?.compactMap { $0 as? String }
    let found = (files ?? []).first { $0.hasSuffix(".partial/checkpoint") }
    return bench.store + "/train/" + (found ?? "none")
  }

  /// The same entries with the same files, and the same figure.
  private func expectSameResults(_ left: Workbench, _ right: Workbench) throws {
    for stage in ["train", "measure"] {
      let names = left.entries(stage).map { ($0 as NSString).lastPathComponent }
      #expect(names == right.entries(stage).map { ($0 as NSString).lastPathComponent })
      for (a, b) in zip(left.entries(stage), right.entries(stage)) {
        #expect(try digests(a) == digests(b), "\(stage)")
      }
    }
    let csv = "/fig-t.1.csv"
    #expect(left.contents(left.figures + csv) != nil)
    #expect(left.contents(left.figures + csv) == right.contents(right.figures + csv))
  }

  /// The digests of an entry's files, as its manifest gives them.
  private func digests(_ entry: String) throws -> NSDictionary {
    let data = try Data(contentsOf: URL(fileURLWithPath: entry + "/manifest.json"))
    let manifest = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    return try #require(manifest["files"] as? NSDictionary)
  }
}
