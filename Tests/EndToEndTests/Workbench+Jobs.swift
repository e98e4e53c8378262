import Foundation
import Testing

extension Workbench {
  /// Makes the data set and the graph, and gives the job file of a slot.
  func prepareJob(of slot: String) throws -> String {
    let binaries = Self.repository + "/.build/release"
    let graph = folder + "/graph"
    let tangle = try Running(
      binaries + "/weave",
      [
        "tangle", "--graph", graph, "--chapters", folder + "/paper", "--store", store, "--data-dir", data,
        "--figures", figures,
      ]
    ).wait()
    #expect(tangle.code == 0, "\(tangle.text)")
    let jobs = try FileManager.default.contentsOfDirectory(atPath: graph + "/jobs").map {
      graph + "/jobs/" + $0
    }
    let preparation = try #require(jobs.first { $0.contains("/prepare-") })
    let prepare = try Running(
      binaries + "/prepare",
      ["--store", store, "--job", preparation, "--data-dir", data]
    ).wait()
    #expect(prepare.code == 0, "\(prepare.text)")
    return try #require(
      try jobs.first { try String(contentsOfFile: $0, encoding: .utf8).contains("fig-t.1 \(slot)\"") })
  }
}
