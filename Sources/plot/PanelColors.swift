import Figures

/// What colours leave of a panel where they have no number to show: a field of a network whose units are all silent.
struct PanelColors {
  /// Whether the panel has the bar that tells which colour is which number.
  let isShown: Bool
  /// The curves to draw.
  let curves: [FigureData.Curve]
  /// Says that there are no numbers; nil where there are some, or no colours.
  let emptyNote: String?

  init(_ panel: PanelSpecification, curves: [FigureData.Curve]) {
    let points = curves.flatMap(\.points).filter { $0.count > 0 }
    guard let color = panel.color, !points.contains(where: { $0.tone?.isFinite == true }) else {
      (isShown, self.curves, emptyNote) = (panel.color != nil, curves, nil)
      return
    }
    isShown = false
    emptyNote = color.empty ?? "no values"
    // Points that are all in one place need no axes.
    let places = Set(points.map { [$0.x, $0.y] })
    self.curves = places.count > 1 ? curves.filter { $0.series.style.map != true } : []
  }
}
