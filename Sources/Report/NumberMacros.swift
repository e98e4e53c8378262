import Claims
import Figures
import Manuscript

/// `numbers.tex`: a macro for every claim, so that a paper which cites this work has no number typed by hand.
enum NumberMacros {
  /// The macros of all claims, their values, verdicts and what the report was made from.
  ///
  /// - Throws: ``ReportError`` if two claims would get the same macro.
  static func latex(_ edition: Edition) throws -> String {
    var lines = [
      "% Written by 'make paper' from the figures' records; changes here are lost.",
      "% \\figTwoOneSgdStays is the measured value of the claim sgd-stays of fig-2.1, \\figTwoOneSgdStaysVerdict its",
      "% verdict; \\barriersvalue{fig-2.1: sgd-stays} and \\barriersverdict{…} are the same by name.",
      "\\makeatletter",
      "\\providecommand{\\barriersvalue}[1]{\\@ifundefined{barriers@value@#1}{\\textbf{??}}{\\@nameuse{barriers@value@#1}}}",
      "\\providecommand{\\barriersverdict}[1]{\\@ifundefined{barriers@verdict@#1}{\\textbf{??}}{\\@nameuse{barriers@verdict@#1}}}",
    ]
    var names: [String: String] = [:]
    func define(_ name: String, _ value: String, for claim: String) throws {
      if let other = names.updateValue(claim, forKey: name) {
        throw ReportError("'\(claim)' and '\(other)' would both be the macro \\\(name); rename one of them")
      }
      lines.append("\\newcommand{\\\(name)}{\(value)}")
    }
    for figure in edition.figures {
      for claim in figure.record.claims {
        let key = "\(figure.id): \(claim.id)"
        let name = macro(figure.id, claim.id)
        try define(name, Numeral(claim.measured).latex, for: key)
        try define(name + "Verdict", Markup.latex(claim.verdict.rawValue), for: key)
        lines.append("\\@namedef{barriers@value@\(key)}{\\\(name)}")
        lines.append("\\@namedef{barriers@verdict@\(key)}{\\\(name)Verdict}")
      }
    }
    let summary = edition.summary
    for (name, value) in [
      ("Scale", summary.scale), ("Data", summary.data), ("Commit", summary.commit),
      ("Claims", "\(summary.claims)"), ("Reproduced", "\(summary.verdicts[.reproduced] ?? 0)"),
      ("NotReproduced", "\(summary.verdicts[.notReproduced] ?? 0)"),
      ("Undecided", "\(summary.verdicts[.undecided] ?? 0)"),
      ("NotTested", "\(summary.verdicts[.notTested] ?? 0)"), ("Runs", "\(summary.runs)"),
    ] {
      try define("barriers" + name, Markup.latex(value), for: "report: \(name)")
    }
    return (lines + ["\\makeatother", ""]).joined(separator: "\n")
  }

  /// A name of letters alone: `fig-2.1` and `sgd-stays` make `figTwoOneSgdStays`.
  static func macro(_ artifact: String, _ claim: String) -> String {
    let digits = ["Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"]
    let words = "\(artifact)-\(claim)".split { "-. _".contains($0) }.map { word in
      word.map { character -> String in
        character.wholeNumberValue.map { digits[$0] } ?? String(character)
      }.joined()
    }
    return words.enumerated().map {
      $0.offset == 0 ? $0.element : $0.element.prefix(1).uppercased() + $0.element.dropFirst()
    }
    .joined().filter { $0.isASCII && $0.isLetter }
  }
}
