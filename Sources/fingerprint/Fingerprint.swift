import ContentStore
import Foundation

/// Prints the sources of a package as the file `BuildRecord.swift` that is built into its programs.
///
/// `fingerprint PACKAGE INSTRUCTION-SET COMPILER OPENBLAS [FLAG…]`; `Scripts/build` calls it.
@main
enum Fingerprint {
  static func main() {
    let arguments = CommandLine.arguments.dropFirst().map { $0 }
    guard arguments.count >= 4 else {
      FileHandle.standardError.write(
        Data(
          "usage: fingerprint PACKAGE INSTRUCTION-SET COMPILER OPENBLAS [FLAG…]; 'make build' calls it\n".utf8
        ))
      exit(2)
    }
    do {
      let record = try SourceRecord(
        sourcesFolder: arguments[0] + "/Sources", packageManifest: arguments[0] + "/Package.swift")
      print(text(of: record, arguments))
    } catch {
      FileHandle.standardError.write(Data("fingerprint: \(error)\n".utf8))
      exit(2)
    }
  }

  private static func text(of record: SourceRecord, _ arguments: [String]) -> String {
    let flags = arguments.dropFirst(4).flatMap { $0.split(separator: " ") }.map { literal(String($0)) }
    return """
      // Written by 'fingerprint' for this build.
      public enum BuildRecord {
        public static let sources = #\"\"\"
      \(record.text.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n"))
          \"\"\"#
        public static let environment: [String: String] = [
          "instructionSet": \(literal(arguments[1])), "compiler": \(literal(arguments[2])),
          "openblas": \(literal(arguments[3])),
        ]
        public static let processorFlags: [String] = [\(flags.joined(separator: ", "))]
      }
      """
  }

  private static func literal(_ text: String) -> String {
    "\"" + text.filter { $0 != "\"" && $0 != "\\" && !$0.isNewline } + "\""
  }
}
