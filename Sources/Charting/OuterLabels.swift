/// Decides which panels of a grid may leave labels to their neighbours.
enum OuterLabels {
  /// - Parameter closed: the rows with a legend of their own beneath.
  static func labels(of figure: Figure, ranges: [PanelRanges], closed: Set<Int>) -> [PanelLabels] {
    let count = figure.panels.count
    let columns = min(figure.columns, count)
    guard figure.axisLabelling == .outerPanels else {
      return [PanelLabels](repeating: PanelLabels(), count: count)
    }
    return (0..<count).map { index in
      var labels = PanelLabels()
      let panel = figure.panels[index]
      if index + columns < count, !closed.contains(index / columns) {
        let below = figure.panels[index + columns]
        labels.showsX = !(below.xAxis == panel.xAxis && ranges[index + columns].x == ranges[index].x)
      }
      if index % columns > 0 {
        let left = figure.panels[index - 1]
        // Of two kinds of panels, each says what it shows.
        labels.showsYCaption =
          left.yAxis.caption != panel.yAxis.caption || left.xAxis.caption != panel.xAxis.caption
      }
      return labels
    }
  }
}
