import Figures
import Manuscript

/// A table's block: what it tells, and what a run cannot know of it.
public struct TableSpecification: Codable, Hashable, Sendable {
  public enum Kind: String, Codable, Sendable {
    /// Every claim with its verdict.
    case claims
    /// How many claims of each figure came out how.
    case overview
    /// Networks, optimisers and data, as the blocks declare them.
    case setup
    /// Where the paper's text and its released code differ, and what we do.
    case differences
    /// What the runs cost.
    case compute
    /// The paper's curves beside ours.
    case distance
    /// The points of a panel: a row for each series, a column for each place of its axis, the published value beside ours.
    case cells
  }

  /// A matter in which text and code differ.
  public struct Difference: Codable, Hashable, Sendable {
    public var matter: String
    public var text: String
    public var code: String
    public var ours: String
    /// What the difference amounts to, as measured: prose with quotations.
    public var effect: String?
  }

  public var table: Kind
  public var title: String
  public var note: String
  /// Of a table of differences.
  public var rows: [Difference]?
  /// Of a table of cells: the panel, as `fig-d.6.small`.
  public var panel: String?

  /// A table with the block that declares it.
  public struct Declared: Sendable {
    public let block: ArtifactBlock
    public let specification: TableSpecification

    /// - Throws: `ManuscriptError` for a block that cannot be meant.
    public init(_ block: ArtifactBlock, profile: Profile) throws {
      self.block = block
      specification = try block.decoded(as: TableSpecification.self, profile: profile)
      guard (specification.panel != nil) == (specification.table == .cells) else {
        throw ManuscriptError(
          file: block.file, line: block.fenceLine,
          message: "\(block.id): a panel belongs to tables of cells, and these need it")
      }
      guard (specification.rows != nil) == (specification.table == .differences) else {
        throw ManuscriptError(
          file: block.file, line: block.fenceLine,
          message: "\(block.id): rows belong to tables of differences, and these need them")
      }
    }

    /// The figures that the table speaks of, of all that there are.
    public func figures(among all: [String]) -> [String] {
      switch specification.table {
      case .claims, .overview, .compute, .distance: return all
      case .setup: return []
      case .cells: return CellsTable.place(specification.panel ?? "").map { [$0.figure] } ?? []
      case .differences:
        let quoted = Set(Prose.quotations(in: block.text).filter { $0.profile == nil }.map(\.source))
        // What is said of the whole report needs all of it.
        return quoted.contains("report") ? all : all.filter(quoted.contains)
      }
    }
  }
}

/// Makes tables from an edition and the plans behind it.
public struct TableBuilder {
  private let edition: Edition
  /// The plan at a profile, on the data of the edition.
  private let plan: (Profile) throws -> Plan
  /// What was run, or would be, at each profile that the setup is told of.
  private let setups: () throws -> [PlannedSetup]
  /// What an artifact would take at a profile, in seconds of one core; nil where nothing is known by which to say so.
  private let estimate: ((ArtifactPlan) -> Double)?
  /// The shape and the number of classes of a data set, and whether it is real at a profile.
  private let source: (_ set: String, Profile) throws -> PlannedDataSource

  public init(
    _ edition: Edition, plan: @escaping (Profile) throws -> Plan,
    setups: @escaping () throws -> [PlannedSetup], estimate: ((ArtifactPlan) -> Double)?,
    source: @escaping (_ set: String, Profile) throws -> PlannedDataSource
  ) {
    self.edition = edition
    self.plan = plan
    self.setups = setups
    self.estimate = estimate
    self.source = source
  }

  /// The table that a block declares.
  public func table(_ declared: TableSpecification.Declared) throws -> ReportTable {
    let specification = declared.specification
    typealias Content = (columns: [ReportTable.Column], rows: [[ReportTable.Cell]])
    var note = specification.note
    let content: Content
    switch specification.table {
    case .claims: content = ClaimsTable.content(edition)
    case .overview: content = try OverviewTable.content(edition)
    case .setup: content = try SetupTable.content(setups(), source: source)
    case .differences:
      content = try DifferencesTable.content(specification.rows ?? [], in: declared.block, of: edition)
    case .compute: content = try ComputeTable.content(edition, plan: plan, estimate: estimate)
    case .distance: content = try DistanceTable.content(edition, plan: plan)
    case .cells:
      let cells = try CellsTable(specification.panel ?? "", of: edition, plan: plan, source: source)
      content = (cells.columns, cells.rows)
      note = "\(cells.head) \(note)"
    }
    return ReportTable(
      id: declared.block.id, title: specification.title, note: note, columns: content.columns,
      rows: content.rows)
  }
}
