import ContentStore

/// What placeholders stand for at a place of a block: `{key}` and its like, as `each` binds them.
struct BlockScope {
  private var values: [String: SourcedValue] = [:]
  /// How many presets lead here, one inside the other.
  private var depth = 0

  /// The scope inside an `each`.
  ///
  /// - Throws: ``ManuscriptError`` for a name that an `each` around it has bound.
  func binding(_ names: [String: SourcedValue], at place: SourcePlace) throws -> BlockScope {
    var scope = self
    for (name, value) in names.sorted(by: { $0.key < $1.key }) {
      guard scope.values.updateValue(value, forKey: name) == nil else {
        throw place.problem("uses the name '\(name)' of an 'each' around it; name it otherwise")
      }
    }
    return scope
  }

  /// The scope inside a preset.
  ///
  /// - Throws: ``ManuscriptError`` where presets lead to one another without end.
  func entering(preset name: String, at place: SourcePlace) throws -> BlockScope {
    guard depth < 32 else { throw place.problem("asks for the preset '\(name)', which asks for itself") }
    var scope = self
    scope.depth += 1
    return scope
  }

  /// A text with its placeholders replaced; a text that is one placeholder becomes its value, whatever that is.
  ///
  /// Outside of any `each` a text is what it is. A quotation's double braces are no placeholder.
  /// - Throws: ``ManuscriptError`` for a placeholder that nothing binds.
  func substituting(in text: String, at place: SourcePlace) throws -> SourcedValue {
    guard !values.isEmpty, text.utf8.contains(UInt8(ascii: "{")) else {
      return SourcedValue(.leaf(.string(text)), at: place)
    }
    var result = ""
    var rest = Substring(text)
    while let start = rest.utf8.firstIndex(of: UInt8(ascii: "{")) {
      let inside = rest[rest.index(after: start)...]
      let name = inside.prefix { $0.isASCII && ($0.isLetter || $0.isNumber) }
      guard let first = name.first, first.isLetter, inside[name.endIndex...].first == "}" else {
        result += rest[..<inside.startIndex]
        rest = inside
        continue
      }
      guard let value = values[String(name)] else {
        throw place.problem(
          "has the placeholder '{\(name)}', which no 'each' around it names; there are "
            + values.keys.sorted().map { "{\($0)}" }.joined(separator: ", "))
      }
      let end = rest.index(after: name.endIndex)
      if start == text.startIndex, end == text.endIndex { return value }
      result += rest[..<start]
      result += try Self.written(value, in: place)
      guard result.utf8.count <= Self.longestText else {
        throw place.problem("becomes longer than \(Self.longestText) bytes")
      }
      rest = rest[end...]
    }
    return SourcedValue(.leaf(.string(result + rest)), at: place)
  }

  private static let longestText = 100_000

  private static func written(_ value: SourcedValue, in place: SourcePlace) throws -> String {
    switch value.content {
    case .leaf(.string(let text)): return text
    case .leaf(.integer(let number)): return "\(number)"
    case .leaf(.number(let number)): return "\(number)"
    default: throw place.problem("has a placeholder within a text for what is neither text nor number")
    }
  }
}
