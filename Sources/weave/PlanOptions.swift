import Console
import ContentStore
import ExperimentFamilies
import Figures
import Foundation
import ImageSources
import LinearAlgebra
import Manuscript
import Report
import Stages

/// The options of every command that needs the plan, and the plan itself.
struct PlanOptions {
  private var options: CommandLineOptions
  private let chapters: CommandLineOptions.Option<String>
  private let sources: CommandLineOptions.Option<String?>
  private let profile: CommandLineOptions.Option<Profile>
  private let data: CommandLineOptions.Option<DataSetChoice>
  private let dataFolder: CommandLineOptions.Option<String>
  private let digests: CommandLineOptions.Option<String>
  private let store: CommandLineOptions.Option<String>
  private let figures: CommandLineOptions.Option<String>
  private let seeds: CommandLineOptions.Option<Int?>
  private let from: CommandLineOptions.Option<String?>
  private let best: CommandLineOptions.Option<Bool>
  private let keptOnly: CommandLineOptions.Option<Bool>
  private let signers: CommandLineOptions.Option<String?>

  init(_ command: String, _ summary: String) {
    options = CommandLineOptions(tool: "weave \(command)", summary: summary)
    chapters = options.option(
      "chapters", String.self, value: "FOLDER", default: "paper", help: "the chapters")
    sources = options.optional(
      "sources", String.self, value: "FOLDER",
      help:
        "what would run with other sources than these programs were built from; Package.swift lies beside them"
    )
    profile = options.option(
      "profile", Profile.self, value: "NAME", default: .quick, help: "how much to spend")
    data = options.option(
      "data", DataSetChoice.self, value: "WHICH", default: .auto,
      help: "real images, the synthetic set, or what there is")
    dataFolder = options.option(
      "data-dir", String.self, value: "FOLDER", default: "data", help: "where the official files are")
    digests = options.option(
      "digests", String.self, value: "FOLDER", default: ".graph/digests",
      help: "where the digests of large official folders are remembered")
    store = options.option(
      "store", String.self, value: "FOLDER", default: ".store", help: "where results are kept")
    figures = options.option(
      "figures", String.self, value: "FOLDER", default: "figures", help: "where figures are published")
    seeds = options.optional(
      "seeds", Int.self, value: "N", in: .from(1...1_000), help: "seeds instead of the profile's")
    from = options.optional(
      "from", String.self, value: "PLACE", help: "a folder or an address of published results to draw from")
    signers = options.optional(
      "signers", String.self, value: "FILE",
      help: "with --from, whose signature the index must have: a public key, or SSH's allowed signers")
    keptOnly = options.flag(
      "kept-only",
      help: "with --from, refuse figures of which nothing is kept there and runs would be made here")
    best = options.flag(
      "best", help: "with --from, each figure at the largest profile that is published there")
  }

  mutating func required(_ name: String, value: String, help: String) -> CommandLineOptions.Option<String> {
    options.required(name, String.self, value: value, help: help)
  }

  mutating func text(
    _ name: String, value: String, default: String, help: String
  ) -> CommandLineOptions.Option<String> {
    options.option(name, String.self, value: value, default: `default`, help: help)
  }

  mutating func number(
    _ name: String, value: String, in range: ClosedRange<Int>, help: String
  ) -> CommandLineOptions.Option<Int?> {
    options.optional(name, Int.self, value: value, in: .from(range), help: help)
  }

  mutating func flag(_ name: String, help: String) -> CommandLineOptions.Option<Bool> {
    options.flag(name, help: help)
  }

  mutating func positional(_ name: String, help: String) -> CommandLineOptions.Option<String> {
    options.positional(name, String.self, help: help)
  }

  mutating func positionals(_ name: String, help: String) -> CommandLineOptions.Option<[String]> {
    options.positionals(name, String.self, help: help)
  }

  func parse(_ arguments: [String]) throws -> Parsed {
    // The plan names the kernels that stages will compute with.
    BLASKernel.selectPreferred(instructionSet: Build.current.environment["instructionSet"] ?? "")
    return Parsed(options: self, arguments: try options.parse(arguments))
  }

  /// The options with their values.
  struct Parsed {
    fileprivate let options: PlanOptions
    let arguments: ParsedArguments

