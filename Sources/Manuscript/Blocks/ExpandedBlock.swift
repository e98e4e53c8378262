import ContentStore
import Experiments
import Figures

/// A block at one profile in its full form, with the way back to what was written.
struct ExpandedBlock: Sendable {
  private let root: SourcedValue
  /// Without any shorthand.
  let value: JSONValue

  private init(_ root: SourcedValue) {
    self.root = root
    value = root.value
  }

  /// An artifact's block in its full form.
  ///
  /// - Throws: ``ManuscriptError`` with the line of what cannot be meant.
  static func artifact(_ block: ArtifactBlock, profile: Profile) throws -> ExpandedBlock {
    let (root, expander) = try parts(of: block, profile: profile)
    return ExpandedBlock(try ArtifactExpander.expand(root, with: expander))
  }

  /// A table's or a family's block in its full form.
  ///
  /// - Throws: ``ManuscriptError`` with the line of what cannot be meant.
  static func plain(_ block: ArtifactBlock, profile: Profile) throws -> ExpandedBlock {
    let (root, expander) = try parts(of: block, profile: profile)
    return ExpandedBlock(try expander.expand(root))
  }

  /// A block as it is written, and what it is to be expanded with: the presets of all chapters and its own.
  private static func parts(
    of block: ArtifactBlock, profile: Profile
  ) throws -> (SourcedValue, BlockExpander) {
    var presets = block.presets
    var written = SourcedValue(try block.parsed(), at: SourcePlace(root: block))
    guard case .object(var members) = written.content else {
      throw written.place.problem("must be an object in braces")
    }
    if let own = members.removeValue(forKey: "presets") { try presets.add(own) }
    written.content = .object(members)
    let alternatives = Alternatives(profile: profile, dataSets: block.dataSets)
    return (try alternatives.resolve(written), BlockExpander(alternatives: alternatives, presets: presets))
  }

  /// The error for a problem of the full form, with the place where the value in question was written.
  func located(_ problem: BlockProblem) -> ManuscriptError {
    var (found, rest) = (root, problem.path[...])
    while let name = rest.first, let next = found[name] {
      found = next
      rest = rest.dropFirst()
    }
    // What many blocks share is wrong in one of them.
    let (own, block) = (root.place.block.id, found.place.block)
    let message = problem.message + (block.id == own ? "" : " (in \(own))")
    return BlockProblem(path: found.place.path + rest, message: message).located(in: block)
  }

  /// The names of the blocks of presets that values come from.
  var presets: Set<String> {
    var names: Set<String> = []
    func visit(_ value: SourcedValue) {
      names.insert(value.place.block.id)
      switch value.content {
      case .leaf: return
      case .array(let elements): elements.forEach(visit)
      case .object(let members): members.values.forEach(visit)
      }
    }
    visit(root)
    return names.subtracting([root.place.block.id])
  }
}
