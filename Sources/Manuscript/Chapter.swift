import Foundation

/// A fenced block in a chapter that declares an artifact, runs or presets that several artifacts share, or a table
/// within the prose.
public struct ArtifactBlock: Sendable {
  /// The artifact's name, `fig-2.1`, or the family's, `cloning-mlp`.
  public let id: String
  public let file: String
  /// The line of the block's opening fence, counted from 1.
  public let fenceLine: Int
  /// The JSON5 between the fences.
  public let text: String
  /// What the block may refer to by name.
  var presets = Presets()
  /// The data sets of which official data are there, by which it may choose.
  var dataSets: Set<String> = []
  /// The paper that its artifact is from; nil if no chapter up to here declares one.
  public internal(set) var paper: Paper?

  var isTable: Bool { id.hasPrefix("table-") }
}

/// One file of the manuscript: prose in Markdown with blocks in between.
public struct Chapter: Sendable {
  public let file: String
  /// The whole of it.
  public let text: String
  /// Its heading; its file where it has none.
  public var title: String {
    let heading = text.split(separator: "\n").first { $0.hasPrefix("# ") }
    return heading.map { String($0.dropFirst(2)) } ?? file
  }

  /// The figures.
  public private(set) var blocks: [ArtifactBlock]
  /// The tables: what is said of figures, and of the plan, rather than drawn from results.
  public private(set) var tables: [ArtifactBlock]
  /// The families of runs.
  public private(set) var families: [ArtifactBlock]
  /// The presets of all chapters.
  public let presets: [ArtifactBlock]
  /// The tables that stand within the prose (``ProseTable``).
  public private(set) var proseTables: [ArtifactBlock]
  /// The block that declares a ``Paper``, if one does.
  public let paperBlock: ArtifactBlock?
  /// The paper that the chapter is about: its own or, with ``all(in:)``, that of a chapter before it.
  public private(set) var paper: Paper?

