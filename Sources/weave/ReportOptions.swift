import Console
import ContentStore
import Figures
import Manuscript
import Report

/// What the commands that write parts of the report share.
struct ReportOptions {
  var plan: PlanOptions
  private let records: CommandLineOptions.Option<String>
  private let commit: CommandLineOptions.Option<String>

  init(_ command: String, _ summary: String) {
    plan = PlanOptions(command, summary)
    records = plan.text(
      "records", value: "FOLDER", default: "paper/records", help: "results kept with the chapters")
    commit = plan.text("commit", value: "NAME", default: "", help: "the commit that the sources are of")
  }

  /// What the report is made from.
  ///
  /// - Parameter figures: those that are needed; all if nil.
  func edition(_ parsed: PlanOptions.Parsed, figures: Set<String>? = nil) throws -> Edition {
    try Edition(
      chapters: parsed.chapters(), figures: figures, in: parsed.figuresFolder,
      records: parsed.arguments[records], scale: scale(parsed), commit: parsed.arguments[commit])
  }

  /// At what scale the figures are drawn.
  private func scale(_ parsed: PlanOptions.Parsed) -> ReportScale {
    let source = parsed.from.map { $0 == parsed.arguments[records] ? "records" : $0 }
    return ReportScale(profile: parsed.profile, source: source, isBest: source != nil && parsed.isBest)
  }

  /// Makes tables from an edition.
  func builder(_ edition: Edition, _ parsed: PlanOptions.Parsed) throws -> TableBuilder {
    let store = try parsed.store()
    var plans: [Profile: Plan] = [:]
    func plan(_ profile: Profile) throws -> Plan {
      if let plan = plans[profile] { return plan }
      let plan = try parsed.plan(profile: profile)
      plans[profile] = plan
      return plan
    }
    if let source = try parsed.foreign() {
      let planner = try parsed.foreignPlan(source)
      return TableBuilder(
        edition, plan: plan, setups: { try planner.setups(parsed.profile, isBest: parsed.isBest) },
        estimate: nil,
        source: { set, profile in
          try source.dataSource(of: set, profile: profile, choice: parsed.dataChoice)
            ?? parsed.source(of: set)
        })
    }
    let rates = StageRates(try plan(parsed.profile).jobs, store: store)
    return TableBuilder(
      edition, plan: plan,
      setups: {
        try Profile.allCases.flatMap { try plan($0).artifacts }.map { PlannedSetup($0, seeds: $0.seeds) }
      }, estimate: { rates.seconds(for: $0.jobs) }, source: { set, _ in try parsed.source(of: set) })
  }
}
