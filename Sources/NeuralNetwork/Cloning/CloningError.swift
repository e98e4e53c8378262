/// Why a layer cannot be expanded into another.
public enum CloningError: Error, Equatable, CustomStringConvertible {
  /// One side of a wire.
  public struct Interface: Hashable, Sendable {
    /// As it reads in a message: `its branch`.
    public let role: String
    public let profile: CloningProfile

    public init(_ role: String, _ profile: CloningProfile) {
      self.role = role
      self.profile = profile
    }
  }

  /// The clone's layer is of another kind or its shape is no whole multiple.
  case mismatch(layer: String, reason: String)
  /// Two interfaces that are wired together repeat the base's units in different ways.
  case unequalProfiles(layer: String, Interface, Interface)

  public var description: String {
    switch self {
    case .mismatch(let layer, let reason): "cannot clone layer \(layer): \(reason)"
    case .unequalProfiles(let layer, let one, let other):
      "cannot clone layer \(layer): \(one.role) has \(one.profile), but \(other.role) has \(other.profile)"
    }
  }
}
