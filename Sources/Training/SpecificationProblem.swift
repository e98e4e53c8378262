/// A value in a specification that cannot be meant: where it stands and what is wrong with it.
public struct SpecificationProblem: Error, Equatable, CustomStringConvertible {
  /// The key path, `training.learningRate`.
  public let path: String
  public let message: String

  public init(_ path: String, _ message: String) {
    self.path = path
    self.message = message
  }

  public var description: String { "\(path) \(message)" }
}
