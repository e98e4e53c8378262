import ContentStore
import Experiments

/// Panels that differ in a name alone are written once: with `each: [["relu", "ReLU"], …]`, a panel stands for
/// one panel for each pair, `{key}` and `{label}` in its texts being replaced.
enum PanelTemplate {
  /// `panels` with every template replaced by its panels.
  ///
  /// - Throws: ``BlockProblem`` for an `each` that is no list of pairs of texts.
  static func expand(_ panels: JSONValue) throws -> JSONValue {
    guard case .array(let elements) = panels else { return panels }
    return .array(
      try elements.enumerated().flatMap { index, panel -> [JSONValue] in
        guard case .object(var members) = panel, let each = members.removeValue(forKey: "each") else {
          return [panel]
        }
        let path = ["panels", "\(index)", "each"]
        guard case .array(let pairs) = each else {
          throw BlockProblem(path: path, message: "must be a list of pairs, [key, label]")
        }
        return try pairs.enumerated().map { position, pair in
          guard case .array(let texts) = pair, texts.count == 2, case .string(let key) = texts[0],
            case .string(let label) = texts[1]
          else {
            throw BlockProblem(path: path + ["\(position)"], message: "must be a pair of texts, [key, label]")
          }
          return JSONValue.object(members).replacing(["{key}": key, "{label}": label])
        }
      })
  }
}

extension JSONValue {
  /// `self` with texts replaced within all texts.
  fileprivate func replacing(_ replacements: [String: String]) -> JSONValue {
    switch self {
    case .string(let text):
      .string(replacements.reduce(text) { $0.replacing($1.key, with: $1.value) })
    case .array(let elements): .array(elements.map { $0.replacing(replacements) })
    case .object(let members): .object(members.mapValues { $0.replacing(replacements) })
    default: self
    }
  }
}
