import ContentStore
import Foundation
import Publishing
import Testing

/// Promise: what there is of an unfinished figure travels too, and parts that several machines have made come together.
@Suite struct PublishedPartTests: PublishedFigure {
  /// Publishes what a bench has of the figure at two seeds.
  private func publish(_ bench: Workbench, to folder: String, _ more: String...) throws -> Workbench.Outcome {
    try bench.start(["publish", "TO=\(folder)", "PROFILE=standard"] + more).wait()
  }

  private func index(_ folder: String) throws -> PublishedIndex {
    let path = folder + "/\(PublishedIndex.fileName)"
    return try PublishedIndex(FileSystem.contents(of: path), place: path)
  }

  private func draw(_ bench: Workbench, from folder: String) throws -> Workbench.Outcome {
    try bench.start(["fig-t.1", "PROFILE=standard", "FROM=\(folder)"]).wait()
  }

  /// Takes from a store what one seed has given, and what was drawn from it.
  private func forget(seed: Int, in bench: Workbench) throws {
    for stage in ["plot", "judge"] { try FileSystem.remove("\(bench.store)/\(stage)") }
    let titled = "seed \(seed)"
    var forgotten = 0
    for stage in ["train", "measure"] {
      for entry in bench.entries(stage) {
        let manifest = String(decoding: try FileSystem.contents(of: entry + "/manifest.json"), as: UTF8.self)
        guard manifest.contains(titled) else { continue }
        try FileSystem.remove(entry)
        forgotten += 1
      }
    }
    #expect(forgotten == 6)
  }

  @Test func partsOfTwoMachinesComeTogether() throws {
    let one = try Workbench()
    let two = try Workbench()
    let folder = one.folder + "/published"
    let first = try one.make("fig-t.1", "PROFILE=standard", "SEEDS=1")
    #expect(first.code == 0, "\(first.text)")
    // Without being asked to, nothing of an unfinished figure is published.
    let refused = try publish(one, to: folder)
    #expect(
      refused.code != 0 && refused.text.contains("PARTS=yes publishes what there is"), "\(refused.text)")
    let part = try publish(one, to: folder, "PARTS=yes")
    #expect(part.code == 0 && part.text.contains("fig-t.1: a part, "), "\(part.text)")
    let artifact = try #require(try index(folder).artifacts.first)
    #expect(artifact.isPart && artifact.seeds == [40, 41] && artifact.results.count == 7)

    // Whoever has the images makes what is missing.
    let whole = try two.make("fig-t.1", "PROFILE=standard")
    #expect(whole.code == 0, "\(whole.text)")
    let reader = try Workbench()
    let mixed = try draw(reader, from: folder)
    #expect(
      mixed.code == 0 && mixed.text.contains("3 of 6 results found; 3 results of 1 figure made here"),
      "\(mixed.text)")
    #expect(try numbers(reader) == numbers(two))
    #expect(try record(reader).contains("3 of 6 results of "))

    // Another one has the other seed.
    try forget(seed: 40, in: two)
    let other = try publish(two, to: folder, "PARTS=yes")
    #expect(other.code == 0, "\(other.text)")
    let joined = try #require(try index(folder).artifacts.first)
    #expect(joined.isPart && joined.results.count == 13)
    let stranger = try Workbench(images: false)
    let drawn = try draw(stranger, from: folder)
    #expect(drawn.code == 0 && drawn.text.contains("6 of 6 results found"), "\(drawn.text)")
    #expect(try numbers(stranger) == numbers(two))
  }

  @Test func aPartTakesNothingFromWhatIsPublished() throws {
    let bench = try Workbench()
    let folder = bench.folder + "/published"
    #expect(try bench.make("fig-t.1", "PROFILE=standard").code == 0)
    #expect(try publish(bench, to: folder).code == 0)
    let before = try index(folder)
    try forget(seed: 41, in: bench)
    let outcome = try publish(bench, to: folder, "PARTS=yes")
    #expect(outcome.text.contains("fig-t.1: all of it is published already"), "\(outcome.text)")
    let after = try index(folder)
    #expect(try after.encoded() == before.encoded())
    // Nor does one that other sources have made.
    try change(folder) { index in
      index.artifacts[0].figure = [:]
      index.artifacts[0].results.removeLast()
      index.artifacts[0].sources = Digest(of: "others").hex
      index.artifacts[0].commit = "abc1234"
    }
    let changed = try index(folder)
    let again = try publish(bench, to: folder, "PARTS=yes")
    #expect(again.text.contains("what is published of it was made by commit abc1234"), "\(again.text)")
    #expect(try index(folder).artifacts[0].results == changed.artifacts[0].results)
  }
}
