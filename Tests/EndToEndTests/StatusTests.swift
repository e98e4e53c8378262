import ContentStore
import Foundation
import Testing

/// Promise: a make that takes long can be planned by what status says: which runs are timed, how long the longest chain is,
/// and what so many cores make of it.
@Suite struct StatusTests {
  private func steps(_ bench: Workbench) throws -> [String: Data] {
    try Dictionary(
      uniqueKeysWithValues: FileSystem.names(in: bench.store + "/steps").map {
        ($0, try FileSystem.contents(of: "\(bench.store)/steps/\($0)"))
      })
  }

  @Test func stepsAreTimedOnceAndKept() throws {
    let bench = try Workbench()
    // Not where nobody may compute.
    let untimed = try bench.make("status", "TIMED=no")
    #expect(untimed.code == 0 && untimed.text.contains("an assumption"), "\(untimed.text)")
    #expect(!untimed.text.contains("a timed step"), "\(untimed.text)")
    #expect(!FileManager.default.fileExists(atPath: bench.store + "/steps"))
    let timed = try bench.make("status")
    #expect(timed.code == 0, "\(timed.text)")
    #expect(
      timed.text.contains("a timed step") && timed.text.contains("time steps of networks"), "\(timed.text)")
    // One for the network and its base, which train alike, and one for the clone, which is wider.
    let kept = try steps(bench)
    #expect(kept.count == 2, "\(kept.keys)")
    let again = try bench.make("status")
    #expect(again.text.contains("a timed step") && !again.text.contains("time steps of networks"))
    #expect(try steps(bench) == kept)
    // They are no results: neither made, nor checked, nor published, nor pruned.
    let made = try bench.make("fig-t.1")
    #expect(made.code == 0 && !made.text.contains("time steps of networks"), "\(made.text)")
    let verified = try bench.make("verify")
    #expect(verified.code == 0, "\(verified.text)")
    #expect(try bench.make("publish", "TO=\(bench.folder)/published").code == 0)
    #expect(!FileManager.default.fileExists(atPath: bench.folder + "/published/steps"))
    let pruned = try bench.make("prune")
    #expect(pruned.code == 0 && !pruned.text.contains("/steps"), "\(pruned.text)")
    #expect(try steps(bench) == kept)
    let done = try bench.make("status")
    #expect(done.text.contains("nothing to do") && !done.text.contains("work left"), "\(done.text)")
    // Finished runs go before timed steps.
    var longer = TinyChapter()
    longer.cloneEpochs += 1
    try bench.change(longer)
    let other = try bench.make("status")
    #expect(other.text.contains("runs of it") && other.text.contains("a timed step"), "\(other.text)")
    #expect(try steps(bench) == kept)
  }

  @Test func coresAndTheLongestChainAreTold() throws {
    let bench = try Workbench()
    let outcome = try bench.make("status-fig-t.1", "CORES=7", "TIMED=no")
    #expect(outcome.code == 0, "\(outcome.text)")
    let lines = outcome.text.split(separator: "\n").map(String.init)
    #expect(
      lines.contains { $0.hasPrefix("work left: ") && $0.hasSuffix(" in 9 results") }, "\(outcome.text)")
    let chain = try #require(lines.firstIndex { $0.hasPrefix("longest chain") })
    // Images, the first phase, the second, its measurement, and what ends the figure.
    for (offset, word) in [" prepare ", " train training ", " train ", " measure "].enumerated() {
      #expect(lines[chain + 1 + offset].contains(word), "\(outcome.text)")
    }
    #expect(lines.contains { $0.hasPrefix("    7  ") }, "\(outcome.text)")
    let usual = try bench.make("status", "TIMED=no")
    for cores in ["10", "100", "500"] {
      #expect(usual.text.split(separator: "\n").contains { $0.drop { $0 == " " }.hasPrefix("\(cores)  ") })
    }
    for (settings, message) in [
      (["status", "CORES=0"], "CORES is a number of cores"), (["status", "CORES=x"], "CORES is a number"),
      (["status", "TIMED=perhaps"], "TIMED is yes or no"), (["fig-t.1", "CORES=3"], "CORES is for"),
      (["status-fig-9.9"], "no chapter declares 'fig-9.9'"),
    ] {
      let refused = try bench.start(settings).wait()
      #expect(refused.code == 2 && refused.text.contains(message), "\(settings): \(refused.text)")
    }
  }
}
