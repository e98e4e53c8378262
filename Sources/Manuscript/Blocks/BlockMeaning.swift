import ContentStore
import Figures

/// What a block means at one profile, written out: everything that is made from it, and nothing else.
public struct BlockMeaning {
  public let value: JSONValue

  /// An artifact: its head, panels and claims as they are drawn and tested, and what its experiment reads.
  ///
  /// - Throws: ``ManuscriptError`` with the line of the key that is wrong.
  public init(artifact block: ArtifactBlock, profile: Profile) throws {
    let artifact = try ArtifactSpecification(block, profile: profile)
    var members = artifact.body
    members["experiment"] = .string(artifact.experiment)
    members["title"] = .string(artifact.title)
    members["seeds"] = try JSONValue(encoding: artifact.seeds)
    members["columns"] = .integer(artifact.columns)
    members["aspect"] = artifact.aspect.map { .number($0) }
    members["panels"] = try JSONValue(encoding: artifact.panels)
    members["claims"] = try JSONValue(encoding: artifact.claims)
    value = .object(members)
  }

  /// A family: its runs with all that they inherit, and how they are measured.
  ///
  /// - Throws: ``ManuscriptError`` with the line of the key that is wrong.
  public init(family block: ArtifactBlock, profile: Profile) throws {
    value = try MeasuredFamily(block, profile: profile).described()
  }
}
