import ContentStore
import Experiments
import Figures

extension Profile {
  /// `value` with every `{ quick: …, standard: …, paper: … }` replaced by what holds in this profile. `otherwise` stands
  /// for the profiles that are not named, and an element that is null here is left out of its list.
  ///
  /// - Throws: ``ManuscriptError`` where an alternative for this profile is missing.
  func resolve(_ value: SourcedValue) throws -> SourcedValue {
    switch value.content {
    case .leaf: return value
    case .array(let elements):
      return SourcedValue(.array(try elements.map(resolve).filter { !$0.isNull }), at: value.place)
    case .object(let members):
      let strangers = members.keys.filter { !Self.alternatives.contains($0) }.sorted()
      if let stranger = strangers.first, strangers.count < members.count {
        throw value.place.problem(
          "names profiles and '\(stranger)', which is none; there are "
            + (Self.allCases.map(\.rawValue) + ["otherwise"]).joined(separator: ", "))
      }
      guard !members.isEmpty, strangers.isEmpty else {
        return SourcedValue(.object(try members.mapValues(resolve)), at: value.place)
      }
      guard let chosen = members[rawValue] ?? members["otherwise"] else {
        throw value.place.problem("says nothing for the profile '\(rawValue)'")
      }
      return try resolve(chosen)
    }
  }

  private static let alternatives = Set(allCases.map(\.rawValue) + ["otherwise"])
}
