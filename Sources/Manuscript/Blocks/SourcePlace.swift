import Experiments

/// Where a value of a block was written, whatever becomes of the value.
final class SourcePlace: Sendable {
  private enum Position: Sendable {
    case root(ArtifactBlock)
    case below(SourcePlace, String)
  }

  private let position: Position

  init(root block: ArtifactBlock) { position = .root(block) }

  private init(_ name: String, below place: SourcePlace) { position = .below(place, name) }

  /// The place of a member or, by its number, of an element.
  func below(_ name: String) -> SourcePlace { SourcePlace(name, below: self) }

  var block: ArtifactBlock {
    switch position {
    case .root(let block): block
    case .below(let place, _): place.block
    }
  }

  /// The key path in the block.
  var path: [String] {
    switch position {
    case .root: []
    case .below(let place, let name): place.path + [name]
    }
  }

  /// What is wrong with the value that stands here, with file and line.
  func problem(_ message: String) -> ManuscriptError {
    BlockProblem(path: path, message: message).located(in: block)
  }
}
