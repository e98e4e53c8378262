/// The kinds of something that a chapter's block can ask for by name, in the order in which tables list them: one
/// line each.
///
/// An element is what is known of a kind, often the type that describes it. More kinds than the standard ones are
/// known to a decoder whose ``Swift/Decoder/userInfo`` has a longer registry.
public struct Registry<Element: Sendable>: Sendable {
  public let elements: [Element]
  private let name: @Sendable (Element) -> String

  /// - Parameter name: the name of a kind in a block.
  public init(_ elements: [Element], name: @escaping @Sendable (Element) -> String) {
    self.elements = elements
    self.name = name
    precondition(Set(names).count == elements.count, "a name of its own for every kind")
  }

  public var names: [String] { elements.map(name) }

  /// The kind of that name, if any.
  public subscript(name: String) -> Element? {
    elements.first { self.name($0) == name }
  }

  /// The place of a kind, for sorting; of what is unknown, behind the last.
  public func place(of name: String) -> Int { names.firstIndex(of: name) ?? elements.count }

  /// The same kinds and more.
  public static func + (registry: Registry, more: [Element]) -> Registry {
    Registry(registry.elements + more, name: registry.name)
  }

  /// The kind whose name stands at `key`.
  ///
  /// - Throws: `DecodingError` if nothing or no known name stands there, in words that can follow the key.
  public func decode<Key: CodingKey>(from container: KeyedDecodingContainer<Key>, at key: Key) throws
    -> Element
  {
    let name = try container.decode(String.self, forKey: key)
    guard let element = self[name] else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: container, debugDescription: unknownName(name, known: names))
    }
    return element
  }
}

extension Decoder {
  /// The registry that this decoder was given under `key`, or the standard one.
  public func registry<Element>(_ key: CodingUserInfoKey, else standard: Registry<Element>) -> Registry<
    Element
  > {
    userInfo[key] as? Registry<Element> ?? standard
  }
}

/// A key of an object, whatever it is.
public struct NamedKey: CodingKey {
  public let stringValue: String
  public var intValue: Int? { nil }

  public init(_ name: String) { stringValue = name }
  public init?(stringValue: String) { self.init(stringValue) }
  public init?(intValue: Int) { nil }
}

extension KeyedDecodingContainer {
  /// The case whose name stands at `key`.
  ///
  /// - Throws: `DecodingError` that names the cases there are.
  public func decodeCase<Value>(
    of type: Value.Type, forKey key: Key
  ) throws -> Value where Value: RawRepresentable<String> & CaseIterable {
    let name = try decode(String.self, forKey: key)
    guard let value = Value(rawValue: name) else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self,
        debugDescription: unknownName(name, known: Value.allCases.map(\.rawValue)))
    }
    return value
  }
}

extension KeyedDecodingContainer<NamedKey> {
  /// Rejects keys, unless null stands there, that do not belong to `owner`.
  public func requireKeys(_ known: Set<String>, of owner: String) throws {
    for key in allKeys.sorted(by: { $0.stringValue < $1.stringValue })
    where !known.contains(key.stringValue) {
      guard try !decodeNil(forKey: key) else { continue }
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self, debugDescription: "does not belong to \(owner)")
    }
  }
}

extension CodingUserInfoKey {
  /// The key of that name.
  public static func named(_ name: String) -> CodingUserInfoKey {
    guard let key = CodingUserInfoKey(rawValue: name) else { preconditionFailure("every name makes a key") }
    return key
  }
}

/// That a name is none of those that are known: `is 'rnn'; known: cnn, mlp`, to be read behind the key.
public func unknownName(_ name: String, known: [String]) -> String {
  "is '\(name)'; known: \(known.sorted().joined(separator: ", "))"
}
