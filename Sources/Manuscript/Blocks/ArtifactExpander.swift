import ContentStore

/// Writes an artifact's block out: what is true of any block (``BlockExpander``), and what only artifacts have.
///
/// - `panel` holds what all panels have in common, and `series` what panels draw by name: in a panel's `series`, a text
///   is the `id` of one of them, and a panel without series draws all of them. Their placeholders are the panel's.
/// - A panel says for all of its series what they have in common: metric, layers, curve, style and so on.
/// - A run has a `label` and a `style` for the panels that draw it: `runs: ["base", ["base", "clone"]]` in a panel are a
///   series for each run, or for several that continue one another, which takes the last one's name.
/// - An axis that is a text is its label. A style may be said in words (``SeriesShorthand``), a claim's comparison and
///   threshold in its measure (``ClaimShorthand``).
/// - `tables` and `methods` may be lists of objects with a `name`.
struct ArtifactExpander {
  private let expander: BlockExpander
  private var panels: SourcedValue?
  /// What all panels have in common.
  private var panel = SourcedValue.Content.object([:])
  /// What panels draw by name.
  private var series: [SourcedValue] = []
  private var drawnRuns: [String: SourcedValue] = [:]

  /// What placeholders stand for in the whole block.
  private let scope: BlockScope

  private init(_ expander: BlockExpander, in scope: BlockScope) {
    self.expander = expander
    self.scope = scope
  }

  /// The root of a block, whose profiles are resolved, written out.
  static func expand(_ root: SourcedValue, with expander: BlockExpander) throws -> SourcedValue {
    guard let written = root.members else { return root }
    let (whole, scope) = try expander.whole(written, at: root.place, in: BlockScope())
    guard case .object(var members) = whole.content else { return root }
    var artifact = ArtifactExpander(expander, in: scope)
    artifact.panels = members.removeValue(forKey: "panels")
    if let panel = members.removeValue(forKey: "panel") {
      guard panel.members != nil else {
        throw panel.place.problem("must be an object: what all panels share")
      }
      artifact.panel = panel.content
    }
    if let series = members.removeValue(forKey: "series") {
      guard let elements = series.elements else { throw series.place.problem("must be a list") }
      artifact.series = elements
    }
    members = try members.mapValues { try expander.expand($0, in: scope) }
    for key in ["tables", "methods"] { members[key] = try members[key].map(artifact.named) }
    members["claims"] = try members["claims"].map { claims in
      guard let elements = claims.elements else { return claims }
      return SourcedValue(.array(try elements.map(ClaimShorthand.written)), at: claims.place)
    }
    members["runs"] = members["runs"].map { artifact.undrawn($0) }
    members["panels"] = try artifact.drawnPanels()
    return SourcedValue(.object(members), at: root.place)
  }

  /// A list of objects with names as an object of them.
  private func named(_ list: SourcedValue) throws -> SourcedValue {
    guard let elements = list.elements else { return list }
    var members: [String: SourcedValue] = [:]
    for element in elements {
      guard case .object(var own) = element.content, let name = own.removeValue(forKey: "name"),
        let key = name.text
      else { throw element.place.problem("must be an object with a 'name'") }
      guard members.updateValue(SourcedValue(.object(own), at: element.place), forKey: key) == nil else {
        throw name.place.problem("uses the name '\(key)' a second time")
      }
    }
    return SourcedValue(.object(members), at: list.place)
  }

  /// Runs without what only panels need to know of them, which is kept.
  private mutating func undrawn(_ runs: SourcedValue) -> SourcedValue {
    guard let elements = runs.elements else { return runs }
    let plain = elements.map { run in
      guard case .object(var members) = run.content, let name = members["name"], let text = name.text
      else { return run }
      var drawn = ["id": name]
      for key in ["label", "style"] { drawn[key] = members.removeValue(forKey: key) }
      if drawn.count > 1 { drawnRuns[text] = SourcedValue(.object(drawn), at: run.place) }
      return SourcedValue(.object(members), at: run.place)
    }
    return SourcedValue(.array(plain), at: runs.place)
  }

