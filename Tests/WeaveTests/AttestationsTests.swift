import ContentStore
import Foundation
import PublishedSamples
import Publishing
import Testing

@testable import weave

/// What a challenge found different stays found, whatever else is repeated afterwards.
@Suite final class AttestationsTests {
  private let root = FileManager.default.temporaryDirectory.path + "/barriers-attested-\(UUID().uuidString)"
  private let run: PublishedIndex.Entry

  init() throws {
    run = try sampleEntry(stage: "train", title: "run", file: "history.csv")
    var index = PublishedIndex()
    index.entries = [run]
    try FileSystem.createFolder(root + "/published")
    try index.encoded().write(to: URL(fileURLWithPath: root + "/published/index.json"))
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  private func source() throws -> ForeignSource {
    try ForeignSource(
      root + "/published", store: Store(root: root + "/store"), isFresh: true, signers: nil)
  }

  private func attest(
    _ outcome: Attestations.Outcome, epochs: String?, environment: String = "one"
  ) throws {
    let attestation = Attestations.Attestation(
      key: run.manifest.key, recipe: run.recipe, title: "run", outcome: outcome, isExact: true, distance: 0,
      compared: "1 file", differences: [], seed: 1, host: "here", processor: "", date: Date().ISO8601Format(),
      results: [run.manifest.key: Attestations.digest(run)], part: epochs == nil ? nil : 0.5, epochs: epochs)
    _ = try Attestations(source()).save(attestation, environment: ["compiler": environment])
  }

  private func counts() throws -> [Int] {
    let count = try Attestations(source()).count(among: [run.manifest.key])
    return [count.repeated, count.identical, count.different, count.parts]
  }

  @Test func aDifferenceIsNotForgottenForAnotherPart() throws {
    try attest(.different, epochs: "epochs 1 to 2 of 4")
    #expect(try counts() == [1, 0, 1, 1])
    try attest(.identical, epochs: "epochs 3 to 4 of 4")
    #expect(try counts() == [1, 0, 1, 1])
    try attest(.identical, epochs: "epochs 1 to 2 of 4", environment: "other")
    #expect(try counts() == [1, 0, 1, 1])
    try attest(.identical, epochs: nil)
    #expect(try counts() == [1, 0, 1, 0])
    // The same once more.
    try attest(.identical, epochs: "epochs 1 to 2 of 4")
    #expect(try counts() == [1, 1, 0, 0])
  }

  @Test func othersAreCountedInTheSameWay() throws {
    let place = root + "/published/attestations"
    try attest(.different, epochs: "epochs 1 to 2 of 4")
    try attest(.identical, epochs: "epochs 3 to 4 of 4")
    try FileManager.default.moveItem(atPath: root + "/store/attestations", toPath: place)
    let count = try Attestations(source()).othersCount(among: [run.manifest.key])
    #expect(count.repeated == 1 && count.different == 1)
    #expect(count.machines == ["here"])
  }
}
