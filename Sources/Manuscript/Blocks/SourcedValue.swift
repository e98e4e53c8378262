import ContentStore

/// A value that remembers where it was written: what blocks are expanded in, so that errors name the text that
/// a reader has to mend.
struct SourcedValue: Sendable {
  enum Content: Sendable {
    /// A text, a number, true, false or null.
    case leaf(JSONValue)
    case array([SourcedValue])
    case object([String: SourcedValue])
  }

  var content: Content
  let place: SourcePlace

  init(_ content: Content, at place: SourcePlace) {
    self.content = content
    self.place = place
  }

  /// A value that stands at `place`, its parts below it.
  init(_ value: JSONValue, at place: SourcePlace) {
    self.place = place
    switch value {
    case .array(let elements):
      content = .array(elements.enumerated().map { SourcedValue($1, at: place.below("\($0)")) })
    case .object(let members):
      var sourced: [String: SourcedValue] = [:]
      for (key, member) in members { sourced[key] = SourcedValue(member, at: place.below(key)) }
      content = .object(sourced)
    default: content = .leaf(value)
    }
  }

  /// Without the places.
  var value: JSONValue {
    switch content {
    case .leaf(let value): value
    case .array(let elements): .array(elements.map(\.value))
    case .object(let members): .object(members.mapValues(\.value))
    }
  }

  var text: String? {
    guard case .leaf(.string(let text)) = content else { return nil }
    return text
  }

  var isNull: Bool {
    guard case .leaf(.null) = content else { return false }
    return true
  }

  var elements: [SourcedValue]? {
    guard case .array(let elements) = content else { return nil }
    return elements
  }

  var members: [String: SourcedValue]? {
    guard case .object(let members) = content else { return nil }
    return members
  }

  /// The member or, by its number, the element of that name.
  subscript(name: String) -> SourcedValue? {
    switch content {
    case .leaf: return nil
    case .object(let members): return members[name]
    case .array(let elements):
      guard let index = Int(name), elements.indices.contains(index) else { return nil }
      return elements[index]
    }
  }

  /// `self` with the members of `other` laid over it, objects member by member.
  func merged(with other: SourcedValue) -> SourcedValue {
    guard case .object(var members) = content, case .object(let others) = other.content else { return other }
    for (key, value) in others { members[key] = members[key].map { $0.merged(with: value) } ?? value }
    return SourcedValue(.object(members), at: other.place)
  }
}
