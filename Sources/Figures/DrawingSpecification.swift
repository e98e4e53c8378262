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
  public var title: String
  public var profile: Profile
  public var seeds: [UInt64]
  public var dataSets: [DataSet]
  /// Panels in a row.
  public var columns: Int
  /// Height of the axes over their width; by the number of columns if absent.
  public var aspect: Double?
  public var panels: [PanelSpecification]

  public init(
    artifact: String, title: String, profile: Profile, seeds: [UInt64], dataSets: [DataSet], columns: Int,
    aspect: Double?, panels: [PanelSpecification]
  ) {
    self.artifact = artifact
    self.title = title
    self.profile = profile
    self.seeds = seeds
    self.dataSets = dataSets
    self.columns = columns
    self.aspect = aspect
    self.panels = panels
  }
}
