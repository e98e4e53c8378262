extension SwiftTokens {
  /// The source without comments and with only the white space that the language tells apart.
  var normalized: [UInt8] { Self.normalized(tokens[...]) }

  /// The same for a part of a file.
  static func normalized(_ tokens: ArraySlice<Token>) -> [UInt8] {
    var result: [UInt8] = []
    for index in tokens.indices {
      if index > tokens.startIndex, tokens[index].followsSpace {
        result += gap(in: tokens, before: index)
      }
      result += tokens[index].text
    }
    return result
  }

  /// What white space before a token comes down to.
  ///
  /// Two words or two operators stay apart. An operator with space on both sides is the same as with none, but
  /// space on one side makes it a prefix or a postfix operator. A bracket at the start of a line does not continue
  /// the line above. All other white space says nothing.
  private static func gap(in tokens: ArraySlice<Token>, before index: Int) -> [UInt8] {
    let left = tokens[index - 1]
    let right = tokens[index]
    let blank = [UInt8(ascii: " ")]
    switch (left.kind, right.kind) {
    case (.word, .word), (.operator, .operator):
      return blank
    case (.operator, _):
      return closes(right) || hasSpaceBefore(index - 1, in: tokens) ? [] : blank
    case (_, .operator):
      return opens(left) || hasSpaceAfter(index, in: tokens) ? [] : blank
    case (_, .punctuation) where right.followsLineBreak && (right.is("(") || right.is("[")):
      let ends = left.kind == .word || left.is(")") || left.is("]") || left.is("}")
      return ends ? [UInt8(ascii: "\n")] : []
    default:
      return []
    }
  }

  private static func hasSpaceBefore(_ index: Int, in tokens: ArraySlice<Token>) -> Bool {
    index == tokens.startIndex || tokens[index].followsSpace || opens(tokens[index - 1])
  }

  private static func hasSpaceAfter(_ index: Int, in tokens: ArraySlice<Token>) -> Bool {
    index + 1 == tokens.endIndex || tokens[index + 1].followsSpace || closes(tokens[index + 1])
  }

  /// Counts as white space to the left of an operator (The Swift Programming Language, Operators).
  private static func opens(_ token: Token) -> Bool {
    token.is("(") || token.is("[") || token.is("{") || separates(token)
  }

  /// Counts as white space to the right of an operator.
  private static func closes(_ token: Token) -> Bool {
    token.is(")") || token.is("]") || token.is("}") || separates(token)
  }

  private static func separates(_ token: Token) -> Bool {
    token.is(",") || token.is(";") || token.is(":")
  }

  /// The modules that the source imports, however the import is written.
  var importedModules: [String] {
    let kinds: [StaticString] = [
      "struct", "class", "enum", "protocol", "typealias", "func", "let", "var", "actor",
    ]
    return tokens.indices.compactMap { index in
      guard tokens[index].is("import") else { return nil }
      var next = index + 1
      if next < tokens.count, kinds.contains(where: { tokens[next].is($0) }) { next += 1 }
      guard next < tokens.count, tokens[next].kind == .word else { return nil }
      return String(decoding: tokens[next].text, as: UTF8.self)
    }
  }

  /// The part of a package manifest before `let package`, normalised.
  var packagePrelude: [UInt8] {
    let end = tokens.indices.first { index in
      tokens[index].is("let") && index + 1 < tokens.count && tokens[index + 1].is("package")
    }
    return Self.normalized(tokens[..<(end ?? tokens.endIndex)])
  }

  /// The target declarations of a package manifest, normalised, by the literal after `name:`.
  var targetDeclarations: [String: [UInt8]] {
    let makers: [StaticString] = ["target", "executableTarget", "systemLibrary"]
    var declarations: [String: [UInt8]] = [:]
    var index = 0
    while index + 2 < tokens.count {
      let isCall = tokens[index].is(".") && tokens[index + 2].is("(")
      guard isCall, makers.contains(where: { tokens[index + 1].is($0) }) else {
        index += 1
        continue
      }
      let end = endOfCall(index + 2)
      if let name = nameArgument(in: (index + 3)..<end) {
        declarations[name] = Self.normalized(tokens[index..<end])
      }
      // Past the whole call: a `.target(name: "X")` in a list of dependencies declares nothing.
      index = end
    }
    return declarations
  }

  private func endOfCall(_ open: Int) -> Int {
    var depth = 0
    for index in open..<tokens.count {
      if tokens[index].is("(") { depth += 1 }
      if tokens[index].is(")") { depth -= 1 }
      if depth == 0 { return index + 1 }
    }
    return tokens.count
  }

  private func nameArgument(in range: Range<Int>) -> String? {
    for index in range.dropLast(2) where tokens[index].is("name") && tokens[index + 1].is(":") {
      return String(decoding: tokens[index + 2].text, as: UTF8.self).filter { $0 != "\"" }
    }
    return nil
  }
}
