/// What must hold before layout. Panels and series are counted from 1 in errors.
extension Figure {
  func validate() throws(FigureError) {
    guard !panels.isEmpty else { throw .noPanels }
    guard columns >= 1 else { throw .invalidColumns(columns) }
    guard width.isFinite, width > 0, width <= 100 else { throw .invalidSize(field: "width", value: width) }
    guard panelAspect.isFinite, (0.05...20).contains(panelAspect) else {
      throw .invalidSize(field: "panelAspect", value: panelAspect)
    }
    for text in [title, footer, cornerNote].compactMap({ $0 }) { try TextEngine.validate(text) }
    for (index, panel) in panels.enumerated() { try panel.validate(number: index + 1) }
  }
}

extension Panel {
  fileprivate func validate(number: Int) throws(FigureError) {
    try xAxis.validate(panel: number, name: "x")
    try yAxis.validate(panel: number, name: "y")
    try rightAxis?.validate(panel: number, name: "right")
    try colorAxis?.validate(panel: number, name: "color")
    if rightAxis != nil, colorAxis != nil { throw .twoRightAxes(panel: number) }
    for (axis, name) in [(yAxis, "y"), (rightAxis ?? yAxis, "right"), (colorAxis ?? yAxis, "color")]
    where axis.isCategorical {
      throw .invalidLimits(
        panel: number, axis: name, lower: nil, upper: nil,
        reason: "need numbers: only an x axis has categories")
    }
    for text in [title, note, emptyNote].compactMap({ $0 }) + markers.compactMap(\.label) + labels.map(\.text)
    {
      try TextEngine.validate(text)
    }
    for (index, series) in series.enumerated() { try validate(series, number: index + 1, panel: number) }
  }

  private func validate(_ series: Series, number: Int, panel: Int) throws(FigureError) {
    if let label = series.label { try TextEngine.validate(label) }
    if series.side == .right, rightAxis == nil { throw .missingRightAxis(panel: panel, series: number) }
    switch series.kind {
    case .line(let points, let band), .step(let points, let band):
      if let band, band.count != points.count {
        throw .countMismatch(panel: panel, series: number, points: points.count, intervals: band.count)
      }
    case .errorBars(let points, let intervals):
      if intervals.count != points.count {
        throw .countMismatch(panel: panel, series: number, points: points.count, intervals: intervals.count)
      }
    case .scatter(let dots):
      if colorAxis == nil, dots.contains(where: { $0.tone != nil }) {
        throw .missingColorAxis(panel: panel, series: number)
      }
    case .heatMap:
      if colorAxis == nil { throw .missingColorAxis(panel: panel, series: number) }
    case .bars(let bars):
      guard case .categories(let names) = xAxis.scale else { throw .emptyCategories(panel: panel) }
      for bar in bars where !names.indices.contains(bar.group) {
        throw .invalidGroup(panel: panel, series: number, group: bar.group, categories: names.count)
      }
    }
  }
}

extension Axis {
  fileprivate func validate(panel: Int, name: String) throws(FigureError) {
    try TextEngine.validate(caption)
    if case .categories(let names) = scale {
      guard !names.isEmpty else { throw .emptyCategories(panel: panel) }
      for category in names { try TextEngine.validate(category) }
    }
    func fail(_ reason: String) -> FigureError {
      .invalidLimits(panel: panel, axis: name, lower: lower, upper: upper, reason: reason)
    }
    for limit in [lower, upper].compactMap({ $0 }) {
      guard abs(limit) <= AxisRange.largest else { throw fail("must be finite numbers within ±1e300") }
      if scale == .logarithmic, limit < 1e-300 { throw fail("must be above zero on a logarithmic axis") }
    }
    if let lower, let upper, upper - lower <= max(abs(lower), abs(upper)) * 1e-12 {
      throw fail("must rise, and differ by more than rounding")
    }
  }
}
