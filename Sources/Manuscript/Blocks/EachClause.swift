import Specifications

/// What `each` and `cross` say: the names that they bind, for one item after the other.
///
/// The items of `each` are pairs, `[key, label]`, single values, which are both, or objects of names. For longer
/// tuples the names come first: `{ "key label rank": [["mlp", "MLP", 71], …] }`. `cross` is a list of such lists:
/// every item of the first with every item of the second, and so on.
enum EachClause {
  typealias Binding = [String: SourcedValue]

  /// The items of an expanded `each`.
  static func bindings(_ each: SourcedValue) throws -> [Binding] {
    var (list, names): (SourcedValue, [String]?) = (each, nil)
    if let members = each.members {
      guard members.count == 1, let (key, value) = members.first else {
        throw each.place.problem("must be a list, or one under its names, as in { \"key label\": [[…], …] }")
      }
      let split = key.split(separator: " ").map(String.init)
      guard !split.isEmpty, Set(split).count == split.count, split.allSatisfy(isName) else {
        throw value.place.problem(
          "must stand under different names of letters and digits, with blanks between")
      }
      (list, names) = (value, split)
    }
    guard let items = list.elements else {
      throw list.place.problem("must be a list of pairs, [key, label]")
    }
    guard !items.isEmpty else { throw list.place.problem("is empty") }
    return try items.map { try binding($0, names: names) }
  }

  /// The items of a `cross`, whose lists are expanded.
  static func crossing(_ lists: [SourcedValue], at place: SourcePlace) throws -> [Binding] {
    guard lists.count > 1 else {
      throw place.problem("must be a list of two or more lists, each as 'each' has one")
    }
    return try lists.reduce([[:]]) { crossed, list in
      let items = try bindings(list)
      guard saturatedProduct(crossed.count, items.count) <= 100_000 else {
        throw list.place.problem("makes more than 100000 combinations")
      }
      return try crossed.flatMap { outer in
        try items.map { inner in
          try outer.merging(inner) { _, _ in
            throw list.place.problem("has a name that a list before it has: each list needs its own")
          }
        }
      }
    }
  }

  private static func binding(_ item: SourcedValue, names: [String]?) throws -> Binding {
    switch (item.content, names) {
    case (.object(let members), nil): return members
    case (.array(let values), nil):
      guard values.count == 2 else {
        throw item.place.problem("must be a pair, [key, label]; longer tuples need names")
      }
      return ["key": values[0], "label": values[1]]
    case (.leaf, nil): return ["key": item, "label": item]
    case (.array(let values), let names?):
      guard values.count == names.count else {
        throw item.place.problem("has \(values.count) values for the names \(names.joined(separator: ", "))")
      }
      return Dictionary(uniqueKeysWithValues: zip(names, values))
    case (_, let names?):
      guard names.count == 1 else {
        throw item.place.problem("must be a list of values for the names \(names.joined(separator: ", "))")
      }
      return [names[0]: item]
    }
  }

  private static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, first.isLetter else { return false }
    return text.utf8.allSatisfy { $0.isLetter || $0.isDigit }
  }
}
