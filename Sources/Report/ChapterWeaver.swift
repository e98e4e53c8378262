import Foundation
import Manuscript

/// A language that prose is woven into: how it shows a quoted number, a mention of an artifact and a link.
protocol ProseLanguage {
  func quotation(_ quoted: Quoted) -> String
  func mention(_ artifact: String) -> String
  func link(_ text: String, to target: String) -> String
  /// The place of a block; nil if the language leaves it out.
  func place(of block: ArtifactBlock) -> String?
  /// What says which paper a chapter's figures are from; nil if the language leaves it out.
  func credit(of paper: Paper) -> String?
  /// What stands for the line `{{include: name}}`.
  func inclusion(of name: String) throws -> String
  /// A heading's identifier in the woven text.
  func anchor(of heading: String, in file: String, isFirst: Bool) -> String?
}

/// Weaves Markdown: blocks become what was made from them, quotations become numbers, names become links. What comes
/// out is Markdown for pandoc.
struct ChapterWeaver {
  let edition: Edition
  let language: any ProseLanguage

  /// The woven text of a chapter.
  ///
  /// - Throws: `ManuscriptError` with the line of a quotation that quotes nothing.
  func weave(_ chapter: Chapter) throws -> String {
    let blocks = Dictionary(
      uniqueKeysWithValues: chapter.allBlocks.map { ($0.fenceLine, $0) })
    let proseTables = Set(chapter.proseTables.map(\.fenceLine))
    var result: [String] = []
    var fence: Fence?
    var isInBlock = false
    var sawHeading = false
    for (index, line) in chapter.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if let mark = Fence(line.trimmingCharacters(in: .whitespaces)) {
        if let open = fence {
          if !isInBlock { result.append(String(line)) }
          if mark.closes(open) { (fence, isInBlock) = (nil, false) }
        } else {
          fence = mark
          if let block = blocks[index + 1] {
            isInBlock = true
            if proseTables.contains(block.fenceLine) {
              result += try table(block)
            } else if block.fenceLine != chapter.paperBlock?.fenceLine,
              let place = language.place(of: block)
            {
              result += ["", place, ""]
            }
          } else {
            result.append(String(line))
          }
        }
        continue
      }
      guard !isInBlock else { continue }
      guard fence == nil else {
        result.append(String(line))
        continue
      }
      do {
        if let heading = heading(of: line) {
          let text = try inline(heading.text)
          let anchor = language.anchor(of: heading.text, in: chapter.file, isFirst: !sawHeading)
          result.append("\(heading.marks) \(text)\(anchor.map { " {#\($0)}" } ?? "")")
          // A chapter without figures is about no paper in particular.
          if !sawHeading, !chapter.blocks.isEmpty, let credit = chapter.paper.flatMap(language.credit) {
            result += ["", credit, ""]
          }
          sawHeading = true
        } else if let name = inclusion(line) {
          result += ["", try language.inclusion(of: name), ""]
        } else {
          result.append(try inline(String(line)))
        }
      } catch let error as ReportError {
        throw ManuscriptError(file: chapter.file, line: index + 1, message: error.description)
      }
    }
    return result.joined(separator: "\n")
  }

  /// The woven lines of a table within the prose.
  private func table(_ block: ArtifactBlock) throws -> [String] {
    do {
      return [""] + (try ProseTable.lines(of: block, profile: edition.profile).map(inline)) + [""]
    } catch let error as ReportError {
      throw ManuscriptError(
        file: block.file, line: block.fenceLine, message: "\(block.id): \(error.description)")
    }
  }

  private func heading(of line: Substring) -> (marks: Substring, text: String)? {
    let marks = line.prefix { $0 == "#" }
    guard (1...6).contains(marks.count), line.dropFirst(marks.count).first == " " else { return nil }
    return (marks, line.dropFirst(marks.count).trimmingCharacters(in: .whitespaces))
  }

  /// The name in `{{include: name}}`, if that is all there is.
  private func inclusion(_ line: Substring) -> String? {
    let trimmed = line.trimmingCharacters(in: .whitespaces)
    guard trimmed.hasPrefix("{{include:"), trimmed.hasSuffix("}}") else { return nil }
    return trimmed.dropFirst("{{include:".count).dropLast(2).trimmingCharacters(in: .whitespaces)
  }

  /// A line of prose.
  func inline(_ line: String) throws -> String {
    let names = edition.names
    return try Prose.segments(of: line).map { segment in
      switch segment {
      case .text(let text): Prose.replacingMentions(in: text, of: names, by: language.mention)
      case .verbatim(let text): text
      case .link(let text, let target): language.link(text, to: target)
      case .quotation(let text): language.quotation(try edition.resolve(Quotation(text)))
      }
    }.joined()
  }
}
