import Claims
import Console
import Figures
import Manuscript

/// What every artifact cost at the profiles that were run, here or by kept records, and what it would cost at the others.
enum ComputeTable {
  static func content(
    _ edition: Edition, plan: (Profile) throws -> Plan, estimate: ((ArtifactPlan) -> Double)?
  ) throws -> (columns: [ReportTable.Column], rows: [[ReportTable.Cell]]) {
    var rows: [[ReportTable.Cell]] = []
    for figure in edition.figures {
      rows.append(measured(figure.record, of: figure.record.origin == nil ? "measured" : kept))
      guard !figure.record.seeds.isEmpty else { continue }
      for profile in Profile.allCases where profile != figure.record.profile {
        if let record = try edition.records.find(figure.id, profile: profile) {
          rows.append(measured(record.record, of: kept))
        }
        if let estimate {
          rows.append(estimated(try plan(profile).artifact(figure.id), estimate: estimate))
        }
      }
    }
    rows.append(total(edition))
    return (
      [
        .words("Artifact"), .words("Profile"), .words("Source", width: 0.16), .number("Seeds"),
        .number("Runs"),
        .number("Core time"), .number("Longest stage"), .words("Cores of the machine"),
      ], rows
    )
  }

  private static let kept = "measured, kept record"

  private static func measured(_ record: FigureRecord, of source: String) -> [ReportTable.Cell] {
    let work = Work([record])
    return [
      .artifact(record.artifact), .words(record.seeds.isEmpty ? "any" : record.profile.rawValue),
      .words(source),
      .count(record.seeds.count), .count(work.runs), time(work.seconds), time(work.longest),
      .words(record.cores.map(String.init) ?? "not recorded"),
    ]
  }

  private static func estimated(_ plan: ArtifactPlan, estimate: (ArtifactPlan) -> Double) -> [ReportTable
    .Cell]
  {
    let runs = plan.jobs.filter { planned in
      switch planned.subject {
      case .run, .table: true
      case .images, .look, .claims, .figure, .kept: false
      }
    }
    return [
      .artifact(plan.artifact.block.id), .words(plan.artifact.profile.rawValue), .words("estimated"),
      .count(plan.artifact.seeds.count), .count(runs.count), time(estimate(plan)), .words(""), .words(""),
    ]
  }

  /// Runs that several artifacts share count once.
  private static func total(_ edition: Edition) -> [ReportTable.Cell] {
    let work = Work(edition.figures.map(\.record))
    return [
      .words("all, shared runs once"), .words(edition.scale.name), .words("measured"), .words(""),
      .count(work.runs), time(work.seconds), time(work.longest), .words("\(edition.summary.cores)"),
    ]
  }

  private static func time(_ seconds: Double) -> ReportTable.Cell {
    .rounded(Format.duration(seconds), seconds)
  }
}
