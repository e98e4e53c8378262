import ContentStore
import Foundation
import Testing

@testable import Manuscript

/// Promise: what make says of the work ahead is that of the goals, without what is there.
@Suite struct RemainingWorkTests {
  private func artifact(_ id: String, seeds: Int) -> String {
    """
    ```artifact \(id)
    {
      experiment: "image-classification", title: "T", seeds: { quick: \(seeds), standard: 2, paper: 2 },
      data: { set: "cifar-10", padding: 4, flip: true },
      model: { architecture: "mlp", hiddenSizes: [8], normalization: "batch", dropout: 0 },
      optimizer: { kind: "sgd", learningRate: 0.01 }, batchSize: 16, epochs: 3, snapshotEvery: 1,
      measure: { probeImages: 40, duplicateCosine: 0.95 },
      runs: [{ name: "a", epochs: 2 }, { name: "b", from: "a" }],
      panels: [{ id: "p", title: "P", x: { label: "x" }, y: { label: "y" },
        series: [{ id: "s", label: "s", runs: ["a", "b"], metric: "trainingLoss", style: { color: 0, line: "solid" } }] }],
      claims: [],
    }
    ```
    """
  }

  private func list() throws -> (WorkList, Plan) {
    let chapter = try Chapter(
      file: "t.md", text: artifact("fig-t.1", seeds: 1) + "\n\n" + artifact("fig-t.2", seeds: 2))
    let plan = try Plan(chapters: [chapter], context: .sample())
    let graph = MakeGraph(plan, tables: [.init(id: "table-t", figures: ["fig-t.1"])], folder: "g")
    return (graph.workList, plan)
  }

  private func withStore(_ body: (Store) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/work-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(Store(root: folder))
  }

  private func commit(_ job: Job, to store: Store, seconds: Double) throws {
    guard case .workspace(let workspace) = try store.workspace(for: job) else { return }
    try FileSystem.write(Data("x".utf8), atomicallyTo: workspace.path(of: "f"))
    _ = try workspace.commit(files: ["f"], wallSeconds: seconds)
  }

  @Test func aListIsReadAsItWasWritten() throws {
    let (list, _) = try list()
    #expect(list.images == "cifar-10 (synthetic stand-in)")
    #expect(WorkList(text: list.text) == list)
    #expect(WorkList(text: "") == nil)
    #expect(WorkList(text: list.text + "item x\n") == nil)
  }

  @Test func goalsNameFigures() throws {
    let (list, _) = try list()
    func figures(_ goals: String...) -> [String] { list.figures(for: goals).map(\.id) }
    #expect(figures("figures") == ["fig-t.1", "fig-t.2"])
    #expect(figures("paper") == ["fig-t.1", "fig-t.2"])
    #expect(figures("tables") == ["fig-t.1"])
    #expect(figures("table-t", "fig-t.1") == ["fig-t.1"])
    #expect(figures("record-fig-t.2") == ["fig-t.2"])
    #expect(figures("store/train/ab/abc/manifest.json").isEmpty)
  }

  @Test func onlyWhatTheGoalsNeedCounts() throws {
    let (list, plan) = try list()
    try withStore { store in
      let one = RemainingWork(list, figures: list.figures(for: ["fig-t.1"]), store: store)
      // Images; two runs, trained and measured; drawn and judged.
      #expect(one.total == 7 && one.missing.count == 7)
      #expect(one.unfinished.map(\.count) == [2])
      // A seed and everything but its drawing are the other's too.
      let all = RemainingWork(list, figures: list.figures(for: ["figures"]), store: store)
      #expect(all.total == plan.jobs.count && all.total == 7 + 4 + 2)
      #expect(all.unfinished.map(\.count) == [2, 2])
    }
  }

  @Test func chainsAreAsLongAsWhatFollows() throws {
    let (list, _) = try list()
    try withStore { store in
      let work = RemainingWork(list, figures: list.figures(for: ["fig-t.1"]), store: store)
      let images = try #require(work.missing.first { $0.stage == "prepare" })
      let drawing = try #require(work.missing.first { $0.stage == "plot" })
      let trained = work.missing.filter { $0.stage == "train" }
      #expect(drawing.chain == drawing.seconds)
      let longest = try #require(work.missing.filter { $0.stage == "measure" }.map(\.chain).max())
      #expect(longest > drawing.chain)
      #expect(trained.count == 2 && trained[0].chain > trained[1].chain)
      #expect(images.chain == images.seconds + trained[0].chain)
    }
  }

  @Test func whatIsThereIsNotMissingAndSaysHowFastTheMachineIs() throws {
    let (list, plan) = try list()
    try withStore { store in
      let trainings = plan.artifacts[0].jobs.filter { $0.job.stage == "train" }
      try commit(trainings[0].job, to: store, seconds: trainings[0].job.cost / 1e6)
      let work = RemainingWork(list, figures: list.figures(for: ["fig-t.1"]), store: store)
      #expect(work.total == 7 && work.missing.count == 6)
      let other = try #require(work.missing.first { $0.key == trainings[1].key })
      #expect(abs(other.seconds - trainings[1].job.cost / 1e6) < 1e-6 * other.seconds)
      for job in plan.artifacts[0].jobs { try commit(job.job, to: store, seconds: 1) }
      let rest = RemainingWork(list, figures: list.figures(for: ["figures"]), store: store)
      #expect(rest.missing.count == 6 && rest.unfinished.count == 1)
    }
  }

  @Test func aRunWithoutItsSnapshotsIsMadeAgainForWhoeverLooksAtIt() throws {
    let (list, plan) = try list()
    try withStore { store in
      let jobs = plan.artifacts[0].jobs
      for job in jobs { try commit(job.job, to: store, seconds: 1) }
      let run = try #require(jobs.first { $0.job.stage == "train" })
      _ = try store.release(stage: "train", key: run.key) { _ in true }
      let figures = list.figures(for: ["fig-t.1"])
      #expect(RemainingWork(list, figures: figures, store: store).missing.isEmpty)
      let look = try #require(jobs.first { $0.job.stage == "measure" })
      try FileSystem.remove(store.folder(stage: "measure", key: look.key))
      #expect(
        Set(RemainingWork(list, figures: figures, store: store).missing.map(\.key)) == [look.key, run.key])
    }
  }
}
