import ContentStore
import Figures

/// Writes a block out: what is said once for many is said for each, presets by what they stand for.
///
/// - `"$name"` becomes the preset of that name; as an element, a preset that is a list becomes its elements.
/// - `use: "name"`, or a list of names, brings the members of presets, over which the object's own are laid.
/// - An element with `each` or `cross` (``EachClause``) becomes an element for each item, its placeholders
///   replaced; with `of`, a list, all of that list's elements, over the other members.
///
/// - `with: { key: "mlp" }` binds placeholders for all that an object holds.
///
/// A block without any of these stays what it is.
struct BlockExpander {
  let alternatives: Alternatives
  let presets: Presets
  private let budget = Budget()

  init(alternatives: Alternatives, presets: Presets) {
    self.alternatives = alternatives
    self.presets = presets
  }

  /// Counts the values that a block becomes: lists of lists of presets grow without end.
  private final class Budget {
    private static let most = 250_000
    private var left = most

    func take(at place: SourcePlace) throws {
      left -= 1
      guard left > 0 else { throw place.problem("makes the block hold more than \(Self.most) values") }
    }
  }

  /// `value`, whose alternatives are resolved, written out.
  func expand(_ value: SourcedValue, in scope: BlockScope = BlockScope()) throws -> SourcedValue {
    try budget.take(at: value.place)
    switch value.content {
    case .leaf(.string(let text)):
      if let name = Presets.name(in: text) {
        return try expand(preset(name, at: value.place), in: scope.entering(preset: name, at: value.place))
      }
      return try scope.substituting(in: text, at: value.place)
    case .leaf: return value
    case .array(let elements):
      return SourcedValue(.array(try list(elements, in: scope) { try expand($0, in: $1) }), at: value.place)
    case .object(let members):
      if members["with"] != nil || members["use"] != nil {
        let (whole, inside) = try whole(members, at: value.place, in: scope)
        return try expand(whole, in: inside)
      }
      if let key = ["cross", "each"].first(where: { members[$0] != nil }) {
        throw value.place.problem("has '\(key)', which belongs to an element of a list")
      }
      return SourcedValue(.object(try members.mapValues { try expand($0, in: scope) }), at: value.place)
    }
  }

  /// The elements that a list stands for, each made by `body` from the element as it is written and its scope.
  func list(
    _ elements: [SourcedValue], in scope: BlockScope,
    body: (SourcedValue, BlockScope) throws -> SourcedValue
  ) throws -> [SourcedValue] {
    var result: [SourcedValue] = []
    for element in elements {
      try visit(element, in: scope) { element, scope in
        let made = try body(element, scope)
        if !made.isNull { result.append(made) }
      }
    }
    return result
  }

  /// Calls `body` for everything that an element stands for.
  private func visit(
    _ element: SourcedValue, in scope: BlockScope, body: (SourcedValue, BlockScope) throws -> Void
  ) throws {
    try budget.take(at: element.place)
    if let name = element.text.flatMap(Presets.name) {
      let (value, inside) = try (
        preset(name, at: element.place), scope.entering(preset: name, at: element.place)
      )
      if let elements = value.elements {
        for element in elements { try visit(element, in: inside, body: body) }
      } else {
        try visit(value, in: inside, body: body)
      }
      return
    }
    guard case .object(var members) = element.content else { return try body(element, scope) }
    if let key = ["cross", "each"].first(where: { members[$0] != nil }), let clause = members[key] {
      members[key] = nil
      let rest = SourcedValue(.object(members), at: element.place)
      let items =
        try key == "each"
        ? EachClause.bindings(expand(clause, in: scope))
        : EachClause.crossing((clause.elements ?? []).map { try expand($0, in: scope) }, at: clause.place)
      for names in items {
        try visit(rest, in: scope.binding(names, at: clause.place), body: body)
      }
    } else if members["with"] != nil || members["use"] != nil {
      let (whole, inside) = try whole(members, at: element.place, in: scope)
      try visit(whole, in: inside, body: body)
    } else if let inner = members.removeValue(forKey: "of") {
      guard let elements = inner.elements else { throw inner.place.problem("must be a list") }
      let shared = SourcedValue(.object(members), at: element.place)
      for element in elements {
        guard members.isEmpty || element.members != nil else {
          throw element.place.problem("must be an object, to take what stands beside 'of'")
        }
        try visit(members.isEmpty ? element : shared.merged(with: element), in: scope, body: body)
      }
    } else {
      try body(element, scope)
    }
  }

  /// An object without `with` and `use`: with the members of the presets that it uses below its own, and the scope in
  /// which it stands.
  func whole(
    _ members: [String: SourcedValue], at place: SourcePlace, in scope: BlockScope
  ) throws -> (SourcedValue, BlockScope) {
    var (members, scope) = (members, scope)
    if let with = members.removeValue(forKey: "with") {
      guard let names = try expand(with, in: scope).members else {
        throw with.place.problem("must be an object: what each placeholder stands for")
      }
      scope = try scope.binding(names, at: with.place)
    }
    return try using(members, at: place, in: scope)
  }

  /// An object with the members of the presets that it uses below its own.
  ///
  /// - Returns: the object, and the scope inside the presets.
  private func using(
    _ members: [String: SourcedValue], at place: SourcePlace, in scope: BlockScope
  ) throws -> (SourcedValue, BlockScope) {
    var own = members
    guard let use = own.removeValue(forKey: "use") else {
      return (SourcedValue(.object(members), at: place), scope)
    }
    var (used, inside) = (SourcedValue(SourcedValue.Content.object([:]), at: place), scope)
    for written in use.elements ?? [use] {
      let expanded = try scope.substituting(in: written.text ?? "", at: written.place)
      guard let name = expanded.text, !name.isEmpty else {
        throw written.place.problem("must be the name of a preset, or a list of names")
      }
      inside = try inside.entering(preset: name, at: written.place)
      let value = try preset(name, at: written.place)
      guard let members = value.members else {
        throw written.place.problem("is the preset '\(name)', which is no object: it is said as \"$\(name)\"")
      }
      let (whole, within) = try using(members, at: value.place, in: inside)
      (used, inside) = (used.merged(with: whole), within)
    }
    return (SourcedValue(used.merged(with: SourcedValue(.object(own), at: place)).content, at: place), inside)
  }

  private func preset(_ name: String, at place: SourcePlace) throws -> SourcedValue {
    try alternatives.resolve(presets.value(of: name, at: place))
  }
}