  /// Reads a chapter.
  ///
  /// A block opens with three backquotes and `artifact`, `family`, `presets`, `table` or `paper`, followed by its name, and
  /// ends with three backquotes. Its presets are those of this chapter (``all(in:)``: of all).
  /// - Throws: ``ManuscriptError`` for a file that cannot be read, a block without a name or without an end.
  public init(contentsOf file: String) throws {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw ManuscriptError(file: file, message: "cannot be read")
    }
    guard let text = String(data: data, encoding: .utf8), !text.utf8.contains(0) else {
      throw ManuscriptError(file: file, message: "is not in UTF-8; save it so")
    }
    try self.init(file: file, text: text)
  }

  public init(file: String, text: String) throws {
    self.file = file
    // A line end of two bytes is one character, and would be no line end; a mark of the encoding would be a part of the
    // first line.
    let text = String(text.drop { $0 == "\u{FEFF}" }).replacing("\r\n", with: "\n")
      .replacing("\r", with: "\n")
    self.text = text
    let blocks = try Self.blocks(of: text, file: file)
    let artifacts = blocks[.artifact] ?? []
    self.blocks = artifacts.filter { !$0.isTable }
    tables = artifacts.filter(\.isTable)
    families = blocks[.family] ?? []
    presets = blocks[.presets] ?? []
    proseTables = blocks[.table] ?? []
    let papers = blocks[.paper] ?? []
    if papers.count > 1 {
      throw ManuscriptError(
        file: file, line: papers[1].fenceLine,
        message: "a chapter is about one paper; the first is declared in line "
          + "\(papers[0].fenceLine)")
    }
    paperBlock = papers.first
    give(try Presets(presets))
    if let paperBlock { give(try Paper(paperBlock)) }
  }

  /// Lets all blocks refer to presets.
  private mutating func give(_ presets: Presets) {
    changeBlocks { $0.presets = presets }
  }

  /// Says of all blocks which paper they are from.
  private mutating func give(_ paper: Paper?) {
    self.paper = paper
    changeBlocks { $0.paper = paper }
  }

  private mutating func changeBlocks(_ change: (inout ArtifactBlock) -> Void) {
    let lists: [WritableKeyPath<Chapter, [ArtifactBlock]>] = [
      \.blocks, \.tables, \.families, \.proseTables,
    ]
    for list in lists {
      for index in self[keyPath: list].indices { change(&self[keyPath: list][index]) }
    }
  }

  /// All blocks.
  public var allBlocks: [ArtifactBlock] {
    blocks + tables + families + presets + proseTables + [paperBlock].compactMap(\.self)
  }

  /// The blocks of a text by kind. What is nearly a block is an error, for nobody would miss its artifact.
  private static func blocks(of text: String, file: String) throws -> [Kind: [ArtifactBlock]] {
    var blocks: [Kind: [ArtifactBlock]] = [:]
    var open: (kind: Kind, id: String, line: Int, lines: [Substring])?
    var foreign: (fence: Fence, line: Int)?
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      func problem(_ message: String) -> ManuscriptError {
        ManuscriptError(file: file, line: index + 1, message: message)
      }
      let trimmed = line.trimmingCharacters(in: .whitespaces)
      if let current = open {
        if trimmed == "```" {
          blocks[current.kind, default: []].append(
            ArtifactBlock(
              id: current.id, file: file, fenceLine: current.line,
              text: current.lines.joined(separator: "\n")))
          open = nil
        } else {
          open?.lines.append(line)
        }
        continue
      }
      guard let fence = Fence(trimmed) else {
        if foreign == nil, let kind = Fence.behindMarks(trimmed)?.meant {
          throw problem(
            "a block stands by itself, not in a quotation or a list; its line begins with '\(kind.fence)'")
        }
        continue
      }
      if let other = foreign {
        if fence.closes(other.fence) {
          foreign = nil
        } else if other.fence.marks == "```", fence.marks == "```", fence.meant != nil {
          throw problem("a block begins before the one of line \(other.line) has its closing ```")
        }
        continue
      }
      guard let kind = fence.meant else {
        if let artifact = fence.artifact {
          throw problem(
            "\(artifact) is declared by '\(fence.words[0])', which is no kind of block; there are "
              + Kind.allCases.map(\.rawValue).joined(separator: ", "))
        }
        foreign = (fence, index + 1)
        continue
      }
      guard fence.marks == "```", fence.words[0] == kind.rawValue, trimmed.hasPrefix(kind.fence) else {
        throw problem(
          "a block opens with three backquotes and the word at once, as in "
            + "'\(kind.fence) \(kind.example)'; here it is '\(trimmed)'")
      }
      let id = trimmed.dropFirst(kind.fence.count).trimmingCharacters(in: .whitespaces)
      guard kind.isName(id) else {
        throw problem(
          "a block needs \(kind.whose) name of letters, digits, '.' and '-', as in "
            + "'\(kind.fence) \(kind.example)'; here it is '\(id)'")
      }
      open = (kind, id, index + 1, [])
    }
    if let open {
      throw ManuscriptError(
        file: file, line: open.line, message: "the block \(open.id) has no closing ```")
    }
    if let foreign {
      throw ManuscriptError(
        file: file, line: foreign.line, message: "the block has no closing \(foreign.fence.marks)")
    }
    return blocks
  }

  /// What a block declares.
  enum Kind: String, CaseIterable {
    case artifact
    case family
    case presets
    case table
    case paper

    var fence: String { "```\(rawValue)" }

    var whose: String {
      switch self {
      case .artifact: "an artifact's"
      case .family: "a family's"
      case .presets, .table, .paper: "a"
      }
    }

    var example: String {
      switch self {
      case .artifact: "fig-2.1"
      case .family: "cloning-mlp"
      case .presets: "networks"
      case .table: "trials"
      case .paper: "barriers"
      }
    }

    func isName(_ id: String) -> Bool {
      let isArtifact = id.hasPrefix("fig-") || id.hasPrefix("table-")
      return !id.isEmpty && isArtifact == (self == .artifact)
        && id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-") }
    }
  }

  /// All chapters of a folder, in the order of their names.
  ///
  /// - Parameter dataSets: the names of the sets of which official data are there, where blocks may prefer some.
  /// - Throws: ``ManuscriptError`` also when two blocks declare the same artifact or family.
  public static func all(in folder: String, dataSets: Set<String> = []) throws -> [Chapter] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw ManuscriptError(file: folder, message: "is no folder of chapters that can be read")
    }
    let visible = names.filter { !$0.hasPrefix(".") }.sorted()
    var chapters = try visible.filter { $0.hasSuffix(".md") }.map {
      try Chapter(contentsOf: folder + "/" + $0)
    }
    // Other Markdown is not read, unless it was meant to be.
    for name in visible where !name.hasSuffix(".md") {
      guard [".md", ".markdown", ".mdown", ".mkd"].contains(where: { name.lowercased().hasSuffix($0) }),
        let data = FileManager.default.contents(atPath: folder + "/" + name),
        String(decoding: data, as: UTF8.self).contains("```artifact")
      else { continue }
      throw ManuscriptError(
        file: folder + "/" + name, message: "is no chapter by its name; chapters are called *.md")
    }
    var seen: [String: ArtifactBlock] = [:]
    for block in chapters.flatMap(\.allBlocks) {
      if let first = seen[block.id] {
        throw ManuscriptError(
          file: block.file, line: block.fenceLine,
          message: "\(block.id) is declared twice: also at \(first.file):\(first.fenceLine)")
      }
      seen[block.id] = block
    }
    let presets = try Presets(chapters.flatMap(\.presets))
    var paper: Paper?
    for index in chapters.indices {
      chapters[index].give(presets)
      chapters[index].changeBlocks { $0.dataSets = dataSets }
      paper = chapters[index].paper ?? paper
      chapters[index].give(paper)
    }
    return chapters
  }
}
