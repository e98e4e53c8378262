import ContentStore

/// Values that blocks refer to by name: `$hidden` stands for the preset `hidden`, and `use: "hidden"` in an object
/// brings its members.
///
/// Presets are declared in blocks that open with three backquotes and `presets`, for all chapters, or under
/// `presets` in the block that uses them.
struct Presets: Sendable {
  private var values: [String: SourcedValue] = [:]

  init() {}

  /// What blocks of presets declare.
  ///
  /// - Throws: ``ManuscriptError`` for a block that is no object, or a name that is there already.
  init(_ blocks: [ArtifactBlock]) throws {
    for block in blocks { try add(SourcedValue(try block.parsed(), at: SourcePlace(root: block))) }
  }

  /// Adds the members of an object.
  mutating func add(_ declared: SourcedValue) throws {
    guard case .object(let members) = declared.content else {
      throw declared.place.problem("must be an object of presets by name")
    }
    for (name, value) in members.sorted(by: { $0.key < $1.key }) {
      guard Self.isName(name) else {
        throw value.place.problem("must have a name of letters, digits and '-' that begins with a letter")
      }
      if let first = values[name] {
        throw value.place.problem(
          "uses the name '\(name)' a second time; it is a preset of \(first.place.block.id) already")
      }
      values[name] = value
    }
  }

  /// The preset of that name, with all profiles' values.
  ///
  /// - Parameter place: where it is asked for.
  func value(of name: String, at place: SourcePlace) throws -> SourcedValue {
    guard let value = values[name] else {
      let known = values.keys.sorted().joined(separator: ", ")
      throw place.problem("asks for the preset '\(name)'; there are \(known.isEmpty ? "none" : known)")
    }
    return value
  }

  /// The name in a text that is all `$name`.
  static func name(in text: String) -> String? {
    guard text.utf8.first == UInt8(ascii: "$"), isName(text.dropFirst()) else { return nil }
    return String(text.dropFirst())
  }

  private static func isName(_ text: some StringProtocol) -> Bool {
    guard let first = text.utf8.first, first.isLetter else { return false }
    return text.utf8.allSatisfy { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "-") }
  }
}

extension UInt8 {
  var isLetter: Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
  }
  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
