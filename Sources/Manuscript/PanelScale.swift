import Experiments
import Figures

/// How long epochs and tasks are in the units of a panel's data: what its axis in epochs is drawn by, and the paper's
/// curves are put on ours by.
struct PanelScale {
  /// Steps of an epoch of a run, and of a task; nil for runs that are not known, and where there are no tasks.
  var steps: (_ run: String) -> (epoch: Double, task: Double?)?

  /// For artifacts without trained runs.
  static var none: PanelScale { PanelScale { _ in nil } }

  /// The panel with its axis in epochs resolved.
  ///
  /// - Throws: `BlockProblem` at the axis where its runs have no epochs, or epochs of different lengths.
  func resolved(_ panel: PanelSpecification, at path: [String]) throws -> PanelSpecification {
    guard panel.x.unit != nil else { return panel }
    var panel = panel
    panel.x.unit = nil
    panel.x.per = try stepsOfEpoch(in: panel.series, at: path + ["x", "unit"])
    return panel
  }

  private func stepsOfEpoch(in series: [SeriesSpecification], at path: [String]) throws -> Double {
    let lengths = Set(series.flatMap { $0.runs ?? [] }.compactMap { steps($0)?.epoch })
    guard let length = lengths.first else {
      throw BlockProblem(path: path, message: "is 'epoch', but the panel shows no trained runs")
    }
    guard lengths.count == 1 else {
      let numbers = lengths.sorted().map { "\(Int($0))" }.joined(separator: " and ")
      throw BlockProblem(
        path: path, message: "is 'epoch', but epochs of the panel's runs have \(numbers) steps")
    }
    return length
  }

  /// The published curves that belong to a panel's series, on the panel's x.
  ///
  /// - Parameters:
  ///   - figure: the artifact, whose published figure it is unless the panel names another.
  /// - Throws: `BlockProblem` for a panel or series that was not published, or that has no place on our axis.
  func published(
    _ panel: PanelSpecification, of figure: String, from shelf: PublishedShelf, at path: [String]
  ) throws -> [PublishedCurve] {
    guard let reference = panel.published else { return [] }
    let path = path + ["published"]
    let parts = reference.split(separator: "/", maxSplits: 1).map(String.init)
    let (source, name) = parts.count == 2 ? (parts[0], parts[1]) : (figure, reference)
    guard isName(source) else {
      throw BlockProblem(path: path, message: "is '\(reference)', which begins with no figure's name")
    }
    let panels: [String: [String: PublishedShelf.Curve]]
    do { panels = try shelf.figure(source) } catch {
      throw BlockProblem(path: path, message: "is '\(reference)', but \(error)")
    }
    guard let theirs = panels[name] else {
      throw BlockProblem(
        path: path,
        message: "is '\(reference)', which was not published; there are "
          + panels.keys.sorted().joined(separator: ", "))
    }
    var left = Set(theirs.keys)
    var curves: [PublishedCurve] = []
    for series in panel.series {
      let names = panel.publishedSeries?[series.id] ?? (theirs[series.id] == nil ? [] : [series.id])
      var points: [(x: Double, y: Double)] = []
      for name in names {
        guard let curve = theirs[name] else {
          throw BlockProblem(
            path: Array(path.dropLast()) + ["publishedSeries", series.id],
            message: "is '\(name)', which was not published in '\(reference)'; there are "
              + theirs.keys.sorted().joined(separator: ", "))
        }
        left.remove(name)
        points += try curve.points.map { (try place($0.x, curve.unit, series, in: panel, at: path), $0.y) }
      }
      guard !points.isEmpty else { continue }
      points.sort { $0.x < $1.x }
      curves.append(
        PublishedCurve(panel: panel.id, series: series.id, x: points.map(\.x), y: points.map(\.y)))
    }
    guard left.isEmpty else {
      throw BlockProblem(
        path: path,
        message:
          "is '\(reference)', whose series \(left.sorted().joined(separator: ", ")) none of the panel's "
          + "stands for; 'publishedSeries' says which does where the names differ")
    }
    return curves
  }

  /// Where x of a published curve stands on a panel's axis.
  private func place(
    _ x: Double, _ unit: PublishedShelf.Unit, _ series: SeriesSpecification, in panel: PanelSpecification,
    at path: [String]
  ) throws -> Double {
    func problem(_ message: String) -> BlockProblem {
      BlockProblem(path: path, message: "counts \(unit.rawValue)s, but \(message)")
    }
    switch unit {
    case .epoch:
      return try x * stepsOfEpoch(in: [series], at: path)
    case .task:
      if series.averagedOver == .task { return x }
      guard let length = (series.runs ?? []).lazy.compactMap({ steps($0)?.task }).first else {
        throw problem("the series '\(series.id)' has none")
      }
      return x * length
    case .example:
      guard !series.tableNames.isEmpty else { throw problem("the series '\(series.id)' is trained in steps") }
      return x * 1e6
    case .bar:
      guard let places = panel.x.categories?.count, x < Double(places) else {
        throw problem("the axis has no place \(x)")
      }
      return x
    case .width:
      guard let categories = panel.x.categories else { return x }
      guard let place = categories.firstIndex(where: { Double($0) == x }) else {
        throw problem("the axis has no place \(x)")
      }
      return Double(place)
    }
  }
}
