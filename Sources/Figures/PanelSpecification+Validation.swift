import Specifications

extension PanelSpecification {
  /// Checks what the types cannot say.
  ///
  /// - Parameters:
  ///   - runs: the names of the artifact's runs; any if nil.
  ///   - tables: the names of its computed tables; any if nil.
  ///   - isDrawn: whether the panel is more than its curves, see ``withoutLooks``.
  public func validate(
    runs: Set<String>? = nil, tables: Set<String>? = nil, isDrawn: Bool = true
  ) throws(SpecificationProblem) {
    try requireLine(id, upTo: 200, "id")
    guard !id.isEmpty else { throw problem(["id"], "is empty") }
    try requireLine(title, "title")
    try x.validate(at: ["x"])
    if color != nil, right != nil {
      throw problem(["color"], "does not go with 'right': there is room for one of them")
    }
    for (axis, name) in [(y, "y"), (right ?? y, "right"), (color ?? y, "color")] {
      try axis.validate(at: [name])
      for (key, isGiven) in [("categories", axis.categories != nil), ("unit", axis.unit != nil)] where isGiven
      {
        throw problem([name, key], "belongs to the x axis only")
      }
    }
    for (axis, name) in [(x, "x"), (y, "y"), (right ?? y, "right")] where axis.empty != nil {
      throw problem([name, "empty"], "belongs to the axis 'color' only")
    }
    try requireCount(series.count, in: 1...1_000, "series")
    try requireUnique(series.map(\.id), at: ["series"])
    for (index, series) in series.enumerated() {
      let place = ["series", "\(index)"]
      try series.validateTexts(at: place)
      try series.validateSource(runs: runs, tables: tables, isDrawn: isDrawn, at: place)
      if series.onRight == true, right == nil {
        throw problem(place + ["onRight"], "needs the panel to have a 'right' axis")
      }
      try series.style.validate(at: place + ["style"])
      if series.style.map == true { try validateMap(of: series, at: place) }
      try validateCategories(of: series, at: place)
      if series.style.bars == true { try validateBars(of: series, at: place) }
    }
    try validatePublished()
    try validateMarks(runs: runs)
    try requireCount((labels ?? []).count, in: 0...1_000, "labels")
    for (index, label) in (labels ?? []).enumerated() {
      try requireLine(label.text, "labels.\(index).text")
      try requireMagnitude(label.x, upTo: greatestValue, "labels.\(index).x")
      try requireMagnitude(label.y, upTo: greatestValue, "labels.\(index).y")
    }
  }

  private func validatePublished() throws(SpecificationProblem) {
    if let published { try requireLine(published, upTo: 200, "published") }
    guard let publishedSeries else { return }
    guard published != nil else {
      throw problem(["publishedSeries"], "needs 'published', the panel that they are in")
    }
    for (name, theirs) in publishedSeries.sorted(by: { $0.key < $1.key }) {
      guard series.contains(where: { $0.id == name }) else {
        throw problem(
          ["publishedSeries", name],
          "is no series of this panel; there are " + series.map(\.id).joined(separator: ", "))
      }
      try requireCount(theirs.count, in: 1...100, "publishedSeries.\(name)")
      for text in theirs { try requireLine(text, upTo: 200, "publishedSeries.\(name)") }
    }
  }

  /// Every place of a categorical axis takes one table or run of each series.
  private func validateCategories(
    of series: SeriesSpecification, at path: [String]
  ) throws(SpecificationProblem) {
    guard let categories = x.categories else {
      if let average = series.averagedOver, average == .run || average == .fifth {
        throw problem(
          path + ["averagedOver"], "is '\(average.rawValue)', which needs the x axis to have 'categories'")
      }
      return
    }
    if series.averagedOver == .fifth {
      guard categories.count == 5 else {
        throw problem(
          path + ["averagedOver"], "is 'fifth', which needs 5 categories; the x axis has \(categories.count)")
      }
      return
    }
    if series.runs != nil, series.averagedOver != .run {
      throw problem(path, "needs 'averagedOver: \"run\"' for its runs to stand on a categorical x axis")
    }
    guard let (key, places) = series.tables.map({ ("tables", $0) }) ?? series.runs.map({ ("runs", $0) })
    else {
      throw problem(path, "needs 'tables' or 'runs', one for each category of the x axis")
    }
    guard places.count == categories.count else {
      throw problem(
        path + [key], "has \(places.count) \(key) for the \(categories.count) categories of the x axis")
    }
  }

