import Foundation
import Testing

@testable import ContentStore

@Suite struct JobTests {
  @Test func keyDependsOnWhatTheResultDependsOn() {
    let job = sampleJob()
    var changed: [Job] = []
    func change(_ body: (inout Job) -> Void) {
      var copy = job
      body(&copy)
      changed.append(copy)
    }
    change { $0.stage = "measure" }
    change { $0.fingerprint = String(repeating: "e", count: 64) }
    change { $0.parameters = ["seed": 2, "rate": 0.01] }
    change { $0.inputs = [] }
    change { $0.inputs[0].name = "data" }
    change { $0.inputs[0].recipe = String(repeating: "c", count: 64) }
    change { $0.module = "Other" }
    change { $0.environment["blasKernel"] = "Haswell" }
    #expect(Set(changed.map(\.key) + [job.key]).count == changed.count + 1)
    #expect(Store.isKey(job.key))
  }

  @Test func keyIgnoresTheRest() {
    var job = sampleJob()
    job.title = "another"
    job.cost = 3
    job.inputs[0].key = String(repeating: "d", count: 64)
    job.parameters = ["rate": 0.01, "seed": 1.0]
    #expect(job.key == sampleJob().key)
  }

  @Test func inputsAreInOrder() {
    var job = sampleJob()
    job.inputs.append(
      JobInput(
        name: "x", stage: "train", key: String(repeating: "c", count: 64),
        recipe: String(repeating: "c", count: 64)))
    let key = job.key
    job.inputs.reverse()
    #expect(job.key != key)
  }

  @Test func keyIsTheDigestOfTheCanonicalFacts() {
    let b = String(repeating: "b", count: 64)
    let f = String(repeating: "f", count: 64)
    let facts =
      "{\"fingerprint\":\"\(f)\",\"format\":2,\"inputs\":[[\"dataSet\",\"prepare\",\"\(b)\"]],\"module\":\"train\","
      + "\"parameters\":{\"rate\":0.01,\"seed\":1},\"stage\":\"train\"}"
    let recipe = Digest(of: facts).hex
    #expect(sampleJob().recipe == recipe)
    #expect(
      sampleJob().key
        == Digest(of: "{\"environment\":{\"blasKernel\":\"SkylakeX\"},\"recipe\":\"\(recipe)\"}").hex)
  }

  @Test func anotherEnvironmentHasTheSameRecipe() {
    var job = sampleJob()
    job.environment["compiler"] = "Swift 7"
    #expect(job.recipe == sampleJob().recipe && job.key != sampleJob().key)
  }

  @Test func filesComeBackAndEqualOnesStay() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/run.json"
      try sampleJob().write(path)
      #expect(try Job.read(path) == sampleJob())
      let before = try FileSystem.status(path)
      try sampleJob().write(path)
      #expect(try FileSystem.status(path) == before)
      try sampleJob(seed: 2).write(path)
      #expect(try Job.read(path) == sampleJob(seed: 2))
      #expect(try FileSystem.names(in: folder) == ["run.json"])
    }
  }

  @Test func brokenFilesAreNamed() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/run.json"
      try put(#"{"stage":"train"}"#, path)
      #expect(throws: StoreError.unreadable(path: path, reason: "module is missing")) {
        try Job.read(path)
      }
      var job = sampleJob()
      job.stage = "../train"
      try job.write(path)
      #expect(throws: StoreError.self) { try Job.read(path) }
      #expect(throws: FileSystemError.notFound(path: "\(path).none", operation: .open)) {
        try Job.read("\(path).none")
      }
    }
  }
}