    var profile: Profile { arguments[options.profile] }
    /// What decides which results are asked for, in words.
    var settings: String {
      let seeds = arguments[options.seeds].map { " SEEDS=\($0)" } ?? ""
      return
        "PROFILE=\(profile.rawValue) DATA=\(dataChoice.rawValue) DATA_DIR=\(arguments[options.dataFolder]) "
        + "CHAPTERS=\(chaptersFolder)\(seeds)\(from.map { " FROM=\($0)" } ?? "") ISA=\(Build.current.environment["instructionSet"] ?? "none") "
        + "in \(FileManager.default.currentDirectoryPath)"
    }
    var dataChoice: DataSetChoice { arguments[options.data] }
    var figuresFolder: String { arguments[options.figures] }

    /// Whether other seeds were asked for than the chapters'.
    var hasOwnSeeds: Bool { arguments[options.seeds] != nil }
    /// Whether each figure is to be drawn at the largest profile that is published.
    var isBest: Bool { arguments[options.best] }

    /// Whether figures of which nothing is kept are refused, rather than made here.
    var isKeptOnly: Bool { arguments[options.keptOnly] }

    /// Where published results are taken from; nil for what is made here.
    var from: String? { arguments[options.from] }

    /// The published results that are drawn from; nil without `--from`.
    ///
    /// - Parameter isFresh: looks at the place anew.
    func foreign(isFresh: Bool = false) throws -> ForeignSource? {
      guard let from else { return nil }
      if !isFresh, let known = ForeignSources.known[from] { return known }
      let source = try ForeignSource(
        from, store: store(), isFresh: isFresh, signers: arguments[options.signers])
      ForeignSources.known[from] = source
      return source
    }

    func store() throws -> Store { try Store(root: arguments[options.store]) }

    var storeFolder: String { arguments[options.store] }
    var dataFolder: String { arguments[options.dataFolder] }
    /// Whether the plan is for the sources that this program was built from.
    var isForBuiltSources: Bool { arguments[options.sources] == nil }

    var chaptersFolder: String { arguments[options.chapters] }

    /// The chapters, among which one at least declares something.
    ///
    /// - Parameter choice: whether they are for official data, where blocks prefer sets that are there.
    func chapters(_ choice: DataSetChoice? = nil) throws -> [Chapter] {
      let chapters = try Chapter.all(in: chaptersFolder, dataSets: dataSets(choice ?? dataChoice))
      guard chapters.contains(where: { !($0.blocks.isEmpty && $0.tables.isEmpty) }) else {
        throw ManuscriptError(
          file: chaptersFolder, message: "has no chapter (*.md) that declares an artifact (CHAPTERS=)")
      }
      return chapters
    }

    /// The names of the data sets of which official data are there, or that published results rest on.
    private func dataSets(_ choice: DataSetChoice) throws -> Set<String> {
      guard choice != .synthetic else { return [] }
      if let source = try foreign() { return source.officialDataSets }
      let locator = try locator(choice)
      return Set(
        DataSetDescription.all.filter { locator.officialSource(of: $0) != nil }.map(\.name))
    }

    /// The tables that the chapters declare, and the figures of which they speak.
    func tableTargets() throws -> [MakeGraph.TableTarget] {
      let figures = try chapters().flatMap(\.blocks).map(\.id)
      return try chapters().flatMap(\.tables).map { block in
        MakeGraph.TableTarget(
          id: block.id,
          figures: try TableSpecification.Declared(block, profile: profile).figures(among: figures))
      }
    }

    /// Finds data sets in a folder that is there, if it was named.
    private func locator(_ choice: DataSetChoice) throws -> DataSetLocator {
      let folder = arguments[options.dataFolder]
      if choice != .synthetic {
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder)
        if !isThere, folder != Self.usualDataFolder {
          throw MissingDataFolder(folder: folder, why: "is not there")
        }
        if isThere, !isFolder.boolValue { throw MissingDataFolder(folder: folder, why: "is no folder") }
        if isThere, access(folder, R_OK | X_OK) != 0 {
          throw MissingDataFolder(folder: folder, why: "cannot be read: \(String(cString: strerror(errno)))")
        }
      }
      return DataSetLocator(dataFolder: folder)
    }

    private static let usualDataFolder = "data"

    /// Where a data set comes from.
    func source(of set: String) throws -> PlannedDataSource { try source(of: set, choice: dataChoice) }

    /// Where a data set comes from if it is to be real, synthetic, or what there is.
    func source(of set: String, choice: DataSetChoice) throws -> PlannedDataSource {
      let locator = try locator(choice)
      let cache = SourceDigestCache(folder: arguments[options.digests])
      return try PlannedDataSource(locator.source(of: set, choice: choice), cache: cache)
    }