  private func drawnPanels() throws -> SourcedValue? {
    guard let panels, let elements = panels.elements else {
      return try panels.map { try expander.expand($0, in: scope) }
    }
    let drawn = try expander.list(elements, in: scope) { written, scope in
      guard written.members != nil else { return try expander.expand(written, in: scope) }
      let whole = SourcedValue(panel, at: written.place).merged(with: written)
      return try full(expander.whole(whole.members ?? [:], at: written.place, in: scope))
    }
    return SourcedValue(.array(drawn), at: panels.place)
  }

  /// A panel in its full form.
  private func full(_ panel: (SourcedValue, BlockScope)) throws -> SourcedValue {
    let (written, scope) = panel
    guard case .object(var members) = written.content else { return written }
    let series = members.removeValue(forKey: "series")
    members = try members.mapValues { try expander.expand($0, in: scope) }
    for key in ["x", "y", "right", "color"] where members[key]?.text != nil {
      members[key] = members[key].map { SourcedValue(.object(["label": $0]), at: $0.place) }
    }
    var common: [String: SourcedValue] = [:]
    for key in SeriesShorthand.shared { common[key] = members.removeValue(forKey: key) }
    let listed: SourcedValue?
    if let runs = members.removeValue(forKey: "runs") {
      if let series { throw series.place.problem("stands beside 'runs'; a panel has one of them") }
      listed = try self.series(of: runs)
    } else {
      listed = try drawnSeries(series, of: written, in: scope)
    }
    members["series"] = try listed.map { listed in
      guard let elements = listed.elements else { return listed }
      return SourcedValue(
        .array(try elements.map { try SeriesShorthand.written($0, over: common) }), at: listed.place)
    }
    return SourcedValue(.object(members), at: written.place)
  }

  /// The series that a panel lists, those by name among the artifact's.
  private func drawnSeries(
    _ listed: SourcedValue?, of panel: SourcedValue, in scope: BlockScope
  ) throws -> SourcedValue? {
    guard let listed else {
      guard !series.isEmpty else { return nil }
      return SourcedValue(
        .array(try expander.list(series, in: scope) { try expander.expand($0, in: $1) }), at: panel.place)
    }
    let list = listed.text == nil ? listed : try expander.expand(listed, in: scope)
    guard let elements = list.elements else { return list }
    let known = series.isEmpty ? [:] : try seriesByName(in: scope)
    let drawn = try expander.list(elements, in: scope) { element, scope in
      let value = try expander.expand(element, in: scope)
      guard let name = value.text else { return value }
      guard let (series, inside) = known[name] else {
        throw element.place.problem(
          "is '\(name)', which is none of the artifact's 'series'; there are "
            + known.keys.sorted().joined(separator: ", "))
      }
      return SourcedValue(try expander.expand(series, in: inside).content, at: series.place)
    }
    return SourcedValue(.array(drawn), at: list.place)
  }

  /// The artifact's series by the names that they have in a panel, not yet written out.
  private func seriesByName(in scope: BlockScope) throws -> [String: (SourcedValue, BlockScope)] {
    var known: [String: (SourcedValue, BlockScope)] = [:]
    _ = try expander.list(series, in: scope) { element, scope in
      guard let id = element.members?["id"] else {
        throw element.place.problem("lacks an 'id' to be drawn by")
      }
      let name = try expander.expand(id, in: scope)
      guard known.updateValue((element, scope), forKey: name.text ?? "") == nil else {
        throw id.place.problem("uses the name '\(name.text ?? "")' a second time")
      }
      return element
    }
    return known
  }

  /// A series for each run, or for runs that continue one another.
  private func series(of runs: SourcedValue) throws -> SourcedValue {
    guard let elements = runs.elements else { throw runs.place.problem("must be a list of runs") }
    let series = try elements.map { run in
      let joined = run.elements ?? [run]
      guard let name = joined.last?.text, let drawn = drawnRuns[name], var members = drawn.members else {
        throw run.place.problem(
          "needs runs with a label and a style; there are "
            + (drawnRuns.isEmpty ? "none" : drawnRuns.keys.sorted().joined(separator: ", ")))
      }
      members["runs"] = SourcedValue(.array(joined), at: run.place)
      return SourcedValue(.object(members), at: drawn.place)
    }
    return SourcedValue(.array(series), at: runs.place)
  }
}
