import ContentStore
import Foundation

/// What a figure was published from and as, kept beside its plan: as long as nothing of it has changed, publishing again
/// would write the same files.
struct Publication {
  private static let ending = ".published"
  private let path: String

  /// - Parameter plan: the file with the figure's plan.
  init(plan: String) {
    path = (plan.hasSuffix(".plan.json") ? String(plan.dropLast(".plan.json".count)) : plan) + Self.ending
  }

  /// Remembers the files that were read and written.
  func save(_ files: [String]) throws {
    let text = ([Self.digest(files)] + files).joined(separator: "\n") + "\n"
    try FileSystem.write(Data(text.utf8), atomicallyTo: path)
  }

  /// To be called before anything is written.
  func remove() { unlink(path) }

  private var isCurrent: Bool {
    guard let data = FileManager.default.contents(atPath: path) else { return false }
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    return lines.first.map { $0 == Self.digest(Array(lines.dropFirst())) } ?? false
  }

  private static func digest(_ files: [String]) -> String {
    var facts = FileFacts()
    facts.add(path: "/proc/self/exe")
    for file in files { facts.add(path: file) }
    return facts.digest()
  }

  /// Those of some figures that lie there as they were published, their plans in a folder.
  static func unchanged(among figures: [String], in folder: String) -> [String] {
    figures.filter { Publication(plan: "\(folder)/\($0).plan.json").isCurrent }
  }
}
