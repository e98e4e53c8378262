import Foundation
import Testing

extension Workbench {
  /// Makes the data set and the graph, and gives the job file of a slot.
  func prepareJob(of slot: String) throws -> String {
    let binaries = Self.repository + "/.build/release"
    let graph = folder + "/graph"
    func tangle() throws {
      let outcome = try Running(
        binaries + "/weave",
        [
          "tangle", "--graph", graph, "--chapters", folder + "/paper", "--store", store, "--data-dir", data,
          "--figures", figures,
        ]
      ).wait()
      #expect(outcome.code == 0, "\(outcome.text)")
    }
    func job(_ isWanted: (String) throws -> Bool) throws -> String {
      let names = try FileManager.default.contentsOfDirectory(atPath: graph + "/jobs")
      return try #require(try names.map { graph + "/jobs/" + $0 }.first(where: isWanted))
    }
    try tangle()
    let prepare = try Running(
      binaries + "/prepare",
      ["--store", store, "--job", try job { $0.contains("/prepare-") }, "--data-dir", data]
    ).wait()
    #expect(prepare.code == 0, "\(prepare.text)")
    // Keys hold what images look like: only now are they known. The jobs of before are of no use.
    for name in try FileManager.default.contentsOfDirectory(atPath: graph + "/jobs")
    where !name.hasPrefix("prepare-") {
      try FileManager.default.removeItem(atPath: graph + "/jobs/" + name)
    }
    try tangle()
    return try job { try String(contentsOfFile: $0, encoding: .utf8).contains("fig-t.1 \(slot)\"") }
  }
}
