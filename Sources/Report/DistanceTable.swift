import Claims
import Figures
import Manuscript

/// Each of the paper's curves with ours: of a figure, the best run that there is, live or kept.
enum DistanceTable {
  static func content(
    _ edition: Edition, plan: (Profile) throws -> Plan
  ) throws -> (columns: [ReportTable.Column], rows: [[ReportTable.Cell]]) {
    var rows: [[ReportTable.Cell]] = []
    var sums = DistanceSums()
    for chapter in edition.chapters {
      for live in edition.figures where chapter.blocks.contains(where: { $0.id == live.id }) {
        let figure = try edition.best(of: live)
        let profile = figure.record.profile
        let artifact = try plan(profile).artifact(live.id)
        let distances = try artifact.published().compactMap { curve in
          figure.points(of: curve.name).flatMap { CurveDistance(curve, ours: $0) }
        }
        guard !distances.isEmpty else { continue }
        rows += distances.map { row($0, of: live.id, profile: profile.rawValue) }
        rows.append(row(DistanceSummary(distances), .artifact(live.id), profile: profile.rawValue))
        let panels = artifact.artifact.panels.filter(\.hasCurvesOfItsOwnFigure).map(\.id)
        sums.add(
          DistanceSummary(distances.filter { panels.contains($0.panel) }), of: chapter.title, at: profile)
      }
    }
    rows += sums.parts.map { row($0.sum, .words($0.chapter), profile: $0.profile.rawValue) }
    rows.append(row(sums.all, .words("all figures"), profile: ""))
    return (
      [
        .words("Artifact"), .words("Panel", width: 0.1), .words("Series", width: 0.1), .words("Profile"),
        .number("Start, paper"), .number("Start, here"), .number("Extreme, paper"), .number("Extreme, here"),
        .number("End, paper"), .number("End, here"), .words("Direction", width: 0.09),
        .words("Error of the end", width: 0.09), .words("Order of the ends", width: 0.06),
      ], rows
    )
  }

  private static func row(
    _ distance: CurveDistance, of artifact: String, profile: String
  ) -> [ReportTable.Cell] {
    let (theirs, ours) = (distance.published, distance.ours)
    let error = distance.errorOfEnd
    return [
      .artifact(artifact), .code(distance.panel), .code(distance.series), .words(profile),
      .numeral(theirs.start), .numeral(ours.start), .numeral(theirs.extreme), .numeral(ours.extreme),
      .numeral(theirs.end), .numeral(ours.end),
      .words("\(word(theirs.direction)), here \(word(ours.direction))"),
      .rounded((try? Numeral(error, like: "0 %").text) ?? "", error), .words(""),
    ]
  }

  private static func row(
    _ summary: DistanceSummary, _ name: ReportTable.Cell, profile: String
  ) -> [ReportTable.Cell] {
    [
      name, .words("together"), .words("\(summary.curves) curves"), .words(profile),
    ] + [ReportTable.Cell](repeating: .words(""), count: 6) + [
      .words("\(summary.sameDirection) of \(summary.curves) the same"),
      .words("\(summary.nearEnds) of \(summary.curves) within 10 %"),
      .words("\(summary.sameOrder) of \(summary.pairs) pairs"),
    ]
  }

  private static func word(_ direction: Int) -> String {
    direction > 0 ? "up" : direction < 0 ? "down" : "level"
  }
}
