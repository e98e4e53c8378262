/// Text in the languages that the report is written in.
enum Markup {
  /// For HTML text and attributes in double quotes. Backquotes and bars, which mean something to the Markdown around
  /// raw HTML, become references too.
  static func html(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "`": result += "&#96;"
      case "|": result += "&#124;"
      default: result.append(character)
      }
    }
    return result
  }

  /// For a cell or a line of Markdown.
  static func markdown(_ text: String) -> String {
    var result = ""
    for character in text {
      if "\\`*_[]<>|$".contains(character) { result += "\\" }
      result.append(character)
    }
    return result
  }

  /// For LaTeX, text mode. A character that has no command here is shown by its number, so that what is compiled
  /// never stops at a foreign letter.
  static func latex(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if let command = commands[scalar] {
        result += command
      } else if scalar.isASCII || ("\u{00C0}"..."\u{00FF}").contains(scalar) {
        result.unicodeScalars.append(scalar)
      } else {
        result += "\\texttt{U+\(String(scalar.value, radix: 16, uppercase: true))}"
      }
    }
    return result
  }

  /// For LaTeX, where a long name may be broken after a hyphen, a point or a slash.
  static func breakableLaTeX(_ text: String) -> String {
    text.map { character in
      latex(String(character)) + ("-./_(".contains(character) ? "\\allowbreak{}" : "")
    }.joined()
  }

  private static let commands: [Unicode.Scalar: String] = [
    "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "#": "\\#", "%": "\\%",
    "_": "\\_",
    "^": "\\textasciicircum{}", "~": "\\textasciitilde{}", "<": "\\textless{}", ">": "\\textgreater{}",
    "|": "\\textbar{}", "\"": "''", "−": "$-$", "–": "--", "—": "---", "…": "\\dots{}", "·": "$\\cdot$",
    "×": "$\\times$", "÷": "$\\div$", "±": "$\\pm$", "≤": "$\\le$", "≥": "$\\ge$", "≈": "$\\approx$",
    "≠": "$\\ne$",
    "→": "$\\to$", "∞": "$\\infty$", "²": "$^2$", "³": "$^3$", "¹": "$^1$", "₂": "$_2$", "½": "$1/2$",
    "⁻": "$^{-}$", "⁰": "$^0$", "⁴": "$^4$", "⁵": "$^5$", "⁶": "$^6$", "⁷": "$^7$", "⁸": "$^8$", "⁹": "$^9$",
    "α": "$\\alpha$", "β": "$\\beta$", "γ": "$\\gamma$", "δ": "$\\delta$", "ε": "$\\varepsilon$",
    "η": "$\\eta$",
    "θ": "$\\theta$", "λ": "$\\lambda$", "μ": "$\\mu$", "π": "$\\pi$", "ρ": "$\\rho$", "σ": "$\\sigma$",
    "φ": "$\\varphi$", "Δ": "$\\Delta$", "Σ": "$\\Sigma$", "√": "$\\surd$", "✓": "$\\checkmark$",
    "✗": "$\\times$",
    "\u{00A0}": "~", "“": "``", "”": "''", "’": "'", "‘": "`", "′": "$'$", "°": "$^\\circ$", "∈": "$\\in$",
  ]
}
