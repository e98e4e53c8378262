import ContentStore

/// A panel's series in their full form: what the panel says for all of them, and what is said in words.
enum SeriesShorthand {
  /// What a panel may say for all of its series.
  static let shared: Set<String> = [
    "label", "minus", "metric", "layers", "probe", "averagedOver", "against", "sizedBy", "table", "tables",
    "curve",
    "onRight", "style",
  ]

  /// A series over what its panel says for all.
  static func written(_ series: SourcedValue, over common: [String: SourcedValue]) throws -> SourcedValue {
    guard case .object(let own) = series.content else { return series }
    var members = common.merging(own) { _, own in own }
    for key in ["runs", "minus", "tables"] where members[key]?.text != nil {
      members[key] = members[key].map { SourcedValue(.array([$0]), at: $0.place) }
    }
    members["style"] = try members["style"].map(style)
    return SourcedValue(.object(members), at: series.place)
  }

  /// `1 dotted thin`, or `1` alone: the colour's number, the line (solid if there is none) and what else is true of
  /// the style.
  private static func style(_ style: SourcedValue) throws -> SourcedValue {
    let text: String
    switch style.content {
    case .leaf(.string(let words)): text = words
    case .leaf(.integer(let color)): text = "\(color)"
    default: return style
    }
    var members: [String: JSONValue] = ["line": "solid"]
    for word in text.split(separator: " ").map(String.init) {
      if let color = Int(word) {
        members["color"] = .integer(color)
      } else if ["solid", "dashed", "dotted", "dashdotted"].contains(word) {
        members["line"] = .string(word)
      } else if ["thin", "dots", "bars", "errorBars", "pale", "map"].contains(word) {
        members[word] = true
      } else {
        throw style.place.problem(
          "has the word '\(word)'; a style is a colour's number, solid, dashed, dotted or dashdotted, and thin, "
            + "dots, bars, errorBars, pale or map")
      }
    }
    guard members["color"] != nil else {
      throw style.place.problem("lacks the number of a colour, as in '0 solid'")
    }
    return SourcedValue(
      .object(members.mapValues { SourcedValue(.leaf($0), at: style.place) }), at: style.place)
  }
}
