/// The legend that all panels share: entries in as many columns as fit, filled column by column.
struct LegendLayout {
  /// An entry with its place relative to the legend's left top corner.
  struct Cell {
    var entry: LegendEntry
    var sample: Box
    var text: Text
    var textX: Double
    var textY: Double
  }

  static let sampleWidth = 17.0
  static let sampleGap = 3.5
  static let columnGap = 11.0
  static let rowGap = 3.0

  private(set) var cells: [Cell] = []
  private(set) var width = 0.0
  private(set) var height = 0.0

  /// - Parameter columns: a wish, for a legend within a panel; `nil` for as many as fit `limit` points.
  init(_ entries: [LegendEntry], limit: Double, columns: Int? = nil, text: Typesetter) {
    guard !entries.isEmpty else { return }
    let labelLimit = max(10, limit - Self.sampleWidth - Self.sampleGap)
    let texts = entries.map { text.legend($0.label, limit: labelLimit) }
    let extents = texts.map { text.measure($0) }
    let wish = min(columns ?? entries.count, entries.count)
    for count in stride(from: wish, through: 1, by: -1) {
      let rows = (entries.count + count - 1) / count
      let used = (entries.count + rows - 1) / rows
      let groups = (0..<used).map { ($0 * rows)..<min(($0 + 1) * rows, entries.count) }
      let widths = groups.map { group in
        group.map { extents[$0].width }.reduce(0, max) + Self.sampleWidth + Self.sampleGap
      }
      let total = widths.reduce(0, +) + Double(used - 1) * Self.columnGap
      guard total <= limit || count == 1 else { continue }
      place(entries, texts: texts, extents: extents, groups: groups, widths: widths, rows: rows)
      width = total
      return
    }
  }

  private mutating func place(
    _ entries: [LegendEntry], texts: [Text], extents: [TextExtent], groups: [Range<Int>], widths: [Double],
    rows: Int
  ) {
    let heights = (0..<rows).map { row in
      groups.compactMap { $0.count > row ? extents[$0.lowerBound + row].height : nil }.reduce(0, max)
    }
    var x = 0.0
    for (group, columnWidth) in zip(groups, widths) {
      var y = 0.0
      for (row, index) in group.enumerated() {
        cells.append(
          Cell(
            entry: entries[index],
            sample: Box(x: x, y: y, width: Self.sampleWidth, height: heights[row]), text: texts[index],
            textX: x + Self.sampleWidth + Self.sampleGap,
            textY: y + (heights[row] - extents[index].height) / 2
          ))
        y += heights[row] + Self.rowGap
      }
      x += columnWidth + Self.columnGap
    }
    height = heights.reduce(0, +) + Double(rows - 1) * Self.rowGap
  }
}