  /// Bars say with their length what they stand for, so they have to begin at zero.
  private func validateBars(
    of series: SeriesSpecification, at path: [String]
  ) throws(SpecificationProblem) {
    guard x.categories != nil else {
      throw problem(path + ["style", "bars"], "needs the panel's x axis to have 'categories'")
    }
    let (axis, name) = series.onRight == true ? (right ?? y, "right") : (y, "y")
    if axis.scale == "logarithmic" {
      throw problem([name, "scale"], "is logarithmic, but bars begin at 0, which has no place there")
    }
    if let limits = axis.limits, !(limits[0]...limits[1]).contains(0) {
      throw problem([name, "limits"], "must include 0, where bars begin")
    }
  }

  /// A map has a third number for each cell, which tables that stand for no seed alone can have.
  private func validateMap(
    of series: SeriesSpecification, at path: [String]
  ) throws(SpecificationProblem) {
    guard color != nil else {
      throw problem(
        path + ["style", "map"], "needs the panel to say with 'color' what its colours stand for")
    }
    guard series.table != nil, x.categories == nil, x.scale != "logarithmic", y.scale != "logarithmic" else {
      throw problem(path + ["style", "map"], "needs a 'table' and two linear axes")
    }
  }

  private func validateMarks(runs: Set<String>?) throws(SpecificationProblem) {
    try requireCount((marks ?? []).count, in: 0...1_000, "marks")
    for (index, mark) in (marks ?? []).enumerated() {
      let place = ["marks", "\(index)"]
      try requireLine(mark.label, (place + ["label"]).joined(separator: "."))
      if x.categories != nil {
        throw problem(place, "needs an x axis of numbers, not of categories")
      }
      switch (mark.endOf, mark.at) {
      case (let run?, nil): try requireName(run, among: runs, kind: "run", at: place + ["endOf"])
      case (nil, let value?):
        try requireMagnitude(value, upTo: greatestValue, (place + ["at"]).joined(separator: "."))
      case (nil, nil): throw problem(place, "needs 'endOf' or 'at'")
      default: throw problem(place, "has both 'endOf' and 'at'; one of them is meant")
      }
    }
  }
}

extension PanelSpecification.AxisSpecification {
  fileprivate func validate(at path: [String]) throws(SpecificationProblem) {
    try requireLine(label, (path + ["label"]).joined(separator: "."))
    if let empty { try requireLine(empty, (path + ["empty"]).joined(separator: ".")) }
    if let scale, !["linear", "logarithmic"].contains(scale) {
      throw problem(path + ["scale"], "is '\(scale)'; known: linear, logarithmic")
    }
    if let limits {
      guard limits.count == 2, limits[0] < limits[1], limits.allSatisfy({ abs($0) <= greatestValue }) else {
        throw problem(path + ["limits"], "must be two numbers in ±\(greatestValue), the lower one first")
      }
      if scale == "logarithmic", limits[0] < 1 / greatestValue {
        throw problem(path + ["limits"], "must be above 0 on a logarithmic axis")
      }
    }
    if let per, !(1 / greatestValue...greatestValue).contains(per) {
      throw problem(
        path + ["per"], "is \(per); it must be positive and finite, in \(1 / greatestValue)…\(greatestValue)")
    }
    if let unit {
      guard unit == "epoch" else { throw problem(path + ["unit"], "is '\(unit)'; known: epoch") }
      guard per == nil else { throw problem(path + ["per"], "stands beside 'unit'; one of them is meant") }
    }
    guard let categories else { return }
    try requireCount(categories.count, in: 1...1_000, (path + ["categories"]).joined(separator: "."))
    for category in categories { try requireLine(category, (path + ["categories"]).joined(separator: ".")) }
    try requireUnique(categories, at: path + ["categories"])
    for (key, isGiven) in [
      ("scale", scale != nil), ("limits", limits != nil), ("per", per != nil), ("unit", unit != nil),
    ] where isGiven {
      throw problem(path + [key], "does not go with 'categories'")
    }
  }
}

extension SeriesSpecification.StyleSpecification {
  fileprivate func validate(at path: [String]) throws(SpecificationProblem) {
    guard ["solid", "dashed", "dotted", "dashdotted"].contains(line) else {
      throw problem(path + ["line"], "is '\(line)'; known: solid, dashed, dotted, dashdotted")
    }
    guard (0...7).contains(color) else {
      throw problem(path + ["color"], "must lie in 0…7")
    }
    if let radius, dots != true || !(0.1...20).contains(radius) {
      throw problem(path + ["radius"], "must lie in 0.1…20 and belong to 'dots'")
    }
    let shapes = [("bars", bars), ("errorBars", errorBars), ("dots", dots), ("map", map)].filter {
      $0.1 == true
    }.map(\.0)
    guard shapes.count <= 1 else {
      throw problem(path, "has '\(shapes[0])' and '\(shapes[1])', of which a series can have one")
    }
  }
}

