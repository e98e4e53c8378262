import ContentStore

extension ExperimentBlock {
  /// What a family is told of its tables: the objects under `key` by name, in the order of their names.
  ///
  /// - Parameter optional: other keys that may stand in the block.
  /// - Throws: ``BlockProblem`` if there are none, if one is no object, or for keys that nobody reads.
  public func objects(
    of key: String, optional: Set<String> = []
  ) throws -> [(name: String, members: [String: JSONValue])] {
    guard case .object(let objects)? = body[key], !objects.isEmpty else {
      throw BlockProblem(path: [key], message: "is missing or no object of \(key) by name")
    }
    if let unknown = body.keys.filter({ $0 != key && !optional.contains($0) }).min() {
      throw BlockProblem(path: [unknown], message: "is not a key that is known here")
    }
    return try objects.sorted { $0.key < $1.key }.map { name, value in
      guard case .object(let members) = value else {
        throw BlockProblem(path: [key, name], message: "must be an object in braces")
      }
      return (name, members)
    }
  }

  /// The object under `key`, strictly decoded, and all the rest of the block.
  ///
  /// - Throws: ``BlockProblem`` if there is none, or for keys in it that nobody reads or that are missing.
  public func separating<Options: Codable>(
    _ key: String, as type: Options.Type
  ) throws -> (options: Options, rest: [String: JSONValue]) {
    var rest = body
    guard let value = rest.removeValue(forKey: key) else {
      throw BlockProblem(path: [key], message: "is missing")
    }
    return (try value.decodedStrictly(as: type, at: [key]), rest)
  }

  /// Throws if chance has a part and the artifact has no seeds.
  public func requireSeeds() throws {
    guard !seeds.isEmpty else { throw BlockProblem(path: ["seeds"], message: "is missing") }
  }
}
