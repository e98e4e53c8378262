import ContentStore
import PublishedSamples
import Publishing
import Testing

@testable import weave

/// What a challenge repeats is found again by what it begins with.
@Suite struct ChallengeJobsTests {
  /// A run, one that goes on from its published network, and what was read off the latter.
  private func jobs(network: String) throws -> (repeated: [Job], start: Job) {
    let base = try sampleEntry(
      stage: "train", title: "base", file: "snapshots/step-000000010-epoch-00001.safetensors",
      contents: Digest(of: network))
    func reader(_ stage: String, _ name: String, of entry: PublishedIndex.Entry) throws
      -> PublishedIndex.Entry
    {
      try sampleEntry(
        stage: stage, title: "\(stage) clone", file: "table.csv",
        inputs: [JobInput(name: name, stage: "train", key: entry.manifest.key, recipe: entry.recipe)])
    }
    let clone = try reader("train", "start", of: base)
    let metrics = try reader("measure", "run", of: clone)
    var index = PublishedIndex()
    index.entries = [base, clone, metrics].sorted { $0.manifest.key < $1.manifest.key }
    _ = try PublishedIndex(index.encoded(), place: "there")
    let run = ChallengeRun(entry: clone, readers: [metrics], seconds: 1, isSegment: true)
    var jobs = ChallengeJobs(PublishedResults(index), environment: ["compiler": "one"]) { _, _ in "" }
    try jobs.add(run)
    #expect(jobs.starts.count == 1)
    return (jobs.steps.map(\.job), try #require(jobs.starts.values.first).job)
  }

  @Test func anotherNetworkUnderTheSameKeyIsAnotherRepetition() throws {
    let (one, same, other) = (
      try jobs(network: "one"), try jobs(network: "one"), try jobs(network: "other")
    )
    #expect(one.repeated.map(\.stage) == ["train", "measure"])
    #expect(one.repeated.map(\.key) == same.repeated.map(\.key))
    #expect(one.start.key != other.start.key)
    for (left, right) in zip(one.repeated, other.repeated) { #expect(left.key != right.key) }
    #expect(one.repeated[0].inputs.map(\.key) == [one.start.key])
    #expect(one.repeated[1].inputs.map(\.key) == [one.repeated[0].key])
  }
}
