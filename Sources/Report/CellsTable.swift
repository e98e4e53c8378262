import Claims
import Console
import Figures
import Manuscript
import Training

/// The points of a panel whose axis has named places: a row for each series and, for each place, our mean with half of its
/// 95 % interval over seeds, the published value, and whether that lies in the interval.
struct CellsTable {
  let columns: [ReportTable.Column]
  let rows: [[ReportTable.Cell]]
  /// What ours were made with and how cells are read, for the table's note.
  let head: String

  /// The figure and the panel that `fig-d.6.small` names, nil if it names none.
  static func place(_ name: String) -> (figure: String, panel: String)? {
    guard let dot = name.lastIndex(of: "."), name.hasPrefix("fig-") else { return nil }
    let (figure, panel) = (String(name[..<dot]), String(name[name.index(after: dot)...]))
    return figure.count > 4 && !panel.isEmpty ? (figure, panel) : nil
  }

  /// - Parameter source: the number of classes and images of a data set, as it is chosen in a profile.
  /// - Throws: ``ReportError`` for a panel that is none or has no named places.
  init(
    _ name: String, of edition: Edition, plan: (Profile) throws -> Plan,
    source: (_ set: String, Profile) throws -> PlannedDataSource
  ) throws {
    guard let (id, panelName) = Self.place(name),
      let live = edition.figures.first(where: { $0.id == id })
    else { throw ReportError("'\(name)' names no panel of a figure, as 'fig-d.6.small' would") }
    // The best run that there is, live or kept.
    let figure = try edition.best(of: live)
    let profile = figure.record.profile
    guard let declared = try Self.declaration(of: panelName, in: id, preferring: profile, plan: plan),
      let places = declared.panel.x.categories
    else { throw ReportError("\(id) has no panel '\(panelName)' with named places on its x axis") }
    let published = try declared.artifact.published().filter { $0.panel == panelName }
    let isRun = declared.profile == profile
    rows = try declared.panel.series.map { series in
      try Self.row(
        series.label, profile: isRun ? profile.rawValue : "not run",
        ours: isRun ? figure.spans(of: "\(panelName).\(series.id)") ?? [] : [],
        theirs: published.first { $0.series == series.id }, places: places.count)
    }
    columns =
      [.words("Method"), .words("Profile")]
      + places.flatMap { [.number($0), .number("paper, \($0)"), .words("verdict, \($0)")] }
    let isSynthetic = figure.record.dataSets.contains(where: \.synthetic)
    head = Self.head(
      figure.record, isRun: isRun,
      trainings: try declared.artifact.trainings.map {
        let images = try source($0.data.set, profile)
        return Self.words(for: $0, images: images.isSynthetic == isSynthetic ? images : nil)
      })
  }

  /// A row: in each place ours, the published value and the verdict.
  static func row(
    _ label: String, profile: String, ours: [PublishedFigure.Span], theirs: PublishedCurve?, places: Int
  ) throws -> [ReportTable.Cell] {
    try [.words(label), .words(profile)]
      + (0..<places).flatMap { place -> [ReportTable.Cell] in
        let span = ours.first { $0.x == Double(place) }
        let value = theirs?.value(at: Double(place))
        return [try cell(span), try number(value), .sign(value.map { verdict(on: $0, by: span) })]
      }
  }

  /// Whether a published value lies in our interval over seeds; of one seed there is none.
  static func verdict(on published: Double, by ours: PublishedFigure.Span?) -> Verdict {
    guard let ours else { return .notTested }
    guard ours.count > 1, ours.low.isFinite, ours.high.isFinite else { return .undecided }
    return (ours.low...ours.high).contains(published) ? .reproduced : .notReproduced
  }

  /// What ours were made with, off the record, and what the signs say.
  ///
  /// - Parameter trainings: what the runs are trained on, in words; of equal ones the first is taken.
  static func head(_ record: FigureRecord, isRun: Bool, trainings: [String]) -> String {
    guard isRun else { return "Ours: not run at \(record.profile.rawValue)." }
    let tasks = trainings.indices.filter { trainings.firstIndex(of: trainings[$0]) == $0 }.map {
      trainings[$0]
    }
    let seeds = record.seeds.map(String.init).joined(separator: ", ")
    let facts =
      ["profile \(record.profile.rawValue)", record.images] + tasks
      + ["seed\(record.seeds.count == 1 ? "" : "s") \(seeds)"]
    let spread = record.seeds.count > 1 ? ", the mean over them ± half of its 95 % interval" : ""
    let signs = Verdict.allCases.map { "\($0.sign) \($0.rawValue)" }.joined(separator: ", ")
    return "Ours: \(facts.joined(separator: "; "))\(spread). Verdicts: whether the published value lies in "
      + "our 95 % interval over seeds (\(signs); one seed decides nothing)."
  }

  /// "100 tasks of 2 classes, each 10 epochs on 200 training images".
  ///
  /// - Parameter images: the set that they are of; nil where it is not at hand.
  static func words(for training: TrainingSpecification, images: PlannedDataSource?) -> String {
    guard var tasks = training.tasks else { return "\(training.epochs) epochs" }
    tasks.trained = nil
    let wanted = tasks.imagesPerClass ?? images.map { $0.trainingImages / max($0.classes, 1) }
    let perClass = wanted.map { $0 - (tasks.heldOut ?? 0) }
    let isGrowing = tasks.order == .growing
    let count = perClass.map { Format.grouped(isGrowing ? $0 : $0 * tasks.classes) } ?? "all"
    let ofTask = "\(count) training images" + (isGrowing ? " of each class" : "")
    return "\(tasks.inWords), each \(Format.grouped(tasks.epochs)) epochs on \(ofTask)"
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
