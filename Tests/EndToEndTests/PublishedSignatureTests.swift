import ContentStore
import Foundation
import Testing

/// Promise: who asks for a signature draws from nothing that one of the signers has not signed.
@Suite struct PublishedSignatureTests: PublishedFigure {
  /// A key in files of a folder: the secret one, and what a reader names in `SIGNERS`.
  private struct Key {
    let secret: String
    let signers: String
  }

  private func openSSLKey(_ name: String, in folder: String) throws -> Key {
    let key = Key(secret: "\(folder)/\(name).pem", signers: "\(folder)/\(name).pub.pem")
    for command in [
      ["genpkey", "-algorithm", "ed25519", "-out", key.secret],
      ["pkey", "-in", key.secret, "-pubout", "-out", key.signers],
    ] {
      #expect(try Running("/usr/bin/openssl", command).wait().code == 0)
    }
    return key
  }

  private func secureShellKey(_ name: String, in folder: String) throws -> Key {
    let secret = "\(folder)/\(name)"
    let made = try Running(
      "/usr/bin/env", ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", secret]
    ).wait()
    try #require(made.code == 0, "\(made.text)")
    let open = try String(contentsOfFile: secret + ".pub", encoding: .utf8)
    try "\(name)@example.org \(open)".write(
      toFile: secret + ".signers", atomically: true, encoding: .utf8)
    return Key(secret: secret, signers: secret + ".signers")
  }

  @Test(arguments: ["OpenSSL", "SSH"]) func aSignatureIsAskedFor(_ program: String) throws {
    let publisher = try Self.publisher.get().bench
    let reader = try Workbench(images: false)
    let make = program == "SSH" ? secureShellKey : openSSLKey
    let (ours, others) = (try make("ours", reader.folder), try make("others", reader.folder))
    let folder = reader.folder + "/signed"
    let signed = try publisher.make("publish", "TO=\(folder)", "SIGN=\(ours.secret)")
    #expect(signed.code == 0, "\(signed.text)")
    let drawn = try pull(reader, from: folder, "SIGNERS=\(ours.signers)")
    #expect(drawn.code == 0, "\(drawn.text)")
    #expect(try numbers(reader) == published())

    func isRefused(_ place: String, signers: String, _ message: String) throws {
      let other = try Workbench(images: false)
      let outcome = try pull(other, from: place, "SIGNERS=\(signers)")
      #expect(outcome.code == 2, "\(outcome.text)")
      #expect(outcome.text.contains(message), "\(outcome.text)")
      #expect(pulledEntries("measure", other).isEmpty, "nothing enters the store")
      #expect(other.contents(other.figures + "/fig-t.1.csv") == nil)
    }
    // Somebody else's, and none.
    try isRefused(folder, signers: others.signers, "is of none of the signers")
    try isRefused(Self.publisher.get().folder, signers: ours.signers, "is not signed")
    let forbidding = try PublishedServer(Self.publisher.get().folder, .forbidden)
    try isRefused(forbidding.address, signers: ours.signers, "is not signed")
    // That of another index, and one that is no signature.
    let changed = try copy(in: reader)
    try FileManager.default.copyItem(atPath: folder + "/index.json.sig", toPath: changed + "/index.json.sig")
    try change(changed) { $0.artifacts[0].title = "Another title" }
    try isRefused(changed, signers: ours.signers, "or of another index")
    try Data("no signature\n".utf8).write(to: URL(fileURLWithPath: folder + "/index.json.sig"))
    try isRefused(folder, signers: ours.signers, "is of none of the signers")
    // Published anew without a key, the old signature does not stay.
    let unsigned = try publisher.make("publish", "TO=\(changed)")
    #expect(unsigned.code == 0, "\(unsigned.text)")
    #expect(reader.contents(changed + "/index.json.sig") == nil)
  }

  @Test func aKeyThatCannotSignIsNamed() throws {
    let publisher = try Self.publisher.get().bench
    let reader = try Workbench(images: false)
    try reader.write("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n", to: reader.folder + "/broken")
    for (key, message) in [("broken", "cannot sign"), ("missing", "cannot be read")] {
      let outcome = try publisher.make("publish", "TO=\(reader.folder)/x", "SIGN=\(reader.folder)/\(key)")
      #expect(outcome.code == 2, "\(outcome.text)")
      #expect(outcome.text.contains("SIGN=\(reader.folder)/\(key) \(message)"), "\(outcome.text)")
      #expect(
        reader.contents(reader.folder + "/x/index.json") == nil, "what was to be signed is not published")
    }
  }

  @Test func whatWasSignedStaysWhereSigningFails() throws {
    let publisher = try Self.publisher.get().bench
    let reader = try Workbench(images: false)
    let key = try openSSLKey("ours", in: reader.folder)
    let folder = reader.folder + "/signed"
    #expect(try publisher.make("publish", "TO=\(folder)", "SIGN=\(key.secret)").code == 0)
    let files = ["index.json", "index.json.sig", "README.md", "ro-crate-metadata.json"]
    let before = files.map { reader.contents("\(folder)/\($0)") }
    #expect(before.allSatisfy { $0 != nil })
    // With more networks than before, it would be another index.
    let outcome = try publisher.make(
      "publish", "TO=\(folder)", "SNAPSHOTS=last", "SIGN=\(reader.folder)/none")
    #expect(outcome.code == 2, "\(outcome.text)")
    #expect(files.map { reader.contents("\(folder)/\($0)") } == before)
    let drawn = try pull(reader, from: folder, "SIGNERS=\(key.signers)")
    #expect(drawn.code == 0, "\(drawn.text)")
    #expect(try numbers(reader) == published())
  }
}
