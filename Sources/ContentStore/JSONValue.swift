import Foundation

/// A JSON document in memory: what jobs' parameters and manifests are compared, hashed and explained by.
///
/// Decoded by `JSONDecoder` (strict JSON or, with `allowsJSON5`, JSON5). A number written without fraction that
/// fits an `Int` becomes ``integer(_:)``; two numbers are equal when their values are, however they are held.
public enum JSONValue: Sendable {
  case null
  case boolean(Bool)
  case integer(Int)
  /// Any other number. Only finite numbers have a canonical form; decoding refuses the rest.
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// The member of an object, or nil when there is none or when this is not an object.
  public subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members[key]
  }

  /// The same number held as an `Int` where it has an integral value in range, else the value itself.
  var reduced: JSONValue {
    guard case .number(let value) = self, let integer = Int(exactly: value) else { return self }
    return .integer(integer)
  }
}

extension JSONValue: Hashable {
  public static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left.reduced, right.reduced) {
    case (.null, .null): true
    case (.boolean(let a), .boolean(let b)): a == b
    case (.integer(let a), .integer(let b)): a == b
    case (.number(let a), .number(let b)): a == b
    case (.string(let a), .string(let b)): a == b
    case (.array(let a), .array(let b)): a == b
    case (.object(let a), .object(let b)): a == b
    default: false
    }
  }

  public func hash(into hasher: inout Hasher) {
    switch reduced {
    case .null: hasher.combine(0)
    case .boolean(let value): hasher.combine(value)
    case .integer(let value): hasher.combine(value)
    case .number(let value): hasher.combine(value)
    case .string(let value): hasher.combine(value)
    case .array(let elements): hasher.combine(elements)
    case .object(let members): hasher.combine(members)
    }
  }
}

extension JSONValue: Codable {
  /// How deep values may stand in one another: more than any job or block needs, and little enough for recursion.
  public static let greatestDepth = 64

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    // Attempts that fail take long: what there is most of comes first.
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let members = try? decoder.container(keyedBy: AnyKey.self) {
      try Self.requireDepth(of: decoder)
      var object: [String: JSONValue] = [:]
      for key in members.allKeys { object[key.stringValue] = try members.decode(JSONValue.self, forKey: key) }
      self = .object(object)
    } else if var elements = try? decoder.unkeyedContainer() {
      try Self.requireDepth(of: decoder)
      var array: [JSONValue] = []
      while !elements.isAtEnd { array.append(try elements.decode(JSONValue.self)) }
      self = .array(array)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else {
      let value = try container.decode(Double.self)
      guard value.isFinite else {
        throw DecodingError.dataCorruptedError(in: container, debugDescription: "a number must be finite")
      }
      // Where such numbers count as 0, they are not written as they are read. By their bits: comparisons say they are 0.
      guard value.exponentBitPattern != 0 || value.significandBitPattern == 0 else {
        throw DecodingError.dataCorruptedError(
          in: container, debugDescription: "a number other than 0 must not be smaller than 2.3e-308")
      }
      self = .number(value)
    }
  }

  private static func requireDepth(of decoder: any Decoder) throws {
    let path = decoder.codingPath
    guard path.count < greatestDepth else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          // All of the path would be a page of brackets.
          codingPath: Array(path.prefix(4)), debugDescription: "is nested more than \(greatestDepth) deep"))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .boolean(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .array(let elements): try container.encode(elements)
    case .object(let members): try container.encode(members)
    }
  }

  private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

extension JSONValue {
  /// The JSON form of any encodable value.
  ///
  /// - Throws: `EncodingError` where the value holds a number that is not finite.
  public init(encoding value: some Encodable) throws {
    self = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(value))
  }

  /// A typed value decoded from this one.
  ///
  /// - Throws: `DecodingError` naming the key path that does not fit.
  public func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
    try JSONDecoder().decode(type, from: Data(canonical.utf8))
  }
}

/// Not by `nil`: in `JSONValue?`, it could not be told from "no value".
extension JSONValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
  public init(integerLiteral value: Int) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(stringLiteral value: String) { self = .string(value) }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  public init(dictionaryLiteral members: (String, JSONValue)...) {
    self = .object(Dictionary(members) { _, last in last })
  }
}
