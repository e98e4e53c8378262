import ContentStore
import Foundation
import Publishing
import Testing

/// Promise: what others have repeated is told beside the figure, by whom and where, as long as it is about what is published
/// now; what is no attestation is refused and told.
@Suite struct AttestationTests: PublishedFigure {
  /// A published folder with what a challenge by another machine has attested in it.
  private func attested(in bench: Workbench) throws -> (folder: String, files: [String]) {
    let folder = try copy(in: bench)
    let challenger = try Workbench()
    let outcome = try challenger.make("challenge", "FROM=\(folder)", "RUNS=3", "DRAW=7")
    #expect(outcome.code == 0, "\(outcome.text)")
    let place = folder + "/attestations/alice"
    try FileManager.default.createDirectory(
      atPath: folder + "/attestations", withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: challenger.store + "/pulled/attestations", toPath: place)
    let files = try FileSystem.names(in: place).map { "\(place)/\($0)" }
    #expect(files.count == 3)
    for file in files { try replace("host", with: "\"alice\"", in: file) }
    return (folder, files)
  }

  /// Another value, as JSON, of a key of an attestation.
  private func replace(_ key: String, with value: String, in file: String) throws {
    let data = try FileSystem.contents(of: file)
    var object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    object[key] = try JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed)
    try JSONSerialization.data(withJSONObject: object).write(to: URL(fileURLWithPath: file))
  }

  @Test func whatOthersRepeatedIsTold() throws {
    let reader = try Workbench(images: false)
    let (folder, files) = try attested(in: reader)
    let drawn = try pull(reader, from: folder)
    #expect(drawn.code == 0, "\(drawn.text)")
    let words = "by others, as they say, 3 of 3 runs repeated, none different, on alice"
    #expect(try record(reader).contains(words), "\(drawn.text)")
    let status = try reader.make("status", "FROM=\(folder)")
    #expect(status.text.contains(words), "\(status.text)")
    #expect(try numbers(reader) == published())
    // One of them says otherwise.
    try replace("outcome", with: "\"different\"", in: files[0])
    #expect(try pull(reader, from: folder).code == 0)
    #expect(try record(reader).contains("3 of 3 runs repeated, 1 different, on alice"))
  }

  @Test func theyTravelByAddressOnceThePublisherListsThem() throws {
    let reader = try Workbench(images: false)
    let (folder, _) = try attested(in: reader)
    let shared = try Self.publisher.get().bench.make("publish", "TO=\(folder)")
    #expect(shared.code == 0, "\(shared.text)")
    #expect(reader.contents(folder + "/attestations/index.json") != nil)
    let server = try PublishedServer(folder)
    let drawn = try pull(reader, from: server.address)
    #expect(drawn.code == 0, "\(drawn.text)")
    #expect(try record(reader).contains("3 of 3 runs repeated, none different, on alice"), "\(drawn.text)")
  }

  /// What others put beside a folder is nothing that drawing from it depends on.
  @Test(arguments: [PublishedServer.Mode.plain, .forbidden, .failing])
  func whatAnAddressDoesNotHandOutIsLeftOut(_ mode: PublishedServer.Mode) throws {
    let reader = try Workbench(images: false)
    let (folder, _) = try attested(in: reader)
    try reader.write(String(repeating: " ", count: 2 << 20), to: folder + "/attestations/alice/0.json")
    let shared = try Self.publisher.get().bench.make("publish", "TO=\(folder)")
    #expect(shared.code == 0, "\(shared.text)")
    let server = try PublishedServer(folder, mode)
    let drawn = try pull(reader, from: server.address)
    #expect(drawn.code == 0, "\(drawn.text)")
    #expect(try numbers(reader) == published())
    let isTold = try record(reader).contains("3 of 3 runs repeated, none different, on alice")
    #expect(isTold == (mode == .plain), "\(drawn.text)")
    // As often as make plans anew.
    let left = Set(drawn.text.split(separator: "\n").filter { $0.contains("left out: ") })
    let asked = server.requests.filter { $0.contains("/attestations/alice/") }
    switch mode {
    case .plain:
      #expect(left.count == 1 && left.first?.contains("0.json is longer than") == true, "\(drawn.text)")
    case .failing:
      #expect(left.count == 1 && left.first?.contains("answers 500") == true, "\(drawn.text)")
      #expect(Set(asked).count == 1, "a server that fails is not asked for the rest")
    default: #expect(left.isEmpty && asked.isEmpty, "\(drawn.text)")
    }
  }

  @Test func thoseOfOtherResultsAreNotShown() throws {
    let reader = try Workbench(images: false)
    let (folder, files) = try attested(in: reader)
    let zeros = String(repeating: "0", count: 64)
    let key = (files[0] as NSString).lastPathComponent.prefix(64)
    // Other files under the same key; nothing that was compared; a run that is not published.
    try replace("results", with: "{\"\(key)\": \"\(zeros)\"}", in: files[0])
    try replace("results", with: "{}", in: files[1])
    try replace("key", with: "\"\(zeros)\"", in: files[2])
    let drawn = try pull(reader, from: folder)
    #expect(drawn.code == 0, "\(drawn.text)")
    #expect(try !record(reader).contains("by others"), "\(drawn.text)")
  }

  @Test func hostileOnesAreRefusedAndTold() throws {
    let reader = try Workbench(images: false)
    let (folder, files) = try attested(in: reader)
    try replace("host", with: "\"alice\\n<script>alert(1)</script>\"", in: files[0])
    try replace("distance", with: "-1", in: files[1])
    try replace("part", with: "7", in: files[2])
    let place = folder + "/attestations"
    try reader.write("no JSON", to: place + "/text.json")
    try reader.write(String(repeating: "[", count: 100_000), to: place + "/deep.json")
    try reader.write(String(repeating: " ", count: 2 << 20), to: place + "/large.json")
    try FileManager.default.createSymbolicLink(atPath: place + "/link.json", withDestinationPath: "/dev/zero")
    let drawn = try pull(reader, from: folder)
    #expect(drawn.code == 0, "\(drawn.text)")
    for (file, reason) in [
      (files[0], "host must be one line"), (files[1], "distance"), (files[2], "part"),
      (place + "/text.json", "does not have the fields"), (place + "/deep.json", "does not have the fields"),
      (place + "/large.json", "no file of at most"),
    ] {
      let line = drawn.text.split(separator: "\n").first { $0.contains("left out") && $0.contains(file) }
      #expect(line?.contains(reason) == true, "\(file): \(drawn.text)")
    }
    let text = try record(reader)
    #expect(!text.contains("by others") && !text.contains("<script>"))
    #expect(try numbers(reader) == published())
  }
}
