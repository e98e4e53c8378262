import ContentStore
import Foundation
import Mutations
import Testing

/// Promise: whatever stands in a job file, its stage ends with 0, 2 or 3, says one line if it fails, and takes no more
/// time and memory than it is given.
@Suite struct MutatedJobTests {
  @Test func aJobEndsInOneLineOrIsDone() throws {
    let bench = try Workbench(chapter: TinyBlocks.chapter)
    let made = try bench.make("figures")
    #expect(made.code == 0, "\(made.text)")
    let jobs = try bench.jobs()
    #expect(jobs.count > 12)
    let environment = ProcessInfo.processInfo.environment
    let first = environment["MUTATIONS_FROM"].flatMap(Int.init) ?? 0
    let count = environment["MUTATIONS"].flatMap(Int.init) ?? 120
    var codes: [Int32: Int] = [:]
    for number in first..<first + count {
      var mutator = Mutator(number)
      let job = jobs[number % jobs.count]
      let text: String
      if mutator.draw(below: 4) == 0 {
        text = mutator.mutated(job.value)
      } else {
        let parameters = job.value["parameters"] ?? .null
        text = job.value.canonical.replacingOccurrences(
          of: parameters.canonical, with: mutator.mutated(parameters))
      }
      let file = bench.folder + "/job.json"
      try bench.write(text, to: file)
      let outcome = try Running(
        "/bin/sh",
        [
          "-c", "ulimit -v 4000000; exec timeout -s KILL 5 \"$@\"", "sh",
          Workbench.repository + "/.build/release/" + job.stage, "--store", bench.store, "--job", file,
        ] + (job.stage == "prepare" ? ["--data-dir", bench.data] : []),
        environment: ["OPENBLAS_NUM_THREADS": "1"]
      ).wait()
      codes[outcome.code, default: 0] += 1
      let failure =
        "case \(number), \(job.stage): \(outcome.code) \(outcome.text.prefix(2_000))\n\(text.prefix(9_000))"
      // Many epochs take long: then there is progress to be seen when its time is over.
      if [9, 137].contains(outcome.code), outcome.text.contains(" left") { continue }
      #expect([0, 2, 3].contains(outcome.code), "\(failure)")
      let lines = outcome.text.split(whereSeparator: { $0.isNewline })
      #expect(outcome.code == 0 || lines.count == 1, "\(failure)")
    }
    #expect(codes[0] != nil && codes[2] != nil, "\(codes)")
    if environment["MUTATIONS"] != nil { print(codes) }
  }
}

extension Workbench {
  /// The jobs of the graph whose inputs are there, and their stages, in the order of their texts.
  fileprivate func jobs() throws -> [(stage: String, value: JSONValue)] {
    let files = FileManager.default.enumerator(atPath: folder + "/graph")?.compactMap { $0 as? String } ?? []
    return try files.filter { $0.contains("jobs/") && $0.hasSuffix(".json") }
      .map { try Job.read(folder + "/graph/" + $0) }
      .filter { job in
        job.inputs.allSatisfy {
          let entry = "\(store)/\($0.stage)/\($0.key.prefix(2))/\($0.key)/manifest.json"
          return FileManager.default.fileExists(atPath: entry)
        }
      }
      .map { (stage: $0.stage, value: try JSONValue(encoding: $0)) }
      .sorted { $0.value.canonical < $1.value.canonical }
  }
}
