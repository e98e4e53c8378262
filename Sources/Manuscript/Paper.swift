import Experiments
import Figures
import Specifications

/// A paper whose figures are regenerated, as a block of a chapter declares it: for that chapter and for those after it, up to
/// the next one that declares another paper.
public struct Paper: Codable, Hashable, Sendable {
  public let title: String
  public let authors: [String]
  /// What catalogues know it by, `arXiv:2510.00304`.
  public let identifier: String
  /// Where it can be read.
  public let address: String

  /// Decodes a block.
  ///
  /// - Throws: ``ManuscriptError`` with the line of the key that is wrong.
  init(_ block: ArtifactBlock) throws {
    do {
      self = try block.parsed().decodedStrictly(as: Paper.self, at: [])
      for (key, text) in [("title", title), ("identifier", identifier), ("address", address)] {
        guard !text.isEmpty, text.isOneLine(upTo: 400) else {
          throw BlockProblem(path: [key], message: "must be one line of text, of 400 bytes at most")
        }
      }
      guard ["https://", "http://"].contains(where: address.hasPrefix) else {
        throw BlockProblem(path: ["address"], message: "must begin with https:// or http://")
      }
      guard (1...1_000).contains(authors.count), authors.allSatisfy({ $0.isOneLine(upTo: 400) }) else {
        throw BlockProblem(path: ["authors"], message: "must be 1…1000 names, each in one line")
      }
    } catch let problem as BlockProblem {
      throw problem.located(in: block)
    }
  }

  /// The papers of some blocks, each once, in their order.
  public static func all(of blocks: some Sequence<ArtifactBlock>) -> [Paper] {
    blocks.reduce(into: []) { papers, block in
      if let paper = block.paper, !papers.contains(paper) { papers.append(paper) }
    }
  }
}
