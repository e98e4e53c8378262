import Foundation
import Testing

/// Promise: finished work stays finished, whatever is pressed and whatever is pruned.
@Suite struct LostWorkTests {
  /// A run through tasks, which is measured in the training's recipe so that snapshots can go at once.
  private static let tasks = """
    # A chapter

    ```artifact fig-t.1
    {
      experiment: "image-classification", title: "Tasks", seeds: 1,
      data: { set: "cifar-10", downsample: 2, padding: 0, flip: false },
      model: { architecture: "mlp", hiddenSizes: [8], normalization: "none", dropout: 0 },
      optimizer: { kind: "sgd", learningRate: 0.01 },
      batchSize: 8, tasks: { count: 2, classes: 2, epochs: 2, imagesPerClass: 8 }, snapshotEvery: 1,
      measure: { probeImages: 8 },
      runs: [{ name: "none" }],
      panels: [{ id: "p", title: "p", x: { label: "Task" }, y: { label: "Accuracy" },
        series: [{ id: "none", label: "none", runs: ["none"], metric: "trainingAccuracy", averagedOver: "task",
          style: { color: 0, line: "solid" } }] }],
      claims: [],
    }
    ```
    """

  @Test func interruptedWhileMeasuringTheTrainingIsKept() throws {
    let bench = try Workbench(chapter: Self.tasks)
    let press = try bench.program(
      "press", "case $1 in */measure) kill -INT 0; sleep 5; exit 130;; esac\nexec \"$@\"")
    let outcome = try bench.startAlone(["fig-t.1", "RUN=\(press)"]).wait()
    #expect(outcome.code != 0)
    #expect(bench.entries("train").count == 1, "\(outcome.text)")
    #expect(bench.entries("measure").isEmpty)
    // Going on trains nothing.
    #expect(try bench.planned("fig-t.1").contains("train") == false)
    #expect(try bench.make("fig-t.1").code == 0)
  }

  @Test func preparingStopsWhenItIsAsked() throws {
    let chapter = TinyChapter().text.replacingOccurrences(of: "cifar-10", with: "tiny-imagenet-200")
    let bench = try Workbench(chapter: chapter, images: false)
    let binaries = Workbench.repository + "/.build/release"
    let graph = bench.folder + "/graph"
    let tangle = try Running(
      binaries + "/weave",
      [
        "tangle", "--graph", graph, "--chapters", bench.folder + "/paper", "--store", bench.store, "--data",
        "synthetic",
      ]
    ).wait()
    try #require(tangle.code == 0, "\(tangle.text)")
    let jobs = try FileManager.default.contentsOfDirectory(atPath: graph + "/jobs")
    let job = try #require(jobs.first { $0.hasPrefix("prepare-") })
    let prepare = try Running(
      "/usr/bin/env",
      [
        "--default-signal=INT", binaries + "/prepare", "--store", bench.store, "--job",
        graph + "/jobs/" + job,
      ])
    // Some of the images are written: half a minute's work has begun.
    var waits = 0
    while !partialHoldsImages(in: bench) {
      usleep(5_000)
      waits += 1
      try #require(waits < 12_000, "no image is written")
    }
    kill(prepare.identifier, SIGINT)
    let outcome = prepare.wait()
    #expect(outcome.code == 130, "\(outcome.text)")
    #expect(bench.entries("prepare").isEmpty)
  }

  private func partialHoldsImages(in bench: Workbench) -> Bool {
    let files = FileManager.default.enumerator(atPath: bench.store + "/prepare")?.compactMap { $0 as? String }
    return (files ?? []).contains { $0.hasSuffix(".partial/images.bin") }
  }

  @Test func pruningKeepsWhatOtherSettingsNeed() throws {
    let bench = try Workbench()
    // Stopped before the figure: nothing is published that could speak for the runs.
    let stop = try bench.program("stop", "case $1 in */plot) exit 9;; esac\nexec \"$@\"")
    #expect(try bench.make("fig-t.1", "RUN=\(stop)").code != 0)
    let runs = bench.entries("train")
    #expect(runs.count == 3)
    // Half-finished work too.
    let partial = try #require(bench.entries("measure").last)
    try FileManager.default.moveItem(atPath: partial, toPath: partial + ".partial")
    let pruned = try bench.make("prune", "DATA=synthetic", "PROFILE=paper")
    #expect(pruned.code == 0, "\(pruned.text)")
    #expect(
      pruned.text.contains("kept what PROFILE=quick DATA=auto DATA_DIR=\(bench.data)"), "\(pruned.text)")
    #expect(bench.entries("train") == runs)
    #expect(FileManager.default.fileExists(atPath: partial + ".partial"))
    // What these settings themselves no longer ask for goes, as ever.
    try bench.change(TinyChapter(cloneNoise: "0.03"))
    #expect(try bench.make("fig-t.1").code == 0)
    #expect(try bench.make("prune").code == 0)
    #expect(bench.entries("train").count == 3)
    #expect(bench.entries("train") != runs)
  }
}
