import ContentStore
import Foundation

/// A claim whose comparison and threshold stand in its measure: `final(r2.clone) < 0.9`, `final(a.b) - 1 within 0.1`.
enum ClaimShorthand {
  /// The claim with the three apart, as it is decoded.
  ///
  /// - Throws: ``ManuscriptError`` for a threshold that is no number, or a claim that has it in both ways.
  static func written(_ claim: SourcedValue) throws -> SourcedValue {
    guard case .object(var members) = claim.content else { return claim }
    members["profiles"] = members["profiles"].map {
      $0.text == nil ? $0 : SourcedValue(.array([$0]), at: $0.place)
    }
    guard let measure = members["measure"], let text = measure.text,
      let (range, comparison) = comparison(in: text)
    else { return SourcedValue(.object(members), at: claim.place) }
    for key in ["comparison", "threshold"] {
      if let value = members[key] { throw value.place.problem("is there already, in the measure '\(text)'") }
    }
    let threshold = text[range.upperBound...].trimmingCharacters(in: .whitespaces)
    guard let number = Double(threshold), number.isFinite else {
      throw measure.place.problem("ends with '\(threshold)' after '\(comparison)', which is no number")
    }
    let expression = text[..<range.lowerBound].trimmingCharacters(in: .whitespaces)
    members["measure"] = SourcedValue(.leaf(.string(expression)), at: measure.place)
    members["comparison"] = SourcedValue(.leaf(.string(comparison)), at: measure.place)
    members["threshold"] = SourcedValue(.leaf(.number(number)), at: measure.place)
    return SourcedValue(.object(members), at: claim.place)
  }

  private static func comparison(in text: String) -> (Range<String.Index>, String)? {
    for comparison in ["<=", ">=", "<", ">", " within "] {
      if let range = text.range(of: comparison) {
        return (range, comparison.trimmingCharacters(in: .whitespaces))
      }
    }
    return nil
  }
}
