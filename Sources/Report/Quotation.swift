import Foundation

/// A place in the prose that quotes a result: `{{fig-2.1: sgd-stays}}`, `{{fig-b.7@standard: final(cnn-r2.clone) as
/// 0.000}}` or `{{report: runs}}`.
struct Quotation: Hashable {
  /// The artifact, or `report` for what is said of all of them.
  let source: String
  /// The profile whose recorded result is meant; nil for the results that the report is made from.
  let profile: String?
  /// A claim's name or an expression over what is drawn.
  let body: String
  /// How the number is to look (``Numeral``).
  let pattern: String?

  /// Reads what stands between the braces.
  ///
  /// - Throws: ``ReportError`` if it has no colon.
  init(_ text: String) throws {
    let parts = text.split(separator: ":", maxSplits: 1)
    guard parts.count == 2 else {
      throw ReportError("'{{\(text)}}' lacks a colon; a quotation is {{artifact: claim}}")
    }
    let target = parts[0].trimmingCharacters(in: .whitespaces).split(separator: "@", maxSplits: 1)
    source = target.first.map(String.init) ?? ""
    profile = target.count > 1 ? String(target[1]) : nil
    var rest = parts[1].trimmingCharacters(in: .whitespaces)
    var pattern: String?
    if let range = rest.range(of: " as ", options: .backwards) {
      pattern = rest[range.upperBound...].trimmingCharacters(in: .whitespaces)
      rest = rest[..<range.lowerBound].trimmingCharacters(in: .whitespaces)
    }
    body = rest
    self.pattern = pattern
  }
}

/// A quotation with its value.
struct Quoted: Hashable {
  /// What the reader sees.
  let value: Value
  /// Where it comes from, in words.
  let explanation: String
  let origin: Origin

  enum Value: Hashable {
    case number(Numeral)
    case text(String)

    /// Without marks of any language.
    var plain: String {
      switch self {
      case .number(let numeral): numeral.text
      case .text(let text): text
      }
    }

    var latex: String {
      switch self {
      case .number(let numeral): numeral.latex
      case .text(let text): Markup.latex(text)
      }
    }
  }

  /// What a reader who follows the number comes to.
  enum Origin: Hashable {
    case claim(artifact: String, claim: String)
    case figure(String)
    case recordedClaim(profile: String, artifact: String, claim: String)
    case record(profile: String, artifact: String)
    /// The report's summary.
    case summary
  }
}
