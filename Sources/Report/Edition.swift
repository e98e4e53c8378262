import Figures
import Foundation
import Manuscript

/// What one report is made from: the chapters, the figures that were made, the results that are kept from longer runs,
/// and what is known of the whole.
public struct Edition: Sendable {
  public let chapters: [Chapter]
  /// In the order of the chapters.
  public let figures: [PublishedFigure]
  public let tables: [TableSpecification.Declared]
  public let records: RecordShelf
  /// Where `make` published figures and tables.
  public let folder: String
  /// At what scale the figures are.
  let scale: ReportScale
  var profile: Profile { scale.profile }
  /// The commit that the sources are of, empty where that is unknown.
  public let commit: String
  /// What is said of all artifacts together.
  let summary: Summary
  /// The names that prose may mention.
  let names: Set<String>
  private let byName: [String: PublishedFigure]

  /// Gathers what the chapters speak of.
  ///
  /// - Parameters:
  ///   - figures: the figures to read, as far as the chapters declare them; all if nil.
  ///   - folder: where `make` published them.
  ///   - records: the folder of results kept from other runs.
  /// - Throws: ``ReportError`` for a figure that is missing or of another profile, `ManuscriptError` for a table's
  ///   block that cannot be meant.
  public init(
    chapters: [Chapter], figures wanted: Set<String>? = nil, in folder: String, records: String,
    scale: ReportScale, commit: String
  ) throws {
    self.chapters = chapters
    self.scale = scale
    let profile = scale.profile
    self.commit = commit
    self.folder = folder
    self.records = RecordShelf(folder: records)
    tables = try chapters.flatMap(\.tables).map { try TableSpecification.Declared($0, profile: profile) }
    figures = try chapters.flatMap(\.blocks).filter { wanted?.contains($0.id) ?? true }.map { block in
      let figure = try PublishedFigure(block.id, in: folder)
      // What is computed without training is the same in all, and what was published is there at a profile of its own.
      guard figure.record.profile == profile || figure.record.seeds.isEmpty || figure.record.origin != nil
      else {
        throw ReportError(
          "\(folder)/\(block.id).json is of the profile \(figure.record.profile.rawValue), not \(profile.rawValue); "
            + "run 'make \(block.id) PROFILE=\(profile.rawValue)'")
      }
      return figure
    }
    byName = Dictionary(uniqueKeysWithValues: figures.map { ($0.id, $0) })
    names = Set(figures.map(\.id) + tables.map(\.block.id))
    summary = Summary(of: figures.map(\.record), scale: scale, commit: commit)
  }

  /// The block that declares an artifact.
  func block(of artifact: String) -> ArtifactBlock? {
    chapters.lazy.flatMap { $0.blocks + $0.tables }.first { $0.id == artifact }
  }

  /// The families of runs that an artifact's block names, and the blocks of presets that it takes values from.
  func shared(by artifact: String) -> (families: [ArtifactBlock], presets: [ArtifactBlock]) {
    guard let block = block(of: artifact),
      let specification = try? ArtifactSpecification(block, profile: profile)
    else { return ([], []) }
    return (
      chapters.flatMap(\.families).filter { specification.families.contains($0.id) },
      chapters.flatMap(\.presets).filter { specification.presets.contains($0.id) }
    )
  }

  /// The figure of that name.
  ///
  /// - Throws: ``ReportError`` naming those that there are.
  func figure(_ id: String) throws -> PublishedFigure {
    guard let figure = byName[id] else {
      throw ReportError(
        "no chapter declares '\(id)'; there are \(figures.map(\.id).joined(separator: ", "))")
    }
    return figure
  }

  /// A figure, or its kept record of the largest profile above its own.
  func best(of figure: PublishedFigure) throws -> PublishedFigure {
    try larger(than: figure) ?? figure
  }

  /// The kept record of a figure of the largest profile above its own; nil if there is none, and for what is the same in
  /// every profile.
  func larger(than figure: PublishedFigure) throws -> PublishedFigure? {
    try records.largest(above: figure.record).flatMap { try records.find(figure.id, profile: $0) }
  }

  /// What a quotation quotes.
  ///
  /// - Throws: ``ReportError`` if there is nothing of that name.
  func resolve(_ quotation: Quotation) throws -> Quoted {
    guard quotation.source != "report" else {
      return Quoted(
        value: .text(try summary.fact(quotation.body)), explanation: "said of the whole report",
        origin: .summary)
    }
    let figure =
      try quotation.profile.map { try records.figure(quotation.source, profile: $0) }
      ?? self.figure(quotation.source)
    let record = figure.record
    let value: Double?
    let what: String
    if let claim = figure.claim(quotation.body) {
      value = claim.measured
      what = "\(claim.says) [\(claim.criterion)]: \(claim.verdict.rawValue)"
    } else if !quotation.body.contains("(") {
      throw ReportError(
        "\(figure.id) has no claim '\(quotation.body)'; it has \(record.claims.map(\.id).joined(separator: ", "))"
      )
    } else {
      let number = try figure.value(of: quotation.body)
      // Mostly a place beyond the curve's ends: a claim says so in its table, a sentence would not.
      guard !number.isNaN else {
        throw ReportError(
          "'\(quotation.body)' is not a number in \(figure.id) (\(record.basis)); curves are looked at in their panel's unit"
        )
      }
      value = number
      what = quotation.body
    }
    let numeral = try quotation.pattern.map { try Numeral(value ?? .nan, like: $0) } ?? Numeral(value)
    return Quoted(
      value: .number(numeral), explanation: "\(what) (\(figure.id), \(record.basis))",
      origin: origin(of: quotation, in: figure))
  }

  private func origin(of quotation: Quotation, in figure: PublishedFigure) -> Quoted.Origin {
    let isClaim = figure.claim(quotation.body) != nil
    guard let profile = quotation.profile else {
      return isClaim ? .claim(artifact: figure.id, claim: quotation.body) : .figure(figure.id)
    }
    return isClaim
      ? .recordedClaim(profile: profile, artifact: figure.id, claim: quotation.body)
      : .record(profile: profile, artifact: figure.id)
  }

}
