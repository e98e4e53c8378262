/// A value in a specification that cannot be meant: where it stands and what is wrong with it.
public struct SpecificationProblem: Error, Equatable, CustomStringConvertible {
  /// The key path below the value that was validated, `training.learningRate`.
  public let path: String
  /// What is wrong, to be read behind the path: `is 2; it must lie in [0, 1)`.
  public let message: String

  public init(_ path: String, _ message: String) {
    self.path = path
    self.message = message
  }

  /// The same problem, seen from the value that has the validated one at `key`.
  public func below(_ key: String) -> SpecificationProblem {
    SpecificationProblem(path.isEmpty ? key : "\(key).\(path)", message)
  }

  /// The keys along the path.
  public var keys: [String] { path.split(separator: ".").map(String.init) }

  public var description: String { "\(path) \(message)" }
}

/// Validates the value that stands at `key`: a problem in it is named from here.
public func validate(
  at key: String, _ validation: () throws(SpecificationProblem) -> Void
) throws(SpecificationProblem) {
  do { try validation() } catch { throw error.below(key) }
}
