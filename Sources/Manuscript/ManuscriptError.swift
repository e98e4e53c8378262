import Specifications

/// Something in a chapter that cannot be meant, with the place to look at.
public struct ManuscriptError: Error, Equatable, CustomStringConvertible {
  /// The chapter's path as it was given.
  public let file: String
  /// The line in that file, counted from 1; nil if the whole file is meant.
  public let line: Int?
  public let message: String

  public init(file: String, line: Int? = nil, message: String) {
    self.file = file
    self.line = line
    // It may quote what it is about.
    self.message = message.inOneLine()
  }

  public var description: String {
    "\(file)\(line.map { ":\($0)" } ?? ""): \(message)"
  }
}
