extension JSONValue {
  /// One place where two documents disagree.
  public struct Difference: Hashable, Sendable, CustomStringConvertible {
    /// Where, from the root: `training.learningRate`, `panels[2].title`; empty for the root itself.
    public let path: String
    /// The value there in the old document; nil where it has none.
    public let old: JSONValue?
    /// The value there in the new document; nil where it has none.
    public let new: JSONValue?

    /// One line such as `training.learningRate: 0.01 → 0.02`.
    public var description: String {
      let place = path.isEmpty ? "value" : path
      return "\(place): \(old?.canonical ?? "absent") → \(new?.canonical ?? "absent")"
    }
  }

  /// Every smallest place where the documents disagree, object members in the order of their keys' UTF-8 bytes.
  public static func difference(_ old: JSONValue, _ new: JSONValue) -> [Difference] {
    var found: [Difference] = []
    compare(old, new, at: "", into: &found)
    return found
  }

  private static func compare(
    _ old: JSONValue?, _ new: JSONValue?, at path: String, into found: inout [Difference]
  ) {
    switch (old, new) {
    case (.object(let before)?, .object(let after)?):
      let keys = Set(before.keys).union(after.keys)
      for key in keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
        compare(before[key], after[key], at: join(path, key), into: &found)
      }
    case (.array(let before)?, .array(let after)?):
      for index in 0..<max(before.count, after.count) {
        let left = index < before.count ? before[index] : nil
        let right = index < after.count ? after[index] : nil
        compare(left, right, at: "\(path)[\(index)]", into: &found)
      }
    default:
      if old != new { found.append(Difference(path: path, old: old, new: new)) }
    }
  }

  /// A key that is not a plain word is quoted in brackets, so that no two places share a path.
  private static func join(_ path: String, _ key: String) -> String {
    let plain = !key.isEmpty && key.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
    guard plain else { return "\(path)[\(JSONValue.string(key).canonical)]" }
    return path.isEmpty ? key : "\(path).\(key)"
  }
}
