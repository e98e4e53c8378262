/// Which of its labels a panel carries; inner panels of a grid may leave some to their neighbours.
struct PanelLabels: Hashable, Sendable {
  var showsX = true
  var showsYCaption = true
}

/// What part of each axis a panel shows; independent of its size.
struct PanelRanges: Hashable {
  let x: AxisRange
  let left: AxisRange
  let right: AxisRange?
  let color: AxisRange?

  init(_ panel: Panel) {
    x = panel.xRange()
    left = panel.yRange(on: .left)
    right = panel.rightAxis.map { _ in panel.yRange(on: .right) }
    color = panel.colorAxis.map { panel.colorRange($0) }
  }
}

/// A panel with its ranges, and for one size of its axes, its ticks and the room that its labels take outside.
struct PanelPlan {
  struct Margins: Hashable, Sendable {
    var left = 0.0
    var right = 0.0
    var top = 0.0
    var bottom = 0.0
  }

  let panel: Panel
  let ranges: PanelRanges
  let width: Double
  let height: Double
  let labels: PanelLabels
  let xTicks: [Tick]
  let xMinor: [Double]
  let leftTicks: Ticks
  let rightTicks: Ticks?
  private(set) var margins = Margins()

  private let text: Typesetter

  init(
    panel: Panel, ranges: PanelRanges, width: Double, height: Double, labels: PanelLabels, text: Typesetter
  ) {
    self.panel = panel
    self.ranges = ranges
    self.width = width
    self.height = height
    self.labels = labels
    self.text = text
    if case .categories(let names) = panel.xAxis.scale {
      xTicks = names.enumerated().map { Tick(value: Double($0.offset), label: $0.element) }
      xMinor = []
    } else {
      let ticks = panel.isEmpty ? Ticks(major: []) : Ticks.horizontal(ranges.x, length: width, text: text)
      xTicks = ticks.major
      xMinor = ticks.minor
    }
    // Numbers from nowhere would say that there was something to count.
    leftTicks = panel.isEmpty ? Ticks(major: []) : Ticks.vertical(ranges.left, length: height, text: text)
    rightTicks = (ranges.color ?? ranges.right).map { Ticks.vertical($0, length: height, text: text) }
    margins = measureMargins()
  }

  /// The text of an x tick; names of categories break where their neighbours begin.
  func xTickText(_ tick: Tick) -> Text {
    var result = text.tick(tick.label)
    if panel.xAxis.isCategorical {
      result.wrapWidth = max(1, width / Double(max(1, xTicks.count)) - text.theme.tickSpacing / 2)
      result.alignment = .center
      // A wrapped layout is as wide as its limit; one that fits is measured without.
      var free = result
      free.wrapWidth = nil
      if let limit = result.wrapWidth, text.measure(free).width <= limit { return free }
    }
    return result
  }

  var xCaption: Text? {
    labels.showsX && !panel.isBare ? text.caption(panel.xAxis.caption, limit: width) : nil
  }
  var leftCaption: Text? {
    labels.showsYCaption && !panel.isBare ? text.caption(panel.yAxis.caption, limit: height) : nil
  }
  var rightCaption: Text? {
    panel.isBare
      ? nil : (panel.colorAxis ?? panel.rightAxis).flatMap { text.caption($0.caption, limit: height) }
  }
  var title: Text? {
    panel.title.flatMap { $0.isEmpty ? nil : text.panelTitle($0, limit: width) }
  }

  /// From the frame to the numbers at the right: the bar of colours.
  var colorBarRoom: Double {
    panel.colorAxis == nil ? 0 : text.theme.colorBarGap + text.theme.colorBarWidth
  }

  /// From the frame to the axis label, on each side that has numbers.
  func tickRoom(_ ticks: [Tick]) -> Double {
    let theme = text.theme
    let widest = ticks.map { text.measure(text.tick($0.label)).width }.max() ?? 0
    return theme.tickLength + theme.tickLabelGap + widest
  }

  var xTickHeight: Double {
    guard labels.showsX else { return text.theme.tickLength }
    let highest = xTicks.map { text.measure(xTickText($0)).height }.max() ?? 0
    return text.theme.tickLength + text.theme.tickLabelGap + highest
  }

  private func measureMargins() -> Margins {
    let theme = text.theme
    var result = Margins()
    if panel.isBare {
      if let title { result.top = theme.labelGap + text.measure(title).height }
      return result
    }
    result.left = tickRoom(leftTicks.major)
    if let caption = leftCaption { result.left += theme.labelGap + text.measure(caption).height }
    if let rightTicks {
      result.right = colorBarRoom + tickRoom(rightTicks.major)
      if let caption = rightCaption { result.right += theme.labelGap + text.measure(caption).height }
    }
    result.bottom = xTickHeight
    if let caption = xCaption { result.bottom += theme.labelGap + text.measure(caption).height }
    if let title { result.top = theme.labelGap + text.measure(title).height }
    // Half a number may stand out above or below the frame's corners.
    let digits = text.measure(text.tick("0")).height / 2
    result.top = max(result.top, digits)
    result.bottom = max(result.bottom, digits)
    guard labels.showsX else { return result }
    for tick in xTicks {
      guard let share = ranges.x.position(of: tick.value) else { continue }
      let half = text.measure(xTickText(tick)).width / 2
      result.left = max(result.left, half - share * width)
      result.right = max(result.right, half - (1 - share) * width)
    }
    return result
  }
}

extension Ticks {
  /// Ticks whose labels, set side by side along `length` points, keep apart.
  static func horizontal(_ range: AxisRange, length: Double, text: Typesetter) -> Ticks {
    Ticks(for: range, maximumCount: max(2, min(8, Int(length / 20)))) { ticks in
      var edge = -Double.infinity
      for tick in ticks {
        guard let share = range.position(of: tick.value) else { continue }
        let half = text.measure(text.tick(tick.label)).width / 2
        if share * length - half < edge + text.theme.tickSpacing { return false }
        edge = share * length + half
      }
      return true
    }
  }

  /// Ticks whose labels, set one above the other along `length` points, keep apart.
  static func vertical(_ range: AxisRange, length: Double, text: Typesetter) -> Ticks {
    let wide = vertical(range, length: length, spacing: 16, text: text)
    // A single number says nothing of how far it is to the next value.
    return wide.major.count > 1 ? wide : vertical(range, length: length, spacing: 11, text: text)
  }

  /// - Parameter spacing: from one number to the next, at least, in points.
  private static func vertical(
    _ range: AxisRange, length: Double, spacing: Double, text: Typesetter
  ) -> Ticks {
    Ticks(for: range, maximumCount: max(2, min(8, Int(length / spacing)))) { ticks in
      let height = ticks.map { text.measure(text.tick($0.label)).height }.max() ?? 0
      let places = ticks.compactMap { range.position(of: $0.value) }.map { $0 * length }
      return zip(places, places.dropFirst()).allSatisfy { $1 - $0 >= height + text.theme.tickSpacing / 2 }
    }
  }
}
