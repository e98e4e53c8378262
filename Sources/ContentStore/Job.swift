import Foundation
import Specifications

/// A result that a job reads: the name it has there, the entry that holds it, and what it is.
public struct JobInput: Codable, Hashable, Sendable {
  /// What the job calls it, such as `data`.
  public var name: String
  public var stage: String
  /// The key of the entry, 64 hexadecimal digits: where it lies.
  public var key: String
  /// What the reader's result owes to it: the recipe of the entry's job or, where different recipes give equal
  /// contents, as images do, a digest of the contents. 64 hexadecimal digits.
  public var recipe: String

  public init(name: String, stage: String, key: String, recipe: String) {
    self.name = name
    self.stage = stage
    self.key = key
    self.recipe = recipe
  }
}

/// One piece of work of the graph: everything that its result depends on, and what helps people and schedulers.
///
/// The key of the result has two parts. The *recipe* is what is computed: stage, sources, parameters and the recipes
/// of the inputs. The *environment* is what it is computed with and decides the last bits: compiler, BLAS and its
/// kernel, instruction set. Two machines that share a recipe have the same experiment; those that share both have the
/// same bits.
public struct Job: Codable, Hashable, Sendable {
  /// The executable that does it: letters, digits, `-` and `_`.
  public var stage: String
  /// The module whose sources, with all that they import, the result owes itself to: the stage's own or, in a stage
  /// that serves several families of experiments, the family's.
  public var module: String
  /// ``SourceFingerprint/digest`` of that module.
  public var fingerprint: String
  public var parameters: JSONValue
  /// In the order that the stage expects.
  public var inputs: [JobInput]
  /// Compiler, libraries and instruction set, by name.
  public var environment: [String: String]
  /// For people, such as `fig-2.1 clone-noise seed 1`. Not part of the key.
  public var title: String
  /// Estimated work in floating-point operations. Not part of the key.
  public var cost: Double
  /// Estimated memory in bytes, for schedulers; nil where little is needed. Not part of the key.
  public var memory: Double?

  public init(
    stage: String, module: String? = nil, fingerprint: String, parameters: JSONValue, inputs: [JobInput] = [],
    environment: [String: String], title: String, cost: Double = 0, memory: Double? = nil
  ) {
    self.stage = stage
    self.module = module ?? stage
    self.fingerprint = fingerprint
    self.parameters = parameters
    self.inputs = inputs
    self.environment = environment
    self.title = title
    self.cost = cost
    self.memory = memory
  }

  /// What is computed, whatever it is computed with: SHA-256 of the canonical JSON of the store's format, the stage,
  /// its module and fingerprint, the parameters and the inputs' recipes; 64 hexadecimal digits.
  public var recipe: String {
    let facts: JSONValue = [
      "format": .integer(Store.formatVersion),
      "stage": .string(stage),
      "module": .string(module),
      "fingerprint": .string(fingerprint),
      "parameters": parameters,
      "inputs": .array(inputs.map { [.string($0.name), .string($0.stage), .string($0.recipe)] }),
    ]
    return Digest(of: facts.canonical).hex
  }

  /// The content address of the result: SHA-256 of the canonical JSON of ``recipe`` and ``environment``; 64
  /// hexadecimal digits.
  public var key: String {
    let facts: JSONValue = [
      "recipe": .string(recipe), "environment": .object(environment.mapValues(JSONValue.string)),
    ]
    return Digest(of: facts.canonical).hex
  }

  /// The most bytes of a job file: a thousand times what the longest needs.
  public static let greatestFile = 64 << 20

  /// Reads a job file.
  ///
  /// - Throws: ``FileSystemError``; ``StoreError/unreadable(path:reason:)`` where it is not a job.
  public static func read(_ path: String) throws -> Job {
    guard (try? FileSystem.isOrdinary(path, upTo: greatestFile)) ?? true else {
      throw StoreError.unreadable(path: path, reason: "it is no file of at most \(greatestFile) bytes")
    }
    let job = try StoredJSON.decode(Job.self, from: FileSystem.contents(of: path), path: path)
    do { try job.validate() } catch {
      throw StoreError.unreadable(path: path, reason: error.description)
    }
    return job
  }

  /// Rejects what no job says, naming the key; parameters are the stage's business.
  func validate() throws(SpecificationProblem) {
    for (key, name) in [("stage", stage), ("module", module)] {
      guard Store.isName(name), name.utf8.count <= 100 else {
        throw SpecificationProblem(key, "must be a name of letters, digits, '-' and '_'")
      }
    }
    try requireLine(fingerprint, upTo: 200, "fingerprint")
    try requireLine(title, "title")
    try requireNotNegative(cost, "cost")
    try requireNotNegative(memory ?? 0, "memory")
    try requireCount(environment.count, in: 0...100, "environment")
    for (name, value) in environment.sorted(by: { $0.key < $1.key }) {
      try requireLine(name, upTo: 200, "environment")
      try requireLine(value, upTo: 500, "environment.\(name)")
    }
    try requireCount(inputs.count, in: 0...100_000, "inputs")
    for (index, input) in inputs.enumerated() {
      try requireLine(input.name, upTo: 300, "inputs.\(index).name")
      guard Store.isName(input.stage), input.stage.utf8.count <= 100 else {
        throw SpecificationProblem("inputs.\(index).stage", "must be a name of letters, digits, '-' and '_'")
      }
      for (key, digest) in [("key", input.key), ("recipe", input.recipe)] where !Store.isKey(digest) {
        throw SpecificationProblem("inputs.\(index).\(key)", "must be 64 hexadecimal digits")
      }
    }
  }

  /// Writes the job file whole or not at all; an equal file stays untouched, with its modification time.
  ///
  /// - Throws: ``FileSystemError``; `EncodingError` where a number is not finite.
  public func write(_ path: String) throws {
    let data = try StoredJSON.encode(self)
    if let old = try? FileSystem.contents(of: path), old == data { return }
    try FileSystem.write(data, atomicallyTo: path)
  }
}

/// JSON files as the store writes them: indented for people, keys sorted so that equal values are equal files.
enum StoredJSON {
  static func encode(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(value) + Data("\n".utf8)
  }

  static func decode<Value: Decodable>(_ type: Value.Type, from data: Data, path: String) throws -> Value {
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch let error as DecodingError {
      throw StoreError.unreadable(path: path, reason: reason(error))
    }
  }

  private static func reason(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context): "\(place(context.codingPath + [key])) is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      context.codingPath.isEmpty
        ? context.debugDescription : "\(place(context.codingPath)): \(context.debugDescription)"
    @unknown default: "not decodable"
    }
  }

  private static func place(_ path: [any CodingKey]) -> String {
    path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
  }
}
