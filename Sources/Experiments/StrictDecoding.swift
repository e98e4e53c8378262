import ContentStore
import Foundation

/// A problem inside a block, by key path; the chapter's file and line are added where the block is known.
public struct BlockProblem: Error, Equatable {
  /// `["runs", "2", "optimizer"]`.
  public let path: [String]
  /// What follows the key in the message: `is 3; it must lie in 0…1`.
  public let message: String

  public init(path: [String], message: String) {
    self.path = path
    self.message = message
  }
}

extension JSONValue {
  /// `self` as a `Value`, refusing keys that `Value` does not know.
  ///
  /// What `Value` knows is found by encoding the result again: a key that does not come back was not read.
  /// - Throws: ``BlockProblem`` with the path of the unknown, missing or ill-typed key.
  public func decodedStrictly<Value: Codable>(as type: Value.Type, at path: [String]) throws -> Value {
    let result: Value
    do {
      result = try JSONDecoder().decode(type, from: JSONEncoder().encode(self))
    } catch let error as DecodingError {
      throw BlockProblem(error, in: path)
    }
    try JSONValue(encoding: result).requireKeys(of: self, at: path)
    return result
  }

  /// Throws unless every key of `source` is also in `self`, at every depth.
  private func requireKeys(of source: JSONValue, at path: [String]) throws {
    switch (self, source) {
    case (.object(let known), .object(let given)):
      for (key, value) in given.sorted(by: { $0.key < $1.key }) where value != .null {
        guard let counterpart = known[key] else {
          throw BlockProblem(path: path + [key], message: "is not a key that is known here")
        }
        try counterpart.requireKeys(of: value, at: path + [key])
      }
    case (.array(let known), .array(let given)):
      for (index, pair) in zip(known, given).enumerated() {
        try pair.0.requireKeys(of: pair.1, at: path + ["\(index)"])
      }
    default: return
    }
  }
}

extension BlockProblem {
  /// A decoding error in words, below `path`.
  init(_ error: DecodingError, in path: [String]) {
    func keys(_ context: DecodingError.Context) -> [String] {
      path + context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
    }
    switch error {
    case .typeMismatch(let type, let context):
      self.init(path: keys(context), message: "has the wrong type: \(Self.name(of: type)) is expected")
    case .valueNotFound(let type, let context):
      self.init(path: keys(context), message: "is null: \(Self.name(of: type)) is expected")
    case .keyNotFound(let key, let context):
      self.init(path: keys(context) + [key.stringValue], message: "is missing")
    case .dataCorrupted(let context):
      // Foundation's words for a name that an enumeration has not.
      let foreign = context.debugDescription.split(separator: " from invalid String value ").dropFirst().first
      self.init(
        path: keys(context),
        message: foreign.map { "is '\($0)', which is not known here" } ?? context.debugDescription)
    @unknown default:
      self.init(path: path, message: "\(error)")
    }
  }

  private static func name(of type: Any.Type) -> String {
    switch type {
    case is Double.Type, is Float.Type: "a number"
    case is Int.Type, is UInt64.Type: "a whole number"
    case is String.Type: "a text"
    case is Bool.Type: "true or false"
    default:
      if "\(type)".hasPrefix("Array") || "\(type)".hasPrefix("UnkeyedDecoding") {
        "a list"
      } else {
        "an object"
      }
    }
  }
}