    /// The plan of the chapters in the chosen profile, or in another one, on the chosen data or on others; from published
    /// results, where some are named.
    ///
    /// - Parameter assumingEarlierImages: for images that are not prepared by the present sources, take those that
    ///   earlier ones made: most changes of the sources leave the images as they were.
    func plan(
      profile: Profile? = nil, data: DataSetChoice? = nil, assumingEarlierImages: Bool = true
    ) throws -> Plan {
      guard let source = try foreign() else {
        return try ownPlan(profile ?? self.profile, data: data, assumingEarlierImages: assumingEarlierImages)
      }
      return try foreignPlan(source).plan(profile ?? self.profile, isBest: profile == nil && isBest).plan
    }

    /// What a plan from published results is made of.
    func foreignPlan(_ source: ForeignSource) throws -> ForeignPlan {
      try ForeignPlan(source, parsed: self) { profile, source in try ownPlan(profile, source: source) }
    }

    /// The plan of everything as it is made here.
    ///
    /// - Parameter source: what tells of the data, instead of the data folder.
    private func ownPlan(
      _ profile: Profile, data: DataSetChoice? = nil, assumingEarlierImages: Bool = true,
      source: ForeignSource? = nil
    ) throws -> Plan {
      let cache = SourceDigestCache(folder: arguments[options.digests])
      let choice = data ?? dataChoice
      let prepared = PreparedContents(try store(), assumingEarlier: assumingEarlierImages)
      let context = PlanningContext(
        profile: profile, seeds: arguments[options.seeds],
        fingerprints: try fingerprints(), environment: environment(),
        dataSource: {
          try source?.dataSource(of: $0, profile: profile, choice: choice)
            ?? PlannedDataSource(locator(choice).source(of: $0, choice: choice), cache: cache)
        },
        preparedContents: { try source?.preparedContents($0) ?? prepared.digest(of: $0) })
      let plan = try Plan(chapters: chapters(choice), context: context)
      try plan.requirePanels()
      return plan
    }

    /// The sources that keys are made of: those that these programs were built from, unless others are named.
    private func build() throws -> Build {
      guard let sources = arguments[options.sources] else { return .current }
      let folder = (sources as NSString).deletingLastPathComponent
      return Build(
        sources: try SourceRecord(
          sourcesFolder: sources,
          packageManifest: (folder.isEmpty ? "." : folder) + "/Package.swift"),
        environment: Build.current.environment)
    }

    /// What results are computed with: the build's tools, and the BLAS kernels that stages will select here.
    func environment() -> [String: String] {
      Build.current.environment.merging(["blasKernel": BLASKernel.name]) { $1 }
    }

    /// The digests of the modules that results owe themselves to: of every stage's, and of every family's.
    private func fingerprints() throws -> [String: String] {
      let build = try build()
      let modules = Stage.allCases.map(\.rawValue) + ExperimentRegistry.families.map(\.module)
      var result: [String: String] = [:]
      for module in modules { result[module] = try build.fingerprint(of: module).digest }
      return result
    }

    /// The files and digests that a module's fingerprint is made from.
    func sources(of module: String) throws -> [String: String] {
      try build().fingerprint(of: module).files
    }
  }
}

/// A folder for the official files was named that cannot be looked into.
struct MissingDataFolder: Error, Equatable, CustomStringConvertible {
  let folder: String
  let why: String
  var description: String {
    "DATA_DIR=\(folder) \(why); name the folder that holds the official files, or choose DATA=synthetic"
  }
}

extension Profile: OptionValue {}
extension DataSetChoice: OptionValue {}

extension PlannedDataSource {
  /// What a plan needs to know of a source: its content, and sizes for estimates.
  init(_ source: DataSetSource, cache: SourceDigestCache) throws {
    self.init(
      source.description, digest: try SourceDigests.digest(of: source, cache: cache),
      isSynthetic: source.isSynthetic)
  }

  init(_ description: DataSetDescription, digest: String, isSynthetic: Bool) {
    self.init(
      digest: digest, isSynthetic: isSynthetic, officialTitle: description.title, shape: description.shape,
      classes: description.classCount, trainingImages: description.trainingCount)
  }
}

/// The published results that this process has opened.
private enum ForeignSources {
  nonisolated(unsafe) static var known: [String: ForeignSource] = [:]
}

/// The content digests of sources, each computed once in a process.
private enum SourceDigests {
  nonisolated(unsafe) private static var known: [DataSetSource.Origin: String] = [:]

  static func digest(of source: DataSetSource, cache: SourceDigestCache) throws -> String {
    if let digest = known[source.origin] { return digest }
    let digest = try cache.digest(of: source)
    known[source.origin] = digest
    return digest
  }
}
