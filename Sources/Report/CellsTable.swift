import Claims
import Figures
import Manuscript

/// The points of a panel whose axis has named places: a row for each series, a column for each place, and in each cell our
/// mean with its 95 % interval over seeds and the published value.
enum CellsTable {
  /// The figure and the panel that `fig-d.6.small` names, nil if it names none.
  static func place(_ name: String) -> (figure: String, panel: String)? {
    guard let dot = name.lastIndex(of: "."), name.hasPrefix("fig-") else { return nil }
    let (figure, panel) = (String(name[..<dot]), String(name[name.index(after: dot)...]))
    return figure.count > 4 && !panel.isEmpty ? (figure, panel) : nil
  }

  static func content(
    _ name: String, of edition: Edition, plan: (Profile) throws -> Plan
  ) throws -> (columns: [ReportTable.Column], rows: [[ReportTable.Cell]]) {
    guard let (id, panelName) = place(name), let live = edition.figures.first(where: { $0.id == id }) else {
      throw ReportError("'\(name)' names no panel of a figure, as 'fig-d.6.small' would")
    }
    // The best run that there is, live or kept.
    let figure = try edition.best(of: live)
    let profile = figure.record.profile
    guard let declared = try declaration(of: panelName, in: id, preferring: profile, plan: plan),
      let places = declared.panel.x.categories
    else { throw ReportError("\(id) has no panel '\(panelName)' with named places on its x axis") }
    let published = try declared.artifact.published().filter { $0.panel == panelName }
    let isRun = declared.profile == profile
    let rows = try declared.panel.series.map { series -> [ReportTable.Cell] in
      let theirs = published.first { $0.series == series.id }
      let ours = isRun ? figure.spans(of: "\(panelName).\(series.id)") ?? [] : []
      return try [.words(series.label), .words(isRun ? profile.rawValue : "not run")]
        + places.indices.flatMap { place -> [ReportTable.Cell] in
          [
            try cell(ours.first { $0.x == Double(place) }),
            try number(theirs?.value(at: Double(place))),
          ]
        }
    }
    let heads = places.flatMap { [ReportTable.Column.number($0), .number("paper, \($0)")] }
    return ([.words("Method"), .words("Profile")] + heads, rows)
  }

  /// The panel as a profile has it: what a smaller one leaves out has its published values all the same.
  private static func declaration(
    of panel: String, in figure: String, preferring profile: Profile, plan: (Profile) throws -> Plan
  ) throws -> (profile: Profile, artifact: ArtifactPlan, panel: PanelSpecification)? {
    for candidate in [profile] + Profile.allCases {
      let artifact = try plan(candidate).artifact(figure)
      if let panel = artifact.artifact.panels.first(where: { $0.id == panel }) {
        return (candidate, artifact, panel)
      }
    }
    return nil
  }

  private static func cell(_ span: PublishedFigure.Span?) throws -> ReportTable.Cell {
    guard let span, span.count > 1 else { return try number(span?.y) }
    let half = try Numeral((span.high - span.low) / 2, like: pattern).text
    return .rounded("\(try Numeral(span.y, like: pattern).text) ± \(half)", span.y)
  }

  private static func number(_ value: Double?) throws -> ReportTable.Cell {
    .rounded(try value.map { try Numeral($0, like: pattern).text } ?? "", value)
  }

  /// As the published values are printed.
  private static let pattern = "0.000"
}
