import ContentStore
import Foundation
import Testing

@testable import Manuscript

/// Promise: the costs that status prints are those of the manifests, each result in one row.
@Suite struct FinishedWorkTests {
  private static let block = """
    ```artifact fig-t.1
    {
      experiment: "image-classification", title: "T", seeds: { quick: 2, standard: 2, paper: 2 },
      data: { set: "cifar-10", padding: 4, flip: true },
      model: { architecture: "mlp", hiddenSizes: [8, 8], normalization: "batch", dropout: 0 },
      optimizer: { kind: "sgd", learningRate: 0.01 }, batchSize: 16, epochs: 3, snapshotEvery: 1,
      measure: { probeImages: 40, duplicateCosine: 0.95 },
      runs: [{ name: "a", epochs: 2 }, { name: "b", batchSize: 32 },
        { name: "c", model: { hiddenSizes: [16] } }],
      panels: [{ id: "p", title: "P", x: { label: "x" }, y: { label: "y" },
        series: [{ id: "s", label: "s", runs: ["a"], metric: "trainingLoss", style: { color: 0, line: "solid" } }] }],
      claims: [],
    }
    ```
    """

  private func withStore(_ body: (Plan, Store) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/finished-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let chapter = try Chapter(file: "t.md", text: Self.block)
    try body(Plan(chapters: [chapter], context: .sample()), Store(root: folder))
  }

  private func commit(_ job: PlannedJob, to store: Store, seconds: Double) throws {
    guard case .workspace(let workspace) = try store.workspace(for: job.job) else { return }
    try FileSystem.write(Data("x".utf8), atomicallyTo: workspace.path(of: "f"))
    _ = try workspace.commit(files: ["f"], wallSeconds: seconds)
  }

  @Test func anEmptyStoreHasCostNothing() throws {
    try withStore { plan, store in
      let work = FinishedWork(plan, store: store)
      #expect(work.rows.isEmpty && work.count == 0 && work.seconds == 0)
    }
  }

  @Test func resultsAreToldApartByStageNetworkAndBatchSize() throws {
    try withStore { plan, store in
      for job in plan.jobs {
        switch job.subject {
        case .run(let run, _): try commit(job, to: store, seconds: run == "a" ? 4 : 2)
        case .look(let run, _) where run == "a": try commit(job, to: store, seconds: 1)
        case .figure: try commit(job, to: store, seconds: 2)
        default: continue
        }
      }
      let rows = FinishedWork(plan, store: store).rows
      #expect(
        rows.map(\.kind) == [
          .init(stage: "train", network: "MLP 2 × 8", batchSize: 16),
          .init(stage: "train", network: "MLP 16", batchSize: 16),
          .init(stage: "train", network: "MLP 2 × 8", batchSize: 32),
          .init(stage: "measure", network: "MLP 2 × 8", batchSize: nil),
          .init(stage: "plot", network: "plot", batchSize: nil),
        ])
      #expect(rows.map(\.count) == [2, 2, 2, 2, 1])
      #expect(rows.map(\.seconds) == [8, 4, 4, 2, 2])
      #expect(rows.map(\.share) == [0.4, 0.2, 0.2, 0.1, 0.1])
    }
  }

  @Test func theRateIsThatOfThePlansEstimate() throws {
    try withStore { plan, store in
      let job = try #require(plan.jobs.first { $0.job.stage == "train" })
      try commit(job, to: store, seconds: 2)
      let work = FinishedWork(plan, store: store)
      #expect(work.count == 1 && work.seconds == 2)
      #expect(work.rows.first?.rate == job.job.cost / 2)
    }
  }
}