extension SeriesSpecification {
  /// Throws unless the curve comes from runs or from tables, and from such as there are.
  fileprivate func validateSource(
    runs known: Set<String>?, tables there: Set<String>?, isDrawn: Bool, at path: [String]
  ) throws(SpecificationProblem) {
    if table != nil || tables != nil {
      guard runs == nil, minus == nil, metric == nil, layers == nil, probe == nil, averagedOver == nil else {
        throw problem(path, "has both a table and runs to come from")
      }
      try validateTables(there, at: path)
      return
    }
    guard curve == nil else {
      throw problem(path + ["curve"], "needs a 'table' or 'tables' to come from")
    }
    guard metric != nil else { throw problem(path + ["metric"], "is missing") }
    if against != nil, isDrawn && style.dots != true || averagedOver != .task {
      throw problem(path + ["against"], "belongs to 'dots' of a series that is averaged over each 'task'")
    }
    if sizedBy != nil, against == nil {
      throw problem(path + ["sizedBy"], "belongs to a series with 'against'")
    }
    guard let runs, (1...1_000).contains(runs.count) else {
      throw problem(path + ["runs"], "is missing, empty or longer than 1000")
    }
    for (position, run) in runs.enumerated() {
      try requireName(run, among: known, kind: "run", at: path + ["runs", "\(position)"])
    }
    try validateMinus(runs: runs, known: known, at: path + ["minus"])
  }

  private func validateMinus(
    runs: [String], known: Set<String>?, at path: [String]
  ) throws(SpecificationProblem) {
    guard let minus else { return }
    guard against == nil else { throw problem(path, "does not go with 'against'") }
    guard minus.count == 1 || averagedOver == .run && minus.count == runs.count else {
      throw problem(path, "must be one run, or with 'averagedOver: \"run\"' one for each of 'runs'")
    }
    for (position, run) in minus.enumerated() {
      try requireName(run, among: known, kind: "run", at: path + ["\(position)"])
    }
  }

  private func validateTables(
    _ known: Set<String>?, at path: [String]
  ) throws(SpecificationProblem) {
    guard let curve else { throw problem(path + ["curve"], "is missing") }
    if let table {
      guard tables == nil else {
        throw problem(path, "has both 'table' and 'tables'; one of them is meant")
      }
      try requireName(table, among: known, kind: "table", at: path + ["table"])
    }
    guard let tables else { return }
    try requireCount(tables.count, in: 1...1_000, (path + ["tables"]).joined(separator: "."))
    guard !curve.contains("*") else {
      throw problem(path + ["curve"], "must name one curve, without '*', of several 'tables'")
    }
    for (position, table) in tables.enumerated() {
      try requireName(table, among: known, kind: "table", at: path + ["tables", "\(position)"])
    }
  }
}

extension SeriesSpecification {
  fileprivate func validateTexts(at path: [String]) throws(SpecificationProblem) {
    guard !id.isEmpty else { throw problem(path + ["id"], "is empty") }
    let texts: [(String, String?)] = [
      ("id", id), ("label", label), ("metric", metric), ("layers", layers), ("against", against),
      ("probe", probe),
      ("sizedBy", sizedBy), ("table", table), ("curve", curve),
    ]
    for case (let key, let text?) in texts {
      try requireLine(text, upTo: key == "label" ? 2_000 : 200, (path + [key]).joined(separator: "."))
    }
  }
}

/// What an axis can show and its numbers say.
private let greatestValue = 1e100

private func problem(_ path: [String], _ message: String) -> SpecificationProblem {
  SpecificationProblem(path.joined(separator: "."), message)
}

/// Throws unless `name` is one of `known`.
private func requireName(
  _ name: String, among known: Set<String>?, kind: String, at path: [String]
) throws(SpecificationProblem) {
  guard let known, !known.contains(name) else { return }
  throw problem(
    path,
    "is '\(name)', which is no \(kind) of this artifact; there are "
      + known.sorted().joined(separator: ", "))
}

/// Throws unless all names differ.
package func requireUnique(_ names: [String], at path: [String]) throws(SpecificationProblem) {
  var seen: Set<String> = []
  for (index, name) in names.enumerated() {
    guard seen.insert(name).inserted else {
      throw problem(path + ["\(index)"], "uses the name '\(name)' a second time")
    }
  }
}
