import ContentStore
import Foundation
import Publishing

/// Signatures of an index, by an SSH key or one of OpenSSL, made and checked by their own programs.
enum Signature {
  /// What SSH signatures are bound to, so that none can be passed off as one of something else.
  private static let namespace = "barriers-results"

  /// The signature of an index as it is encoded.
  ///
  /// - Parameter scratch: a folder for what is on its way.
  /// - Throws: ``BadSignature``; `FileSystemError`.
  static func signature(of index: Data, key: String, scratch: String) throws -> Data {
    let file = "\(scratch)/\(PublishedIndex.fileName)"
    try FileSystem.write(index, atomicallyTo: file)
    try sign(file, key: key)
    return try FileSystem.contents(of: file + ".sig")
  }

  /// Signs a file; the signature lies beside it, with `.sig` at its end.
  private static func sign(_ file: String, key: String) throws {
    guard let text = FileManager.default.contents(atPath: key).map({ String(decoding: $0, as: UTF8.self) })
    else {
      throw BadSignature(reason: "SIGN=\(key) cannot be read; name a private key")
    }
    let command =
      text.contains("OPENSSH PRIVATE KEY") || text.hasPrefix("ssh-")
      ? ["ssh-keygen", "-q", "-Y", "sign", "-f", key, "-n", namespace, file]
      : ["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", key, "-in", file, "-out", file + ".sig"]
    let outcome = try Command.run(command)
    guard outcome.code == 0 else {
      throw BadSignature(reason: "SIGN=\(key) cannot sign: \(outcome.lastLine)")
    }
  }

  /// Checks a file against the signature beside it.
  ///
  /// - Parameter signers: a public key of OpenSSL (PEM), or a file of SSH's allowed signers.
  /// - Throws: ``BadSignature``.
  static func verify(_ file: String, signers: String, place: String) throws {
    guard
      let text = FileManager.default.contents(atPath: signers).map({ String(decoding: $0, as: UTF8.self) })
    else {
      throw BadSignature(
        reason: "SIGNERS=\(signers) cannot be read; name a public key or a file of allowed signers")
    }
    let signature = file + ".sig"
    guard FileManager.default.fileExists(atPath: signature) else {
      throw BadSignature(reason: "\(place) is not signed, and SIGNERS=\(signers) asks for it")
    }
    let outcome: Command.Outcome
    if text.contains("PUBLIC KEY") {
      outcome = try Command.run([
        "openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", signers, "-in", file, "-sigfile",
        signature,
      ])
    } else {
      let found = try Command.run(["ssh-keygen", "-Y", "find-principals", "-s", signature, "-f", signers])
      let signer = found.text.split(separator: "\n").first.map(String.init) ?? ""
      outcome =
        found.code == 0
        ? try Command.run(
          ["ssh-keygen", "-Y", "verify", "-f", signers, "-I", signer, "-n", namespace, "-s", signature],
          input: file)
        : found
    }
    guard outcome.code == 0 else {
      throw BadSignature(
        reason:
          "the signature of \(place) is of none of the signers in \(signers), or of another index: \(outcome.lastLine)"
      )
    }
  }
}

/// A signature is wrong, missing, or cannot be made.
struct BadSignature: Error, Equatable, CustomStringConvertible {
  let reason: String
  var description: String { reason }
}

/// Another program, run to its end.
enum Command {
  struct Outcome {
    let code: Int32
    /// Standard output and standard error.
    let text: String
    var lastLine: String { text.split(separator: "\n").last.map(String.init) ?? "it said nothing" }
  }

  /// - Parameters:
  ///   - command: found on the PATH, with its arguments.
  ///   - input: a file to read from.
  static func run(_ command: [String], input: String? = nil) throws -> Outcome {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    // What make tells its children is not for this one.
    process.environment = ProcessInfo.processInfo.environment.filter {
      !["MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "BARRIERS_PLACES", "BARRIERS_PROGRESS"].contains(
        $0.key)
    }
    process.standardInput = input.flatMap { FileHandle(forReadingAtPath: $0) } ?? FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(code: process.terminationStatus, text: String(decoding: data, as: UTF8.self))
  }
}
