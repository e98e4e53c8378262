/// Turns a figure into a scene: measures every label, gives all panels one size, and leaves nothing to be clipped.
struct FigureLayout {
  let figure: Figure
  let text: Typesetter
  let labels: [PanelLabels]
  let ranges: [PanelRanges]
  /// The entries beneath each row, none where the next row has the same; nil if there is one legend for all rows.
  private let rowEntries: [[LegendEntry]]?

  private var theme: Theme { figure.theme }
  private var columns: Int { min(figure.columns, figure.panels.count) }
  private var rows: Int { (figure.panels.count + columns - 1) / columns }
  private var pageWidth: Double { figure.width * 72 }
  private var contentWidth: Double { pageWidth - 2 * theme.margin }

  static func scene(of figure: Figure) throws(FigureError) -> Scene {
    try figure.validate()
    let text = Typesetter(theme: figure.theme, engine: try TextEngine(typefaces: figure.theme.typefaces))
    let layout = FigureLayout(figure: figure, text: text)
    if figure.legend == .inside, let scene = try layout.makeScene(legendInside: true) { return scene }
    return try layout.makeScene(legendInside: false) ?? Scene(width: 0, height: 0)
  }

  init(figure: Figure, text: Typesetter) {
    self.figure = figure
    self.text = text
    ranges = figure.panels.map { PanelRanges($0) }
    let entries = Self.rowEntries(of: figure)
    rowEntries = entries
    let closed = (entries ?? []).enumerated().filter { !$0.element.isEmpty }.map(\.offset)
    labels = OuterLabels.labels(of: figure, ranges: ranges, closed: Set(closed))
  }

  /// - Returns: `nil` if the legend is wanted inside and no panel has room.
  private func makeScene(legendInside: Bool) throws(FigureError) -> Scene? {
    let entries = figure.legend == .none ? [] : LegendEntry.entries(of: figure.panels)
    let ofRows = rowEntries?.map { LegendLayout($0, limit: contentWidth, text: text) }
    let outside = LegendLayout(ofRows == nil ? entries : [], limit: contentWidth, text: text)
    let plans = try planPanels()
    let margins = gridMargins(plans)
    var scene = Scene(width: pageWidth, height: 0)
    var y = theme.margin
    y = addHeader(to: &scene, y: y)
    let hasOutside = !legendInside && !outside.cells.isEmpty
    if hasOutside, figure.legend == .above {
      y = addOutsideLegend(outside, to: &scene, y: y) + theme.rowGap
    }
    let spare =
      contentWidth - plans[0].width * Double(columns) - (margins.left + margins.right).reduce(0, +)
    let gap = columns > 1 ? spare / Double(columns - 1) : 0
    var painters: [PanelPainter] = []
    for row in 0..<rows {
      if row > 0 { y += theme.rowGap }
      y += margins.top[row]
      var x = theme.margin
      for column in 0..<columns {
        x += margins.left[column]
        let index = row * columns + column
        if index < plans.count {
          let frame = Box(x: x, y: y, width: plans[index].width, height: plans[index].height)
          painters.append(
            PanelPainter(plan: plans[index], frame: frame, index: index, theme: theme, text: text))
        }
        x += plans[0].width + margins.right[column] + gap
      }
      y += plans[0].height + margins.bottom[row]
      if let legend = ofRows?[row], !legend.cells.isEmpty {
        y = addOutsideLegend(legend, to: &scene, y: y + theme.labelGap)
      }
    }
    for painter in painters { painter.paintData(in: &scene) }
    if legendInside, !entries.isEmpty {
      guard InsideLegend.place(entries, painters: painters, in: &scene, text: text) else { return nil }
    }
    for painter in painters { painter.paintLabels(in: &scene) }
    if hasOutside, figure.legend != .above {
      y = addOutsideLegend(outside, to: &scene, y: y + theme.rowGap)
    }
    scene.height = addFooter(to: &scene, y: y) + theme.margin
    return scene
  }

