import Figures
import Specifications

/// What `judge` does, besides its inputs: the claims, and the panels whose curves they speak of.
public struct JudgementSpecification: Codable, Hashable, Sendable {
  /// The file that `judge` writes: a list of ``ClaimResult``s.
  public static let fileName = "claims.json"

  public var artifact: String
  public var profile: Profile
  public var seeds: [UInt64]
  public var panels: [PanelSpecification]
  public var claims: [ClaimSpecification]
  /// The paper's own curves, on which claims are judged too.
  public var published: [PublishedCurve]

  public init(
    artifact: String, profile: Profile, seeds: [UInt64], panels: [PanelSpecification],
    claims: [ClaimSpecification], published: [PublishedCurve] = []
  ) {
    self.artifact = artifact
    self.profile = profile
    self.seeds = seeds
    self.panels = panels.map(\.withoutLooks)
    self.claims = claims
    self.published = published
  }

  /// Rejects what cannot be judged, naming the key.
  public func validate() throws(SpecificationProblem) {
    try requireFileName(artifact, "artifact")
    try requireSeeds(seeds)
    try panels.validate(isDrawn: false)
    try claims.validate(on: panels)
    try published.validate(on: panels)
  }

  /// Judges every claim, and puts it to the paper's curves as far as ours go.
  ///
  /// - Throws: ``ClaimExpressionError`` or `UnknownCurve` for a claim that speaks of nothing.
  public func results(on data: FigureData) throws -> [ClaimResult] {
    try claims.map { try ClaimResult($0, data: data, published: published, profile: profile) }
  }

  /// Judges every claim by the values in the record of a figure that was kept.
  ///
  /// - Parameter data: the curves that were kept with it.
  /// - Throws: ``ClaimExpressionError`` for a claim that cannot be read.
  public func results(on record: FigureRecord, with data: FigureData) throws -> [ClaimResult] {
    try claims.map {
      try ClaimResult($0, kept: record, curves: data, published: published, profile: profile)
    }
  }
}

extension PanelSpecification {
  /// The panel's curves alone: what claims can speak of. A new title, colour or limit judges nothing again.
  fileprivate var withoutLooks: PanelSpecification {
    var panel = self
    panel.title = ""
    panel.marks = nil
    panel.labels = nil
    panel.bare = nil
    panel.published = nil
    panel.publishedSeries = nil
    panel.x = AxisSpecification(label: "", categories: x.categories)
    panel.y = AxisSpecification(label: "")
    panel.right = nil
    panel.color = nil
    panel.series = series.map { series in
      var series = series
      series.label = ""
      series.onRight = nil
      series.style = SeriesSpecification.StyleSpecification(color: 0, line: "solid")
      return series
    }
    return panel
  }
}
