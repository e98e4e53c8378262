import ContentStore
import Testing

@testable import Stages

/// Promise: a stage does no job that is for other sources, other tools or another processor than its own.
@Suite struct BuildTests {
  private static let sources = SourceRecord(
    text: """
      prelude p
      module train d
      import Training
      file \(String(repeating: "a", count: 64)) Train.swift
      module Training e
      import Console
      file \(String(repeating: "b", count: 64)) Trainer.swift
      module Console f
      file \(String(repeating: "c", count: 64)) Console.swift
      """)

  private func build(_ sources: SourceRecord = sources, flags: [String] = []) -> Build {
    Build(sources: sources, environment: ["compiler": "Swift 6"], processorFlags: flags)
  }

  private func job(_ fingerprint: String, compiler: String = "Swift 6") -> Job {
    Job(
      stage: "train", fingerprint: fingerprint, parameters: [:],
      environment: ["compiler": compiler, "blasKernel": "Haswell"], title: "t")
  }

  @Test func itsOwnJobIsTaken() throws {
    let build = build()
    let fingerprint = try build.fingerprint(of: "train")
    #expect(fingerprint.modules == ["Training", "train"])
    try build.check(job(fingerprint.digest), file: "job.json")
  }

  @Test func aJobForOtherSourcesIsRefused() throws {
    let other = SourceRecord(
      text: Self.sources.text.replacing(
        String(repeating: "b", count: 64), with: String(repeating: "d", count: 64)))
    let fingerprint = try build(other).fingerprint(of: "train").digest
    #expect(throws: StageError.otherSources(module: "train", file: "job.json")) {
      try build().check(job(fingerprint), file: "job.json")
    }
    let quiet = SourceRecord(
      text: Self.sources.text.replacing(
        String(repeating: "c", count: 64), with: String(repeating: "d", count: 64)))
    try build().check(job(build(quiet).fingerprint(of: "train").digest), file: "job.json")
  }

  @Test func aJobForAnotherCompilerIsRefused() throws {
    let fingerprint = try build().fingerprint(of: "train").digest
    #expect(
      throws: StageError.otherEnvironment(
        name: "compiler", asked: "Swift 5", found: "Swift 6", file: "job.json")
    ) {
      try build().check(job(fingerprint, compiler: "Swift 5"), file: "job.json")
    }
  }

  @Test func aProcessorThatLacksSomethingIsNamed() throws {
    let build = build(flags: ["nothing_has_this"])
    let fingerprint = try build.fingerprint(of: "train").digest
    #expect(throws: StageError.otherProcessor(instructionSet: "", missing: "nothing_has_this")) {
      try build.check(job(fingerprint), file: "job.json")
    }
  }

  @Test func aBuildWithoutARecordTakesNoJob() {
    #expect(throws: StageError.notBuiltByMake) {
      try build(SourceRecord(text: "")).check(job("f"), file: "job.json")
    }
  }
}