  private static func rowEntries(of figure: Figure) -> [[LegendEntry]]? {
    let panels = figure.panels
    let columns = min(figure.columns, panels.count)
    guard figure.legend == .below, panels.count > columns,
      LegendEntry.areAmbiguous(LegendEntry.entries(of: panels))
    else { return nil }
    let groups = stride(from: 0, to: panels.count, by: columns).map { start in
      LegendEntry.entries(of: Array(panels[start..<min(start + columns, panels.count)]))
    }
    return groups.indices.map { row in
      row + 1 < groups.count && groups[row + 1] == groups[row] ? [] : groups[row]
    }
  }

  // MARK: Sizes

  private struct GridMargins {
    var left: [Double]
    var right: [Double]
    var top: [Double]
    var bottom: [Double]
  }

  private func gridMargins(_ plans: [PanelPlan]) -> GridMargins {
    func greatest(_ count: Int, _ group: (Int) -> Int, _ side: (PanelPlan.Margins) -> Double) -> [Double] {
      var result = [Double](repeating: 0, count: count)
      for (index, plan) in plans.enumerated() {
        result[group(index)] = max(result[group(index)], side(plan.margins))
      }
      return result
    }
    return GridMargins(
      left: greatest(columns, { $0 % columns }, \.left), right: greatest(columns, { $0 % columns }, \.right),
      top: greatest(rows, { $0 / columns }, \.top), bottom: greatest(rows, { $0 / columns }, \.bottom))
  }

  /// The greatest equal width of all axes at which the labels that the ticks at that width need still fit.
  private func planPanels() throws(FigureError) -> [PanelPlan] {
    var width = contentWidth / Double(columns)
    for round in 0..<40 {
      let plans = plan(width: width)
      let margins = gridMargins(plans)
      let taken = (margins.left + margins.right).reduce(0, +) + Double(columns - 1) * theme.columnGap
      let room = (contentWidth - taken) / Double(columns)
      guard room >= 20 else { throw .invalidSize(field: "width", value: figure.width) }
      if width <= room + 1e-9, round >= 3 { return plans }
      // At first the width may grow again; afterwards it only shrinks, so that the search ends.
      width = round < 3 ? room : min(width - 0.01, room)
    }
    return plan(width: width)
  }

  private func plan(width: Double) -> [PanelPlan] {
    figure.panels.indices.map { index in
      PanelPlan(
        panel: figure.panels[index], ranges: ranges[index], width: width, height: width * figure.panelAspect,
        labels: labels[index], text: text)
    }
  }

  // MARK: Header and footer

  private func addHeader(to scene: inout Scene, y: Double) -> Double {
    var y = y
    var noteBox: Box?
    if let note = figure.cornerNote, !note.isEmpty {
      var placed = PlacedText(
        text.note(note, limit: contentWidth, isItalic: true), x: 0, y: y, with: text, role: .cornerNote)
      placed.box.x = theme.margin + contentWidth - placed.box.width
      scene.add(placed)
      noteBox = placed.box
    }
    guard let title = figure.title, !title.isEmpty else {
      return noteBox.map { $0.bottom + theme.labelGap } ?? y
    }
    var placed = PlacedText(
      text.figureTitle(title, limit: contentWidth), x: 0, y: y, with: text, role: .title)
    placed.box.x = (pageWidth - placed.box.width) / 2
    if let noteBox, noteBox.grown(by: 4).intersects(placed.box) { placed.box.y = noteBox.bottom + 2 }
    scene.add(placed)
    y = max(placed.box.bottom, noteBox?.bottom ?? 0)
    return y + theme.labelGap + 1
  }

  private func addOutsideLegend(_ legend: LegendLayout, to scene: inout Scene, y: Double) -> Double {
    let x = (pageWidth - legend.width) / 2
    LegendPainter(theme: theme, text: text).paint(legend, x: x, y: y, in: &scene)
    scene.legend = Box(x: x, y: y, width: legend.width, height: legend.height)
    return y + legend.height
  }

  private func addFooter(to scene: inout Scene, y: Double) -> Double {
    guard let footer = figure.footer, !footer.isEmpty else { return y }
    let placed = PlacedText(
      text.note(footer, limit: contentWidth), x: theme.margin, y: y + theme.rowGap, with: text, role: .footer)
    scene.add(placed)
    return placed.box.bottom
  }
}
