/// A panel of a figure as a chapter declares it.
public struct PanelSpecification: Codable, Hashable, Sendable {
  /// The name by which claims and the CSV refer to the panel.
  public var id: String
  public var title: String
  public var x: AxisSpecification
  public var y: AxisSpecification
  /// A second vertical axis, for series on the right.
  public var right: AxisSpecification?
  public var series: [SeriesSpecification]
  /// Vertical lines where something happens.
  public var marks: [MarkSpecification]?
  /// Texts at places of the data.
  public var labels: [LabelSpecification]?
  /// Draws the data alone, without axes: a schematic.
  public var bare: Bool?

  public struct AxisSpecification: Codable, Hashable, Sendable {
    public var label: String
    /// `linear` (if absent) or `logarithmic`.
    public var scale: String?
    /// Lowest and highest value shown; from the data if absent.
    public var limits: [Double]?
  }

  public struct MarkSpecification: Codable, Hashable, Sendable {
    /// The run at whose end the line stands.
    public var endOf: String
    public var label: String
  }

  /// A text whose middle stands at a place of the data.
  public struct LabelSpecification: Codable, Hashable, Sendable {
    public var text: String
    public var x: Double
    public var y: Double
  }
}

/// One curve: either a metric of a run, or of runs that continue one another, averaged over layers and seeds;
/// or a curve of a table that was computed without training.
public struct SeriesSpecification: Codable, Hashable, Sendable {
  /// The name by which claims and the CSV refer to the series.
  public var id: String
  /// What the legend says; series with the same label and style share an entry.
  public var label: String
  /// The runs whose rows are joined, in order.
  public var runs: [String]?
  /// The metric's name in `metrics.csv`.
  public var metric: String?
  /// Layers to average over, with `*` for any text; absent for quantities of the whole network.
  public var layers: String?
  /// `training` (if absent) or `validation`: on which probe images a layer's metric was measured.
  public var probe: String?
  /// The computed table, and the curve in it; with `*` for any text, all curves that match, each a line of its own.
  public var table: String?
  public var curve: String?
  /// Belongs to the panel's right axis.
  public var onRight: Bool?
  public var style: StyleSpecification

  public struct StyleSpecification: Codable, Hashable, Sendable {
    /// The colour's place in the palette, from 0.
    public var color: Int
    /// `solid`, `dashed`, `dotted` or `dashdotted`.
    public var line: String
    /// Thin lines for what is only there to compare with.
    public var thin: Bool?
    /// Points that are not joined.
    public var dots: Bool?
    /// The dots' radius in points.
    public var radius: Double?
    /// The colour's pale tint.
    public var pale: Bool?
  }
}

extension PanelSpecification {
  /// Checks what the types cannot say.
  ///
  /// - Parameters:
  ///   - runs: the names of the artifact's runs.
  ///   - tables: the names of its computed tables.
  func validate(runs: Set<String>, tables: Set<String>, at path: [String]) throws {
    for (axis, name) in [(x, "x"), (y, "y"), (right ?? y, "right")] {
      if let scale = axis.scale, !["linear", "logarithmic"].contains(scale) {
        throw BlockProblem(
          path: path + [name, "scale"], message: "is '\(scale)'; known: linear, logarithmic")
      }
      if let limits = axis.limits, limits.count != 2 || !(limits[0] < limits[1]) {
        throw BlockProblem(
          path: path + [name, "limits"], message: "must be two numbers, the lower one first")
      }
    }
    try requireUnique(series.map(\.id), at: path + ["series"])
    for (index, series) in series.enumerated() {
      let place = path + ["series", "\(index)"]
      try series.validateSource(runs: runs, tables: tables, at: place)
      if series.onRight == true, right == nil {
        throw BlockProblem(path: place + ["onRight"], message: "needs the panel to have a 'right' axis")
      }
      guard ["solid", "dashed", "dotted", "dashdotted"].contains(series.style.line) else {
        throw BlockProblem(
          path: place + ["style", "line"],
          message: "is '\(series.style.line)'; known: solid, dashed, dotted, dashdotted")
      }
      guard (0...7).contains(series.style.color) else {
        throw BlockProblem(path: place + ["style", "color"], message: "must lie in 0…7")
      }
      if let radius = series.style.radius, series.style.dots != true || !(0.1...20).contains(radius) {
        throw BlockProblem(
          path: place + ["style", "radius"], message: "must lie in 0.1…20 and belong to 'dots'")
      }
      if let probe = series.probe, !["training", "validation"].contains(probe) {
        throw BlockProblem(
          path: place + ["probe"], message: "is '\(probe)'; known: training, validation")
      }
    }
    for (index, mark) in (marks ?? []).enumerated() {
      try requireName(mark.endOf, among: runs, kind: "run", at: path + ["marks", "\(index)", "endOf"])
    }
  }
}

extension SeriesSpecification {
  /// Throws unless the curve comes from runs or from a table, and from one that there is.
  fileprivate func validateSource(runs known: Set<String>, tables: Set<String>, at path: [String]) throws {
    if let table {
      guard runs == nil, metric == nil, layers == nil, probe == nil else {
        throw BlockProblem(path: path, message: "has both a table and runs to come from")
      }
      guard curve != nil else { throw BlockProblem(path: path + ["curve"], message: "is missing") }
      try requireName(table, among: tables, kind: "table", at: path + ["table"])
      return
    }
    guard curve == nil else {
      throw BlockProblem(path: path + ["curve"], message: "needs a 'table' to come from")
    }
    guard metric != nil else { throw BlockProblem(path: path + ["metric"], message: "is missing") }
    guard let runs, !runs.isEmpty else {
      throw BlockProblem(path: path + ["runs"], message: "is missing or empty")
    }
    for (position, run) in runs.enumerated() {
      try requireName(run, among: known, kind: "run", at: path + ["runs", "\(position)"])
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
