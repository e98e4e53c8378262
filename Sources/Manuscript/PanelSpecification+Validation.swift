import Experiments
import Figures

extension PanelSpecification {
  /// Checks what the types cannot say.
  ///
  /// - Parameters:
  ///   - runs: the names of the artifact's runs.
  ///   - tables: the names of its computed tables.
  func validate(runs: Set<String>, tables: Set<String>, at path: [String]) throws {
    try x.validate(at: path + ["x"])
    for (axis, name) in [(y, "y"), (right ?? y, "right")] {
      try axis.validate(at: path + [name])
      if axis.categories != nil {
        throw BlockProblem(path: path + [name, "categories"], message: "belongs to the x axis only")
      }
    }
    try requireUnique(series.map(\.id), at: path + ["series"])
    for (index, series) in series.enumerated() {
      let place = path + ["series", "\(index)"]
      try series.validateSource(runs: runs, tables: tables, at: place)
      if series.onRight == true, right == nil {
        throw BlockProblem(path: place + ["onRight"], message: "needs the panel to have a 'right' axis")
      }
      try series.style.validate(at: place + ["style"])
      if let probe = series.probe, !["training", "validation"].contains(probe) {
        throw BlockProblem(
          path: place + ["probe"], message: "is '\(probe)'; known: training, validation")
      }
      try validateCategories(of: series, at: place)
      if series.style.bars == true { try validateBars(of: series, panel: path, at: place) }
    }
    try validateMarks(runs: runs, at: path)
  }

  /// Every place of a categorical axis takes one table or run of each series.
  private func validateCategories(of series: SeriesSpecification, at path: [String]) throws {
    guard let categories = x.categories else {
      if series.averagedOver == .run {
        throw BlockProblem(
          path: path + ["averagedOver"], message: "is 'run', which needs the x axis to have 'categories'")
      }
      return
    }
    if series.runs != nil, series.averagedOver != .run {
      throw BlockProblem(
        path: path, message: "needs 'averagedOver: \"run\"' for its runs to stand on a categorical x axis")
    }
    guard let (key, places) = series.tables.map({ ("tables", $0) }) ?? series.runs.map({ ("runs", $0) })
    else {
      throw BlockProblem(path: path, message: "needs 'tables' or 'runs', one for each category of the x axis")
    }
    guard places.count == categories.count else {
      throw BlockProblem(
        path: path + [key],
        message: "has \(places.count) \(key) for the \(categories.count) categories of the x axis")
    }
  }

  /// Bars say with their length what they stand for, so they have to begin at zero.
  private func validateBars(of series: SeriesSpecification, panel: [String], at path: [String]) throws {
    guard x.categories != nil else {
      throw BlockProblem(
        path: path + ["style", "bars"], message: "needs the panel's x axis to have 'categories'")
    }
    let (axis, name) = series.onRight == true ? (right ?? y, "right") : (y, "y")
    if axis.scale == "logarithmic" {
      throw BlockProblem(
        path: panel + [name, "scale"],
        message: "is logarithmic, but bars begin at 0, which has no place there")
    }
    if let limits = axis.limits, !(limits[0]...limits[1]).contains(0) {
      throw BlockProblem(path: panel + [name, "limits"], message: "must include 0, where bars begin")
    }
  }

  private func validateMarks(runs: Set<String>, at path: [String]) throws {
    for (index, mark) in (marks ?? []).enumerated() {
      let place = path + ["marks", "\(index)"]
      if x.categories != nil {
        throw BlockProblem(path: place, message: "needs an x axis of numbers, not of categories")
      }
      switch (mark.endOf, mark.at) {
      case (let run?, nil): try requireName(run, among: runs, kind: "run", at: place + ["endOf"])
      case (nil, .some): break
      case (nil, nil): throw BlockProblem(path: place, message: "needs 'endOf' or 'at'")
      default: throw BlockProblem(path: place, message: "has both 'endOf' and 'at'; one of them is meant")
      }
    }
  }
}

