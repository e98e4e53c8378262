import Console
import ContentStore
import Foundation
import ImageSources
import Manuscript
import PreparedImages

/// The options of every command that needs the plan, and the plan itself.
struct PlanOptions {
  private var options: CommandLineOptions
  private let chapters: CommandLineOptions.Option<String>
  private let sources: CommandLineOptions.Option<String>
  private let environment: CommandLineOptions.Option<String>
  private let profile: CommandLineOptions.Option<Profile>
  private let data: CommandLineOptions.Option<DataSetChoice>
  private let dataFolder: CommandLineOptions.Option<String>
  private let digests: CommandLineOptions.Option<String>
  private let store: CommandLineOptions.Option<String>
  private let figures: CommandLineOptions.Option<String>
  private let seeds: CommandLineOptions.Option<Int?>

  init(_ command: String, _ summary: String) {
    options = CommandLineOptions(tool: "weave \(command)", summary: summary)
    chapters = options.option(
      "chapters", String.self, value: "FOLDER", default: "paper", help: "the chapters")
    sources = options.option(
      "sources", String.self, value: "FOLDER", default: "Sources",
      help: "the sources that results depend on; Package.swift lies beside them")
    environment = options.option(
      "environment", String.self, value: "FILE", default: ".build/environment.json",
      help: "versions of the compiler and of OpenBLAS")
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
  }

  mutating func required(_ name: String, value: String, help: String) -> CommandLineOptions.Option<String> {
    options.required(name, String.self, value: value, help: help)
  }

  mutating func text(
    _ name: String, value: String, default: String, help: String
  ) -> CommandLineOptions.Option<String> {
    options.option(name, String.self, value: value, default: `default`, help: help)
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
    Parsed(options: self, arguments: try options.parse(arguments))
  }

  /// The options with their values.
  struct Parsed {
    fileprivate let options: PlanOptions
    let arguments: ParsedArguments

    var profile: Profile { arguments[options.profile] }
    var dataChoice: DataSetChoice { arguments[options.data] }
    var figuresFolder: String { arguments[options.figures] }

    func store() throws -> Store { try Store(root: arguments[options.store]) }

    var chaptersFolder: String { arguments[options.chapters] }

    func chapters() throws -> [Chapter] { try Chapter.all(in: chaptersFolder) }

    /// Where a data set comes from.
    func source(of set: String) throws -> PlannedDataSource {
      let locator = DataSetLocator(dataFolder: arguments[options.dataFolder])
      let cache = SourceDigestCache(folder: arguments[options.digests])
      return try PlannedDataSource(locator.source(of: set, choice: dataChoice), cache: cache)
    }

    /// The plan of the chapters in the chosen profile, or in another one, on the chosen data or on others.
    func plan(profile: Profile? = nil, data: DataSetChoice? = nil) throws -> Plan {
      let locator = DataSetLocator(dataFolder: arguments[options.dataFolder])
      let cache = SourceDigestCache(folder: arguments[options.digests])
      let choice = data ?? dataChoice
      let context = PlanningContext(
        profile: profile ?? self.profile, seeds: arguments[options.seeds],
        fingerprints: try fingerprints()
      ) { set in
        try PlannedDataSource(locator.source(of: set, choice: choice), cache: cache)
      }
      return try Plan(chapters: chapters(), context: context)
    }

    /// What talks to terminal and disk cannot change a number: it is left out of the fingerprints.
    private static let house: Set<String> = ["Console", "ContentStore", "Stages"]

    private func fingerprints() throws -> [Stage: StageFingerprint] {
      let environment = try Self.readEnvironment(arguments[options.environment])
      let sources = arguments[options.sources]
      let manifest = (sources as NSString).deletingLastPathComponent
      var result: [Stage: StageFingerprint] = [:]
      for stage in Stage.allCases {
        // No family asks for this stage before its executable is there.
        if stage == .flip, !FileManager.default.fileExists(atPath: sources + "/flip") { continue }
        let fingerprint = try SourceFingerprint(
          sourcesFolder: sources,
          packageManifest: (manifest.isEmpty ? "." : manifest) + "/Package.swift",
          module: stage.rawValue, excluding: Self.house, environment: environment)
        result[stage] = StageFingerprint(digest: fingerprint.digest, sources: fingerprint.files)
      }
      return result
    }

    private static func readEnvironment(_ path: String) throws -> [String: String] {
      guard let data = FileManager.default.contents(atPath: path),
        let facts = try? JSONDecoder().decode([String: String].self, from: data)
      else { throw MissingEnvironment(path: path) }
      return facts
    }
  }
}

extension Profile: OptionValue {}
extension DataSetChoice: OptionValue {}

extension PlannedDataSource {
  /// What a plan needs to know of a source: its content, and sizes for estimates.
  init(_ source: DataSetSource, cache: SourceDigestCache) throws {
    self.init(
      digest: try SourceDigests.digest(of: source, cache: cache), isSynthetic: source.isSynthetic,
      shape: source.description.shape, classes: source.description.classCount,
      trainingImages: source.description.trainingCount)
  }
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

/// The build did not leave word of its tools.
struct MissingEnvironment: Error, Equatable, CustomStringConvertible {
  let path: String
  var description: String { "\(path) is missing or no list of versions; 'make build' writes it" }
}
