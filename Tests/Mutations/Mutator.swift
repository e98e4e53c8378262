import ContentStore
import Foundation

/// Makes one thing after the other wrong in JSON, as hands and disks do: numbers out of range, missing, repeated and
/// renamed keys, swapped types, odd texts, nests.
///
/// The case number names all that is drawn, so that a failure can be told by it and made again.
public struct Mutator {
  private var state: UInt64

  /// - Parameter number: names the case.
  public init(_ number: Int) { state = UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15 }

  /// A whole number in 0..<bound.
  public mutating func draw(below bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((word ^ (word >> 31)) >> 33) % max(bound, 1)
  }

  /// The text of `value` with one thing wrong, now and then with three.
  public mutating func mutated(_ value: JSONValue) -> String {
    var value = value
    for _ in 0..<(draw(below: 4) == 0 ? 3 : 1) {
      // Mostly a single number or text: of a wrong list or object, all that a reader sees is that.
      let paths = Self.paths(in: value, leavesOnly: draw(below: 4) > 0)
      if paths.isEmpty { continue }
      value = changed(value, at: paths[draw(below: paths.count)][...])
    }
    return Self.text(of: value)
  }

  /// A JSON5 text with one thing wrong that no value can hold: a number that is none, a stray bracket.
  public mutating func mutated(text: String) -> String {
    var text = Array(text)
    let digits = text.indices.filter { text[$0].isNumber && ($0 == 0 || !text[$0 - 1].isNumber) }
    if draw(below: 3) > 0, !digits.isEmpty {
      let first = digits[draw(below: digits.count)]
      let end = text[first...].firstIndex { !$0.isNumber && $0 != "." } ?? text.endIndex
      text.replaceSubrange(first..<end, with: Self.oddNumbers[draw(below: Self.oddNumbers.count)])
    } else {
      let place = draw(below: text.count)
      let strays: [Character] = ["{", "}", "[", "]", ",", ":", "\"", "'", "\\", "/", "\n", "\u{0}", "é", "$"]
      if draw(below: 2) == 0, !text.isEmpty { text.remove(at: place) }
      text.insert(strays[draw(below: strays.count)], at: place)
    }
    return String(text)
  }

  /// As texts, since some are no numbers of JSON.
  private static let oddNumbers = [
    "0", "-1", "1", "2147483648", "9007199254740992", "9223372036854775807", "9223372036854775808",
    "-9223372036854775808", "1e18", "1000000000000000000", "1e308", "-1e308", "1e-320", "1e400", "0.5", "NaN",
    "Infinity", "-Infinity", "0x7fffffffffffffff", "65536", "3", "7", "100000", "-0.0",
    "18446744073709551615",
  ]

  private static let oddTexts = [
    "", "../x", "/etc/passwd", "a\nb", "$(touch x)", "{key}", "$x", "ü\u{0}🙂\u{202E}", "NaN", "*", "a b",
    "-x", ".",
    "a|b", "<b>&", String(repeating: "long ", count: 4_000), "final(", String(repeating: "(", count: 3_000),
  ]

  private static let mark = "\u{1}number:"

  private static func text(of value: JSONValue) -> String {
    value.canonical.replacing(/"\\u0001number:([^"]*)"/) { $0.output.1 }
  }

  /// The key paths of all values, the whole one's first, or of those alone that hold no others.
  private static func paths(in value: JSONValue, leavesOnly: Bool, below path: [String] = []) -> [[String]] {
    let own = leavesOnly ? [] : [path]
    return switch value {
    case .object(let members):
      own
        + members.sorted { $0.key < $1.key }.flatMap {
          paths(in: $1, leavesOnly: leavesOnly, below: path + [$0])
        }
    case .array(let elements):
      own
        + elements.enumerated().flatMap { paths(in: $1, leavesOnly: leavesOnly, below: path + ["\($0)"]) }
    default: [path]
    }
  }

  private mutating func changed(_ value: JSONValue, at path: ArraySlice<String>) -> JSONValue {
    guard let first = path.first else { return replaced(value) }
    switch value {
    case .object(var members):
      guard let member = members[first] else { return value }
      guard path.count == 1 else {
        members[first] = changed(member, at: path.dropFirst())
        return .object(members)
      }
      switch draw(below: 10) {
      case 0: members[first] = nil
      case 1:
        members[first] = nil
        members[first + "x"] = member
      case 2: members[Self.oddTexts[draw(below: Self.oddTexts.count)]] = member
      default: members[first] = replaced(member)
      }
      return .object(members)
    case .array(var elements):
      guard let index = Int(first), elements.indices.contains(index) else { return value }
      guard path.count == 1 else {
        elements[index] = changed(elements[index], at: path.dropFirst())
        return .array(elements)
      }
      switch draw(below: 8) {
      case 0: elements.remove(at: index)
      case 1: elements.append(elements[index])
      case 2: elements += Array(repeating: elements[index], count: 100)
      default: elements[index] = replaced(elements[index])
      }
      return .array(elements)
    default: return value
    }
  }

  private mutating func replaced(_ value: JSONValue) -> JSONValue {
    switch (value, draw(below: 8)) {
    case (.integer, 1...), (.number, 1...): return oddNumber
    case (.string, 2...): return .string(Self.oddTexts[draw(below: Self.oddTexts.count)])
    case (.array(let elements), 3...):
      return elements.isEmpty ? [oddNumber] : .array(elements + elements + [elements[0]])
    default: break
    }
    switch draw(below: 9) {
    case 0: return .null
    case 1: return true
    case 2: return []
    case 3: return [:]
    case 4: return .string(Self.oddTexts[draw(below: Self.oddTexts.count)])
    case 5: return nest(value)
    case 6: return [value]
    case 7: return ["x": value]
    default: return oddNumber
    }
  }

  private var oddNumber: JSONValue {
    mutating get { .string(Self.mark + Self.oddNumbers[draw(below: Self.oddNumbers.count)]) }
  }

  private mutating func nest(_ value: JSONValue) -> JSONValue {
    guard draw(below: 2) == 0 else {
      return (0..<[3, 20, 70, 300][draw(below: 4)]).reduce(value) { inner, _ in ["x": inner] }
    }
    let depth = [20, 70, 400, 600, 100_000][draw(below: 5)]
    return .string(Self.mark + String(repeating: "[", count: depth) + String(repeating: "]", count: depth))
  }
}
