import Figures
import Manuscript

/// What chapters come to, each profile for itself. A published curve counts with the figure that it was published in.
struct DistanceSums {
  private(set) var parts: [(chapter: String, profile: Profile, sum: DistanceSummary)] = []

  var all: DistanceSummary { parts.map(\.sum).reduce(DistanceSummary(), +) }

  mutating func add(_ summary: DistanceSummary, of chapter: String, at profile: Profile) {
    guard summary.curves > 0 else { return }
    guard let place = parts.firstIndex(where: { $0.chapter == chapter && $0.profile == profile }) else {
      parts.append((chapter, profile, summary))
      return
    }
    parts[place].sum = parts[place].sum + summary
  }
}

extension PanelSpecification {
  /// Whether its published curves are those of the paper's figure that it is in, and not of another one.
  var hasCurvesOfItsOwnFigure: Bool { published?.contains("/") != true }
}
