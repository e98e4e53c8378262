import Foundation
import Testing

/// Promise: nothing is planned twice, and everything anew whose ground has changed.
@Suite struct PlanStampTests {
  private func bench() throws -> Workbench {
    try Workbench(
      chapter: TinyChapter().text.replacingOccurrences(
        of: "set: \"cifar-10\",", with: "set: \"cifar-10\", trainingImages: 160, validationImages: 40,"))
  }

  /// Plans, and says whether that was done anew.
  private func plans(_ bench: Workbench, _ settings: String...) throws -> Bool {
    let stamp = bench.folder + "/graph/stamp"
    // Planning removes the stamp and writes another one.
    func written() -> Date? {
      try? FileManager.default.attributesOfItem(atPath: stamp)[.modificationDate] as? Date
    }
    let before = written()
    let outcome = try Running(
      Workbench.repository + "/.build/release/weave",
      [
        "tangle", "--graph", bench.folder + "/graph", "--chapters", bench.folder + "/paper", "--store",
        bench.store, "--data-dir", bench.data, "--figures", bench.figures,
      ] + settings
    ).wait()
    #expect(outcome.code == 0, "\(outcome.text)")
    return before == nil || before != written()
  }

  @Test func settingsAndChaptersCount() throws {
    let bench = try bench()
    #expect(try plans(bench, "--data", "synthetic"))
    #expect(try !plans(bench, "--data", "synthetic"))
    #expect(try plans(bench, "--data", "synthetic", "--profile", "standard"))
    #expect(try plans(bench, "--data", "synthetic"))
    #expect(try plans(bench, "--data", "synthetic", "--seeds", "2"))
    #expect(try plans(bench, "--data", "synthetic"))
    let chapter = try #require(bench.contents(bench.chapter))
    try bench.write(TinyChapter(prose: "Other prose.").text, to: bench.chapter)
    #expect(try plans(bench, "--data", "synthetic"))
    try chapter.write(to: URL(fileURLWithPath: bench.chapter))
    #expect(try plans(bench, "--data", "synthetic"))
    // Written again, it says what it said.
    try chapter.write(to: URL(fileURLWithPath: bench.chapter))
    #expect(try !plans(bench, "--data", "synthetic"))
    try bench.write("# Another", to: bench.folder + "/paper/another.md")
    #expect(try plans(bench, "--data", "synthetic"))
  }

  @Test func whatPlanningWroteCounts() throws {
    let bench = try bench()
    #expect(try plans(bench, "--data", "synthetic"))
    let graph = bench.folder + "/graph"
    let job = try #require(try FileManager.default.contentsOfDirectory(atPath: graph + "/jobs").first)
    let wanted = try #require(
      try FileManager.default.contentsOfDirectory(atPath: bench.store + "/wanted").first)
    for path in [
      graph + "/jobs/" + job, graph + "/graph.mk", graph + "/fig-t.1.plan.json", graph + "/work",
      bench.store + "/wanted/" + wanted,
    ] {
      let before = try #require(bench.contents(path))
      try FileManager.default.removeItem(atPath: path)
      #expect(try plans(bench, "--data", "synthetic"), "\(path)")
      #expect(bench.contents(path) == before, "\(path)")
      #expect(try !plans(bench, "--data", "synthetic"), "\(path)")
    }
  }

  @Test func preparedImagesCount() throws {
    let bench = try bench()
    #expect(try bench.make("fig-t.1", "DATA=synthetic").code == 0)
    #expect(try !plans(bench, "--data", "synthetic"))
    let images = try #require(bench.entries("prepare").first)
    try FileManager.default.removeItem(atPath: images)
    #expect(try plans(bench, "--data", "synthetic"))
    #expect(try bench.make("fig-t.1", "DATA=synthetic").code == 0)
    #expect(bench.entries("train").count == 3, "the same images: nothing was trained again")
  }

  @Test func officialFilesCount() throws {
    let bench = try Workbench()
    // What changed just now could change again unnoticed.
    sleep(4)
    #expect(try plans(bench))
    #expect(try !plans(bench))
    let file = bench.data + "/cifar-10-batches-bin/data_batch_1.bin"
    var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
    bytes[100] ^= 1
    let date = try FileManager.default.attributesOfItem(atPath: file)[.modificationDate]
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
    try handle.write(contentsOf: bytes)
    try handle.close()
    // The same size, inode and date.
    try FileManager.default.setAttributes([.modificationDate: try #require(date)], ofItemAtPath: file)
    let before = try FileManager.default.contentsOfDirectory(atPath: bench.folder + "/graph/jobs").count
    #expect(try plans(bench))
    #expect(try FileManager.default.contentsOfDirectory(atPath: bench.folder + "/graph/jobs").count > before)
    #expect(try plans(bench), "until the change is a while ago")
    sleep(4)
    #expect(try plans(bench))
    #expect(try !plans(bench))
    try FileManager.default.removeItem(atPath: bench.data + "/cifar-10-batches-bin")
    #expect(try plans(bench))
  }

  /// A block that prefers a set to the one that it does with.
  @Test func aSetThatIsPreferredIsTakenOnceItIsThere() throws {
    let chapter = TinyChapter().text.replacingOccurrences(
      of: "data: { set: \"cifar-10\", padding: 4, flip: true }",
      with: "use: \"images\", data: { padding: 4, flip: true }")
    let presets = """
      ```presets sets
      { images: { "cifar-100": { data: { set: "cifar-100" } }, otherwise: { data: { set: "cifar-10" } } } }
      ```
      """
    let bench = try Workbench(chapter: chapter + "\n" + presets + "\n")
    func words(_ arguments: String...) throws -> String {
      let outcome = try bench.start(["status-fig-t.1"] + arguments).wait()
      #expect(outcome.code == 0, "\(outcome.text)")
      return outcome.text
    }
    #expect(try words().contains("data: cifar-10 (real)\n"))
    let folder = bench.data + "/cifar-100-binary"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for name in ["train.bin", "test.bin", "fine_label_names.txt"] {
      try bench.write("images", to: "\(folder)/\(name)")
    }
    #expect(try words().contains("data: cifar-100 (real)\n"))
    #expect(try words("DATA=synthetic").contains("data: cifar-10 (synthetic)\n"))
  }
}