extension PanelSpecification.AxisSpecification {
  fileprivate func validate(at path: [String]) throws {
    if let scale, !["linear", "logarithmic"].contains(scale) {
      throw BlockProblem(path: path + ["scale"], message: "is '\(scale)'; known: linear, logarithmic")
    }
    if let limits, limits.count != 2 || !(limits[0] < limits[1]) {
      throw BlockProblem(path: path + ["limits"], message: "must be two numbers, the lower one first")
    }
    if let per, !(per > 0 && per.isFinite) {
      throw BlockProblem(path: path + ["per"], message: "is \(per); it must be positive and finite")
    }
    guard let categories else { return }
    guard !categories.isEmpty else {
      throw BlockProblem(path: path + ["categories"], message: "is empty")
    }
    try requireUnique(categories, at: path + ["categories"])
    for (key, isGiven) in [("scale", scale != nil), ("limits", limits != nil), ("per", per != nil)]
    where isGiven {
      throw BlockProblem(path: path + [key], message: "does not go with 'categories'")
    }
  }
}

extension SeriesSpecification.StyleSpecification {
  fileprivate func validate(at path: [String]) throws {
    guard ["solid", "dashed", "dotted", "dashdotted"].contains(line) else {
      throw BlockProblem(
        path: path + ["line"], message: "is '\(line)'; known: solid, dashed, dotted, dashdotted")
    }
    guard (0...7).contains(color) else {
      throw BlockProblem(path: path + ["color"], message: "must lie in 0…7")
    }
    if let radius, dots != true || !(0.1...20).contains(radius) {
      throw BlockProblem(path: path + ["radius"], message: "must lie in 0.1…20 and belong to 'dots'")
    }
    let shapes = [("bars", bars), ("errorBars", errorBars), ("dots", dots)].filter { $0.1 == true }.map(\.0)
    guard shapes.count <= 1 else {
      throw BlockProblem(
        path: path, message: "has '\(shapes[0])' and '\(shapes[1])', of which a series can have one")
    }
  }
}

extension SeriesSpecification {
  /// Throws unless the curve comes from runs or from tables, and from such as there are.
  fileprivate func validateSource(runs known: Set<String>, tables there: Set<String>, at path: [String])
    throws
  {
    if table != nil || tables != nil {
      guard runs == nil, metric == nil, layers == nil, probe == nil, averagedOver == nil else {
        throw BlockProblem(path: path, message: "has both a table and runs to come from")
      }
      try validateTables(there, at: path)
      return
    }
    guard curve == nil else {
      throw BlockProblem(path: path + ["curve"], message: "needs a 'table' or 'tables' to come from")
    }
    guard metric != nil else { throw BlockProblem(path: path + ["metric"], message: "is missing") }
    if against != nil, style.dots != true || averagedOver != .task {
      throw BlockProblem(
        path: path + ["against"], message: "belongs to 'dots' of a series that is averaged over each 'task'")
    }
    if sizedBy != nil, against == nil {
      throw BlockProblem(path: path + ["sizedBy"], message: "belongs to a series with 'against'")
    }
    guard let runs, !runs.isEmpty else {
      throw BlockProblem(path: path + ["runs"], message: "is missing or empty")
    }
    for (position, run) in runs.enumerated() {
      try requireName(run, among: known, kind: "run", at: path + ["runs", "\(position)"])
    }
  }

  private func validateTables(_ known: Set<String>, at path: [String]) throws {
    guard let curve else { throw BlockProblem(path: path + ["curve"], message: "is missing") }
    if let table {
      guard tables == nil else {
        throw BlockProblem(path: path, message: "has both 'table' and 'tables'; one of them is meant")
      }
      try requireName(table, among: known, kind: "table", at: path + ["table"])
    }
    guard let tables else { return }
    guard !tables.isEmpty else { throw BlockProblem(path: path + ["tables"], message: "is empty") }
    guard !curve.contains("*") else {
      throw BlockProblem(
        path: path + ["curve"], message: "must name one curve, without '*', of several 'tables'")
    }
    for (position, table) in tables.enumerated() {
      try requireName(table, among: known, kind: "table", at: path + ["tables", "\(position)"])
    }
  }
}

/// Throws unless `name` is one of `known`.
private func requireName(_ name: String, among known: Set<String>, kind: String, at path: [String]) throws {
  guard known.contains(name) else {
    throw BlockProblem(
      path: path,
      message: "is '\(name)', which is no \(kind) of this artifact; there are "
        + known.sorted().joined(separator: ", "))
  }
}

/// Throws unless all names differ.
func requireUnique(_ names: [String], at path: [String]) throws {
  var seen: Set<String> = []
  for (index, name) in names.enumerated() {
    guard seen.insert(name).inserted else {
      throw BlockProblem(path: path + ["\(index)"], message: "uses the name '\(name)' a second time")
    }
  }
}
