import Manuscript

/// Markdown to be read as it is: numbers and names without links.
struct PlainLanguage: ProseLanguage {
  func quotation(_ quoted: Quoted) -> String { quoted.value.plain }
  func mention(_ artifact: String) -> String { artifact }
  func link(_ text: String, to target: String) -> String { "[\(text)](\(target))" }
  func place(of block: ArtifactBlock) -> String? { nil }
  func credit(of paper: Paper) -> String? { nil }
  func anchor(of heading: String, in file: String, isFirst: Bool) -> String? { nil }

  func inclusion(of name: String) throws -> String {
    throw ReportError("'{{include: \(name)}}' belongs into the appendix")
  }
}
