import Foundation
import Manuscript

/// The page: numbers are links to their claims, blocks are places that are filled in once pandoc has done its work.
struct PageLanguage: ProseLanguage {
  func quotation(_ quoted: Quoted) -> String { "`\(anchor(quoted))`{=html}" }

  /// A number that leads to where it comes from.
  func anchor(_ quoted: Quoted) -> String {
    "<a class=\"quoted\" href=\"#\(HTML.anchor(quoted.origin))\" title=\"\(Markup.html(quoted.explanation))\">"
      + "\(Markup.html(quoted.value.plain))</a>"
  }

  func mention(_ artifact: String) -> String { "[\(artifact)](#\(artifact))" }

  /// Other chapters are on the same page.
  func link(_ text: String, to target: String) -> String {
    let parts = target.split(separator: "#", maxSplits: 1)
    guard let file = parts.first, file.hasSuffix(".md"), !file.contains("/") else {
      return "[\(text)](\(target))"
    }
    let chapter = Self.name(of: String(file))
    return "[\(text)](#\(parts.count > 1 ? "\(chapter)--\(parts[1])" : chapter))"
  }

  func place(of block: ArtifactBlock) -> String? { "```{=html}\n\(Self.mark(block.id))\n```" }

  func credit(of paper: Paper) -> String? {
    "```{=html}\n<p class=\"kicker\">Figures of \(HTML.reference(paper))</p>\n```"
  }

  func inclusion(of name: String) throws -> String {
    throw ReportError("'{{include: \(name)}}' belongs into the appendix; a chapter has blocks")
  }

  func anchor(of heading: String, in file: String, isFirst: Bool) -> String? {
    let chapter = Self.name(of: (file as NSString).lastPathComponent)
    return isFirst ? chapter : "\(chapter)--\(Prose.slug(heading))"
  }

  /// `01-manifolds.md` is `manifolds`.
  static func name(of file: String) -> String {
    let name = file.hasSuffix(".md") ? String(file.dropLast(3)) : file
    return String(name.drop { $0.isNumber || $0 == "-" })
  }

  /// What stands where a block will be.
  static func mark(_ id: String) -> String { "<!-- block \(id) -->" }
}
