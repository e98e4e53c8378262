import ContentStore
import Foundation
import ImageSources
import Manuscript

/// What a graph was planned from, kept beside it: as long as nothing of it has changed, planning anew would write the
/// same files.
///
/// Chapters count by what they say. Official data, prepared images, this program and the files that planning wrote count
/// by what the file system says of them (``FileFacts``). Whoever removes the stamp loses time alone.
struct PlanStamp {
  private let path: String
  private let folder: String
  private let sources: String
  /// Whether something changed so lately that it could change again unnoticed: the clocks of file systems tick slowly.
  private let isFresh: Bool

  /// - Parameter folder: the graph's.
  init(folder: String, parsed: PlanOptions.Parsed) throws {
    self.folder = folder
    path = folder + "/stamp"
    var facts = FileFacts()
    for text in [
      parsed.settings, parsed.storeFolder, parsed.figuresFolder, folder,
      FileManager.default.currentDirectoryPath,
    ] {
      facts.add(text)
    }
    facts.add(path: "/proc/self/exe")
    for (name, value) in parsed.environment().sorted(by: { $0.key < $1.key }) {
      facts.add("\(name)=\(value)")
    }
    for name in try FileSystem.names(in: parsed.chaptersFolder) where !name.hasPrefix(".") {
      facts.add(name)
      guard name.hasSuffix(".md") else { continue }
      facts.add(
        String(decoding: try FileSystem.contents(of: "\(parsed.chaptersFolder)/\(name)"), as: UTF8.self))
    }
    let published = "\(parsed.chaptersFolder)/\(PublishedShelf.folderName)"
    for name in try FileSystem.names(in: published) where name.hasSuffix(".csv") {
      facts.add(name)
      facts.add(String(decoding: try FileSystem.contents(of: "\(published)/\(name)"), as: UTF8.self))
    }
    let store = parsed.storeFolder
    facts.add(path: store + "/format")
    // An entry is written as a whole and renamed: a change within a tick of the clock is no other entry.
    try Self.addPreparedImages(of: store, to: &facts)
    var data = FileFacts()
    if parsed.dataChoice != .synthetic {
      data.add(path: parsed.dataFolder)
      for description in DataSetDescription.all {
        try data.add(tree: "\(parsed.dataFolder)/\(description.folder)")
        if let archive = description.archive { data.add(path: "\(parsed.dataFolder)/\(archive.fileName)") }
      }
    }
    isFresh = data.lastChange + 2 >= time(nil)
    facts.add(data.digest())
    sources = facts.digest()
  }

  private static func addPreparedImages(of store: String, to facts: inout FileFacts) throws {
    let stage = "\(store)/\(Stage.prepare.rawValue)"
    for shard in try FileSystem.names(in: stage) where shard.utf8.count == 2 {
      for name in try FileSystem.names(in: "\(stage)/\(shard)") where !name.contains(".") {
        facts.add(path: "\(stage)/\(shard)/\(name)/\(Manifest.fileName)")
        facts.add(path: "\(stage)/\(shard)/\(name)/dataset.json")
      }
    }
  }

  /// Whether the graph is still what planning would write.
  var isCurrent: Bool {
    guard let data = FileManager.default.contents(atPath: path) else { return false }
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    return lines.count == 2 && lines[0] == sources && (try? lines[1] == products()) == true
  }

  /// Says that the graph has been written from what the stamp was made of.
  func save() throws {
    guard !isFresh else { return remove() }
    try FileSystem.write(Data("\(sources)\n\(products())\n".utf8), atomicallyTo: path)
  }

  /// To be called before anything of the graph is written.
  func remove() { unlink(path) }

  /// What planning wrote.
  private func products() throws -> String {
    var facts = FileFacts()
    for name in try FileSystem.names(in: folder)
    where name.hasSuffix(".mk") || name.hasSuffix(".plan.json") || name == WorkFile.name {
      facts.add(path: "\(folder)/\(name)")
    }
    for name in try FileSystem.names(in: folder + "/jobs") { facts.add(path: "\(folder)/jobs/\(name)") }
    return facts.digest()
  }
}

/// The plan in short, beside the graph.
enum WorkFile {
  static let name = "work"

  /// Reads it; nil where there is none that can be read.
  static func read(in folder: String) -> WorkList? {
    FileManager.default.contents(atPath: "\(folder)/\(name)")
      .flatMap { WorkList(text: String(decoding: $0, as: UTF8.self)) }
  }

  static func write(_ list: WorkList, in folder: String) throws {
    try FileSystem.update("\(folder)/\(name)", to: Data(list.text.utf8))
  }
}
