import Foundation

/// The program that turns Markdown into HTML and LaTeX.
public struct Pandoc: Sendable {
  private let executable: String

  /// - Throws: ``ReportError`` if it is not installed.
  public init() throws {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
    guard
      let found = folders.map({ "\($0)/pandoc" }).first(where: {
        FileManager.default.isExecutableFile(atPath: $0)
      })
    else { throw ReportError("pandoc is not installed; run: sudo apt-get install --yes pandoc") }
    executable = found
  }

  /// What this project writes: Markdown without marks that prose could trip over.
  private static let dialect = "markdown-citations-example_lists-auto_identifiers-smart-implicit_figures"

  /// Converts a text.
  ///
  /// - Throws: ``ReportError`` with pandoc's own message.
  func convert(_ markdown: String, to format: String, options: [String] = []) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = ["--from", Self.dialect, "--to", format, "--wrap=preserve"] + options
    let (input, output, errors) = (Pipe(), Pipe(), Pipe())
    // A pandoc that cannot start reads nothing: writing to it must be an error, not the end of this process.
    signal(SIGPIPE, SIG_IGN)
    (process.standardInput, process.standardOutput, process.standardError) = (input, output, errors)
    try process.run()
    // A pipe holds little: pandoc's words must be read while it is still being told things.
    let writer = Thread { [handle = input.fileHandleForWriting] in
      try? handle.write(contentsOf: Data(markdown.utf8))
      try? handle.close()
    }
    writer.start()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    let message = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw ReportError("pandoc failed: \(message.trimmingCharacters(in: .whitespacesAndNewlines))")
    }
    guard message.isEmpty else {
      throw ReportError("pandoc warns: \(message.trimmingCharacters(in: .whitespacesAndNewlines))")
    }
    return String(decoding: data, as: UTF8.self)
  }
}
