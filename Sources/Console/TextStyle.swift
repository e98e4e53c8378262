import Foundation

/// Colours and weights for a terminal; nothing at all for anybody else.
public struct TextStyle: Sendable {
  public enum Attribute: Int, Sendable {
    case bold = 1
    case dim = 2
    case red = 31
    case green = 32
    case yellow = 33
    case blue = 34
  }

  public let isEnabled: Bool

  public init(isEnabled: Bool) { self.isEnabled = isEnabled }

  public static let plain = TextStyle(isEnabled: false)

  /// Enabled where the descriptor is a terminal that can, and `NO_COLOR` is unset or empty (no-color.org).
  public init(
    descriptor: Int32 = STDOUT_FILENO, environment: [String: String] = ProcessInfo.processInfo.environment
  ) {
    self.init(isTerminal: isatty(descriptor) == 1, environment: environment)
  }

  init(isTerminal: Bool, environment: [String: String]) {
    let forbidden = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    isEnabled = isTerminal && !forbidden && environment["TERM"] != "dumb"
  }

  public func apply(_ attribute: Attribute, to text: String) -> String {
    isEnabled ? "\u{1B}[\(attribute.rawValue)m\(text)\u{1B}[0m" : text
  }
}
