extension CommandLineOptions {
  /// The help text, written from the declarations.
  public var usage: String {
    var line = "usage: \(tool)"
    if declarations.contains(where: { !$0.isPositional }) { line += " [options]" }
    for declaration in declarations {
      switch declaration.form {
      case .single(isRequired: true): line += " \(declaration.label) \(declaration.placeholder)"
      case .positional: line += " \(declaration.placeholder)"
      case .positionals(let minimum):
        line += minimum > 0 ? " \(declaration.placeholder)…" : " [\(declaration.placeholder)…]"
      default: continue
      }
    }
    var text = "\(line)\n\n\(summary)\n"
    text += section("arguments", declarations.filter(\.isPositional).map { ($0.label, Self.help($0)) })
    let options = declarations.filter { !$0.isPositional }
      .map { ($0.placeholder.isEmpty ? $0.label : "\($0.label) \($0.placeholder)", Self.help($0)) }
    return text + section("options", options + [("--help", "print this")])
  }

  private func section(_ title: String, _ lines: [(String, String)]) -> String {
    guard !lines.isEmpty else { return "" }
    let width = lines.map { TextWidth.columns($0.0) }.max() ?? 0
    return "\n\(title):\n"
      + lines.map { "  \(TextWidth.pad($0.0, to: width))  \($0.1)\n" }.joined()
  }

  private static func help(_ declaration: Declaration) -> String {
    var notes: [String] = []
    if !declaration.choices.isEmpty { notes.append(declaration.choices.joined(separator: ", ")) }
    if !declaration.allowed.isEmpty { notes.append(declaration.allowed) }
    if declaration.form == .repeated { notes.append("may be repeated") }
    if declaration.form == .single(isRequired: true) { notes.append("required") }
    if let text = declaration.defaultText, !text.isEmpty { notes.append("default \(text)") }
    return notes.isEmpty ? declaration.help : "\(declaration.help) (\(notes.joined(separator: "; ")))"
  }
}
