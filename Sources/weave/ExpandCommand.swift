import ContentStore
import Figures
import Foundation
import Manuscript
import Report

/// `weave expand`: what blocks mean, written out.
enum ExpandCommand {
  static func run(_ arguments: [String]) throws {
    var options = PlanOptions("expand", "Writes out what blocks mean at a profile, as JSON.")
    let names = options.positionals(
      "NAME", help: "artifacts, families or tables, such as fig-2.1; all if none is given")
    let parsed = try options.parse(arguments)
    let expanded = try expansions(
      of: parsed.chapters(), names: parsed.arguments[names], profile: parsed.profile)
    let value = JSONValue.object(Dictionary(uniqueKeysWithValues: expanded.map { ($0.id, $0.value) }))
    print(String(decoding: try JSONEncoder.stable.encode(value), as: UTF8.self))
  }

  private static func expansions(
    of chapters: [Chapter], names: [String], profile: Profile
  ) throws -> [(id: String, value: JSONValue)] {
    let (figures, tables) = (chapters.flatMap(\.blocks), chapters.flatMap(\.tables))
    let (families, proseTables) = (chapters.flatMap(\.families), chapters.flatMap(\.proseTables))
    let known = (figures + tables + families + proseTables).map(\.id)
    if let unknown = names.first(where: { !known.contains($0) }) {
      throw UnknownArtifact(id: unknown, known: known)
    }
    func isWanted(_ block: ArtifactBlock) -> Bool { names.isEmpty || names.contains(block.id) }
    return try figures.filter(isWanted).map {
      ($0.id, try BlockMeaning(artifact: $0, profile: profile).value)
    }
      + tables.filter(isWanted).map {
        ($0.id, try JSONValue(encoding: TableSpecification.Declared($0, profile: profile).specification))
      }
      + families.filter(isWanted).map { ($0.id, try BlockMeaning(family: $0, profile: profile).value) }
      + proseTables.filter(isWanted).map {
        ($0.id, .array(try ProseTable.lines(of: $0, profile: profile).map { .string($0) }))
      }
  }
}
