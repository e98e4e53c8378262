import Claims
import ContentStore
import Experiments
import Figures
import Foundation
import Specifications

/// An artifact as its block declares it, for one profile.
public struct ArtifactSpecification: Sendable {
  public let block: ArtifactBlock
  public let profile: Profile
  /// The experiment family (``ExperimentRegistry``).
  public let experiment: String
  public let title: String
  /// The seeds, counted from the block's first one; none for what is computed without chance.
  public let seeds: [UInt64]
  /// Panels in a row.
  public let columns: Int
  /// Height of the panels' axes over their width.
  public let aspect: Double?
  public let panels: [PanelSpecification]
  public let claims: [ClaimSpecification]
  /// What the experiment family reads: everything else in the block.
  let body: [String: JSONValue]
  /// The whole block in its full form.
  let expanded: ExpandedBlock

  /// The first seed where a block does not say another one, as trials do by which settings are chosen. The paper's code runs
  /// seeds 40 to 44.
  static let firstSeed = 40

  private struct Head: Codable {
    var experiment: String
    var title: String
    var seeds: Int?
    var firstSeed: Int?
    var columns: Int?
    var aspect: Double?
    var panels: [PanelSpecification]
    var claims: [ClaimSpecification]
  }

  /// Decodes a block.
  ///
  /// - Parameter seeds: how many seeds instead of the block's own number.
  /// - Throws: ``ManuscriptError`` with the line of the key that is wrong.
  public init(_ block: ArtifactBlock, profile: Profile, seeds: Int? = nil) throws {
    self.block = block
    self.profile = profile
    expanded = try ExpandedBlock.artifact(block, profile: profile)
    do {
      guard case .object(var members) = expanded.value else {
        throw BlockProblem(path: [], message: "must be an object in braces")
      }
      var headMembers: [String: JSONValue] = [:]
      for key in ["experiment", "title", "seeds", "firstSeed", "columns", "aspect", "panels", "claims"] {
        headMembers[key] = members.removeValue(forKey: key)
      }
      let head = try JSONValue.object(headMembers).decodedStrictly(as: Head.self, at: [])
      body = members
      experiment = head.experiment
      title = head.title
      panels = head.panels
      claims = head.claims
      for (key, count) in [("panels", panels.count), ("claims", claims.count)] where count > 1_000 {
        throw BlockProblem(path: [key], message: "has \(count) elements; there must be 1000 at most")
      }
      guard title.isOneLine(upTo: 2_000) else {
        throw BlockProblem(path: ["title"], message: "must be one line of text, of 2000 bytes at most")
      }
      let columns = head.columns ?? min(3, max(1, head.panels.count))
      guard (1...6).contains(columns) else {
        throw BlockProblem(path: ["columns"], message: "is \(columns); it must lie in 1…6")
      }
      self.columns = columns
      if let aspect = head.aspect, !(0.2...5).contains(aspect) {
        throw BlockProblem(path: ["aspect"], message: "is \(aspect); it must lie in 0.2…5")
      }
      aspect = head.aspect
      // An artifact without runs has no seeds, however many are asked for.
      let count = head.seeds.map { seeds ?? $0 } ?? 0
      guard head.seeds == nil || (1...1_000).contains(count) else {
        throw BlockProblem(path: ["seeds"], message: "is \(count); it must lie in 1…1000")
      }
      let firstSeed = head.firstSeed ?? Self.firstSeed
      guard (0...1_000_000).contains(firstSeed) else {
        throw BlockProblem(path: ["firstSeed"], message: "is \(firstSeed); it must lie in 0…1000000")
      }
      self.seeds = (0..<UInt64(count)).map { UInt64(firstSeed) + $0 }
    } catch let problem as BlockProblem {
      throw expanded.located(problem)
    }
    do { try validateClaims() } catch let problem as BlockProblem { throw expanded.located(problem) }
  }

  /// The families of runs that it takes runs from, as far as it names any.
  public var families: [String] {
    guard case .object(let names)? = body["families"] else { return [] }
    return names.values.compactMap { name in
      if case .string(let text) = name { text } else { nil }
    }.sorted()
  }

  /// The blocks of presets that it takes values from.
  public var presets: [String] { expanded.presets.sorted() }

  private func validateClaims() throws {
    do { try requireUnique(panels.map(\.id), at: ["panels"]) } catch {
      throw BlockProblem(path: error.keys, message: error.message)
    }
    do { try claims.validate(on: panels) } catch {
      throw BlockProblem(path: error.keys, message: error.message)
    }
  }
}

extension BlockProblem {
  /// The error with file and line, its key path in words: `runs[2].optimizer.learningRate`.
  func located(in block: ArtifactBlock) -> ManuscriptError {
    let line = block.fenceLine + 1 + BlockLines(block.text).line(of: path)
    let name = path.reduce(into: "") { name, part in
      if Int(part) != nil { name += "[\(part)]" } else { name += (name.isEmpty ? "" : ".") + part }
    }
    return ManuscriptError(
      file: block.file, line: line,
      message: "\(block.id): \(name.isEmpty ? "the block" : name) \(message)")
  }
}
