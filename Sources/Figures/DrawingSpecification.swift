import Specifications

/// What `plot` draws, besides its inputs: the panels, and what the figure says of itself.
public struct DrawingSpecification: Codable, Hashable, Sendable {
  /// A set of images that the figure rests on, as its footer names it.
  public struct DataSet: Codable, Hashable, Sendable {
    /// It says when the set is synthetic, and how its images were made smaller.
    public var title: String
    public var synthetic: Bool

    public init(title: String, synthetic: Bool) {
      self.title = title
      self.synthetic = synthetic
    }
  }

  public var artifact: String
  /// What catalogues know the paper by that the figure is from, `arXiv:2510.00304`; nil if the chapters name none.
  public var paper: String?
  public var title: String
  public var profile: Profile
  public var seeds: [UInt64]
  public var dataSets: [DataSet]
  /// Panels in a row.
  public var columns: Int
  /// Height of the axes over their width; by the number of columns if absent.
  public var aspect: Double?
  public var panels: [PanelSpecification]
  /// The curves of the paper that stand beneath ours.
  public var published: [PublishedCurve]
  /// Whose results are drawn and of when, in a line; nil for those that were made here.
  public var provenance: String?

  /// The name of the second picture of an artifact whose runs are shorter than the paper's: ours with all of theirs.
  public static func companionName(of artifact: String) -> String { artifact + ".original" }

  public init(
    artifact: String, paper: String? = nil, title: String, profile: Profile, seeds: [UInt64],
    dataSets: [DataSet], columns: Int, aspect: Double?, panels: [PanelSpecification],
    published: [PublishedCurve] = []
  ) {
    self.artifact = artifact
    self.paper = paper
    self.title = title
    self.profile = profile
    self.seeds = seeds
    self.dataSets = dataSets
    self.columns = columns
    self.aspect = aspect
    self.panels = panels
    self.published = published
  }

  /// Rejects what cannot be drawn, naming the key.
  public func validate() throws(SpecificationProblem) {
    try requireFileName(artifact, "artifact")
    try requireLine(title, "title")
    if let paper { try requireLine(paper, upTo: 400, "paper") }
    if let provenance { try requireLine(provenance, upTo: 400, "provenance") }
    try requireSeeds(seeds)
    try requireCount(dataSets.count, in: 0...100, "dataSets")
    for (index, set) in dataSets.enumerated() { try requireLine(set.title, "dataSets.\(index).title") }
    try require(columns, in: 1...6, "columns")
    if let aspect { try require(aspect, in: 0.2...5, "aspect") }
    try panels.validate()
    try published.validate(on: panels)
  }
}

/// Rejects seeds that stand there twice, or more than anyone has.
public func requireSeeds(_ seeds: [UInt64]) throws(SpecificationProblem) {
  try requireCount(seeds.count, in: 0...1_000, "seeds")
  try requireUnique(seeds.map { "\($0)" }, at: ["seeds"])
}

extension [PanelSpecification] {
  /// Rejects what cannot be drawn or, of panels without looks, gathered.
  public func validate(isDrawn: Bool = true) throws(SpecificationProblem) {
    try requireCount(count, in: 1...200, "panels")
    for (index, panel) in enumerated() {
      do { try panel.validate(isDrawn: isDrawn) } catch { throw error.below("panels.\(index)") }
    }
    try requireUnique(map(\.id), at: ["panels"])
  }
}
