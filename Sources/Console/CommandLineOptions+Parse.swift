/// The values of a parsed command line, asked for with what the declarations returned.
public struct ParsedArguments: Sendable {
  let texts: [[String]]

  public subscript<Value>(option: CommandLineOptions.Option<Value>) -> Value {
    do {
      return try option.decode(texts[option.index])
    } catch {
      preconditionFailure("parsing has checked this value: \(error)")
    }
  }
}

extension CommandLineOptions {
  /// Parses the arguments that follow the tool's name; by default, this process's.
  ///
  /// `--name VALUE` and `--name=VALUE` are the same; after `--` nothing is an option.
  ///
  /// - Throws: ``CommandLineError``; ``HelpRequest`` for `--help` or `-h`.
  public func parse(_ arguments: [String] = Array(CommandLine.arguments.dropFirst())) throws
    -> ParsedArguments
  {
    var texts = [[String]](repeating: [], count: declarations.count)
    var positionals: [String] = []
    var rest = arguments[...]
    var takesOptions = true
    while let argument = rest.popFirst() {
      if takesOptions && argument == "--" {
        takesOptions = false
      } else if takesOptions && (argument == "--help" || argument == "-h") {
        throw HelpRequest(usage: usage)
      } else if takesOptions && isOption(argument) {
        try parse(option: argument, rest: &rest, into: &texts)
      } else {
        positionals.append(argument)
      }
    }
    for (index, declaration) in declarations.enumerated() {
      switch declaration.form {
      case .positional where !positionals.isEmpty: texts[index] = [positionals.removeFirst()]
      case .positionals:
        texts[index] = positionals
        positionals = []
      default: continue
      }
    }
    if let unexpected = positionals.first { throw CommandLineError.unexpectedArgument(unexpected) }
    for (declaration, texts) in zip(declarations, texts) { try declaration.validate(texts) }
    return ParsedArguments(texts: texts)
  }

  /// A lone dash is a name for standard input, and `-1` is a number.
  private func isOption(_ argument: String) -> Bool {
    argument.hasPrefix("-") && argument != "-" && Double(argument) == nil
  }

  private func parse(option argument: String, rest: inout ArraySlice<String>, into texts: inout [[String]])
    throws
  {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
      String.init)
    let name = parts[0]
    guard let index = declarations.firstIndex(where: { !$0.isPositional && $0.label == name }) else {
      let known = declarations.filter { !$0.isPositional }.map(\.label) + ["--help"]
      throw CommandLineError.unknownOption(name, suggestion: Spelling.closest(to: name, among: known))
    }
    let declaration = declarations[index]
    if declaration.form == .flag {
      if parts.count > 1 { throw CommandLineError.unexpectedValue(option: name, value: parts[1]) }
      texts[index] = ["true"]
      return
    }
    if declaration.form != .repeated && !texts[index].isEmpty { throw CommandLineError.repeatedOption(name) }
    if parts.count > 1 {
      texts[index].append(parts[1])
    } else if let value = rest.first, !value.hasPrefix("--") {
      texts[index].append(value)
      rest.removeFirst()
    } else {
      throw CommandLineError.missingValue(option: name, placeholder: declaration.placeholder)
    }
  }
}
