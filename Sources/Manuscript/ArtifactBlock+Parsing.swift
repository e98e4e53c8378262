import ContentStore
import Experiments
import Figures
import Foundation

extension ArtifactBlock {
  /// What the block holds, with a profile's values.
  ///
  /// - Throws: ``ManuscriptError`` with the line of the key that is wrong or unknown.
  public func decoded<Value: Codable>(as type: Value.Type, profile: Profile) throws -> Value {
    let expanded = try ExpandedBlock.plain(self, profile: profile)
    do {
      return try expanded.value.decodedStrictly(as: type, at: [])
    } catch let problem as BlockProblem {
      throw expanded.located(problem)
    }
  }

  /// The block's JSON5.
  ///
  /// - Throws: ``ManuscriptError`` with the line where it is none.
  func parsed() throws -> JSONValue {
    let decoder = JSONDecoder()
    decoder.allowsJSON5 = true
    do {
      let value = try decoder.decode(JSONValue.self, from: Data(text.utf8))
      // The parser takes either of two values without a word.
      if let (path, line) = BlockLines(text).duplicate {
        throw ManuscriptError(
          file: file, line: fenceLine + 1 + line,
          message: "\(id): \(path.joined(separator: ".")) stands there a second time")
      }
      return value
    } catch DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty {
      // It is JSON5, with a number that is none or a nest.
      let path = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
      throw BlockProblem(path: path, message: context.debugDescription).located(in: self)
    } catch DecodingError.dataCorrupted(let context) {
      let cause = (context.underlyingError as NSError?)?.userInfo["NSDebugDescription"] as? String
      throw ManuscriptError(
        file: file, line: fenceLine + (cause.flatMap(Self.lineNumber) ?? 0),
        message: "\(id) is not JSON5: \(cause ?? context.debugDescription)")
    }
  }

  /// The line that Foundation's parser names in its message, counted from 1.
  private static func lineNumber(in message: String) -> Int? {
    guard let range = message.range(of: "line ") else { return nil }
    return Int(message[range.upperBound...].prefix { $0.isNumber })
  }
}
