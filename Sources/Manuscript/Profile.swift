import ContentStore
import Experiments
import Figures

extension Profile {
  /// `value` with every `{ quick: …, standard: …, paper: … }` replaced by what holds in this profile. `otherwise` stands
  /// for the profiles that are not named, and an element that is null here is left out of its list.
  ///
  /// - Throws: ``BlockProblem`` where an alternative for this profile is missing.
  func resolve(_ value: JSONValue, at path: [String] = []) throws -> JSONValue {
    switch value {
    case .object(let members):
      let names = Set(Profile.allCases.map(\.rawValue) + ["otherwise"])
      if !members.isEmpty, members.keys.allSatisfy(names.contains) {
        guard let chosen = members[rawValue] ?? members["otherwise"] else {
          throw BlockProblem(path: path, message: "says nothing for the profile '\(rawValue)'")
        }
        return try resolve(chosen, at: path)
      }
      var resolved: [String: JSONValue] = [:]
      for (key, member) in members { resolved[key] = try resolve(member, at: path + [key]) }
      return .object(resolved)
    case .array(let elements):
      return .array(
        try elements.enumerated().map { try resolve($0.element, at: path + ["\($0.offset)"]) }
          .filter { $0 != .null })
    default:
      return value
    }
  }
}
