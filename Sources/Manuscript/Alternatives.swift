import Figures
import ImageSources

/// What the alternatives in a block are chosen by: the profile, and which data sets there are.
struct Alternatives: Sendable {
  let profile: Profile
  /// The names of those of which official data are there.
  var dataSets: Set<String> = []

  /// `value` with every `{ quick: …, standard: …, paper: … }` replaced by what holds in this profile, and every
  /// `{ "cifar-100": …, otherwise: … }` by what holds with the data sets that there are. `otherwise` stands for what is
  /// not named, and an element that is null here is left out of its list.
  ///
  /// - Throws: ``ManuscriptError`` where an alternative for this profile, or for the case without a set, is missing.
  func resolve(_ value: SourcedValue) throws -> SourcedValue {
    switch value.content {
    case .leaf: return value
    case .array(let elements):
      return SourcedValue(.array(try elements.map(resolve).filter { !$0.isNull }), at: value.place)
    case .object(let members):
      for names in [Self.profiles, Self.sets] where members.keys.contains(where: names.all.contains) {
        return try resolve(choice(among: members, at: value.place, names))
      }
      guard members.keys.allSatisfy({ $0 != Self.rest }) else {
        throw value.place.problem("says what holds otherwise, but neither for a profile nor for a data set")
      }
      return SourcedValue(.object(try members.mapValues(resolve)), at: value.place)
    }
  }

  private func choice(
    among members: [String: SourcedValue], at place: SourcePlace, _ names: Names
  ) throws -> SourcedValue {
    if let stranger = members.keys.sorted().first(where: { !names.all.contains($0) && $0 != Self.rest }) {
      throw place.problem(
        "names \(names.words) and '\(stranger)', which is none; there are "
          + (names.all + [Self.rest]).joined(separator: ", "))
    }
    let holding = names.all.filter { $0 == profile.rawValue || dataSets.contains($0) }
    guard let chosen = holding.lazy.compactMap({ members[$0] }).first ?? members[Self.rest] else {
      throw place.problem(
        names.all.contains(profile.rawValue)
          ? "says nothing for the profile '\(profile.rawValue)'"
          : "says nothing for the case that there is no such data set ('\(Self.rest)')")
    }
    return chosen
  }

  private struct Names {
    let words: String
    let all: [String]
  }

  private static let rest = "otherwise"
  private static let profiles = Names(words: "profiles", all: Profile.allCases.map(\.rawValue))
  private static let sets = Names(words: "data sets", all: DataSetDescription.all.map(\.name))
}
