import BuildRecord
import ContentStore
import Foundation

/// What these programs were built from and with: what keys are made of, and what a stage checks its job against.
///
/// Sources and programs cannot disagree: the record is built in, from a copy of the sources that nobody edits.
public struct Build: Sendable {
  public let sources: SourceRecord
  /// Compiler, OpenBLAS and instruction set, by name.
  public let environment: [String: String]
  /// What a processor must be able to do, in the words of Linux' `/proc/cpuinfo`.
  public let processorFlags: [String]

  /// What talks to terminal, network and disk, refuses values or finds a thing by its name, hands parameters on, or names a
  /// build cannot change a number: left out of every fingerprint.
  public static let house: Set<String> = [
    "BuildRecord", "Console", "ContentStore", "Experiments", "Specifications", "Stages", "Transfers",
  ]

  /// This build.
  public static let current = Build(
    sources: SourceRecord(text: BuildRecord.sources), environment: BuildRecord.environment,
    processorFlags: BuildRecord.processorFlags)

  /// The name of this machine's processor, as Linux gives it; nil where it does not.
  public static var processorName: String? { Processor.name }

  public init(sources: SourceRecord, environment: [String: String], processorFlags: [String] = []) {
    self.sources = sources
    self.environment = environment
    self.processorFlags = processorFlags
  }

  /// What results of a module owe to its sources.
  ///
  /// - Throws: ``StageError/notBuiltByMake`` where nothing is recorded; ``StoreError`` for a module that there is not.
  public func fingerprint(of module: String) throws -> SourceFingerprint {
    guard !sources.modules.isEmpty else { throw StageError.notBuiltByMake }
    return try sources.fingerprint(of: module, excluding: Self.house)
  }

  /// Throws unless a job asks for these sources, this build's environment, and for what this processor can do.
  func check(_ job: Job, file: String) throws {
    let fingerprint = try fingerprint(of: job.module)
    guard fingerprint.digest == job.fingerprint else {
      throw StageError.otherSources(module: job.module, file: file)
    }
    for (name, value) in environment.sorted(by: { $0.key < $1.key }) where job.environment[name] != value {
      throw StageError.otherEnvironment(
        name: name, asked: job.environment[name] ?? "none", found: value, file: file)
    }
    if let missing = missingProcessorFlags.first {
      throw StageError.otherProcessor(
        instructionSet: environment["instructionSet"] ?? "", missing: missing)
    }
  }

  /// The flags of ``processorFlags`` that this machine's processor has not.
  public var missingProcessorFlags: [String] {
    guard !processorFlags.isEmpty, let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("flags") })
    else { return [] }
    let there = Set(line.split(whereSeparator: { $0 == " " || $0 == "\t" }))
    return processorFlags.filter { !there.contains(Substring($0)) }
  }
}
