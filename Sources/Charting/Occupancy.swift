/// Which parts of a panel's area have ink of data, on a grid fine enough to keep texts off lines.
struct Occupancy: Hashable, Sendable {
  /// Side of a cell, in points.
  static let cell = 1.0

  let area: Box
  private let columns: Int
  private let rows: Int
  private var cells: [Bool]

  init(area: Box) {
    self.area = area
    columns = max(1, Int((area.width / Self.cell).rounded(.up)))
    rows = max(1, Int((area.height / Self.cell).rounded(.up)))
    cells = [Bool](repeating: false, count: columns * rows)
  }

  mutating func mark(_ point: Point) {
    let column = Int(((point.x - area.x) / Self.cell).rounded(.down))
    let row = Int(((point.y - area.y) / Self.cell).rounded(.down))
    guard (0..<columns).contains(column), (0..<rows).contains(row) else { return }
    cells[row * columns + column] = true
  }

  mutating func mark(_ box: Box) {
    guard let (rowRange, columnRange) = ranges(box) else { return }
    for row in rowRange {
      for column in columnRange { cells[row * columns + column] = true }
    }
  }

  /// Marks what a line covers, walking in steps of half a cell over the part within the area.
  mutating func markLine(_ start: Point, _ end: Point) {
    guard let (first, last) = Self.clip(start, end, to: area.grown(by: 1)) else { return }
    let length = max(abs(last.x - first.x), abs(last.y - first.y))
    let count = max(1, Int((length / (Self.cell / 2)).rounded(.up)))
    for index in 0...count {
      let share = Double(index) / Double(count)
      mark(Point(first.x + (last.x - first.x) * share, first.y + (last.y - first.y) * share))
    }
  }

  /// Cells with ink under `box`, and cells of `box` outside the area.
  func coverage(of box: Box) -> Int {
    guard let (rowRange, columnRange) = ranges(box) else { return 0 }
    var count = 0
    for row in rowRange {
      for column in columnRange where cells[row * columns + column] { count += 1 }
    }
    return count
  }

  private func ranges(_ box: Box) -> (rows: Range<Int>, columns: Range<Int>)? {
    let left = max(0, Int(((box.x - area.x) / Self.cell).rounded(.down)))
    let right = min(columns, Int(((box.right - area.x) / Self.cell).rounded(.up)))
    let top = max(0, Int(((box.y - area.y) / Self.cell).rounded(.down)))
    let bottom = min(rows, Int(((box.bottom - area.y) / Self.cell).rounded(.up)))
    guard left < right, top < bottom else { return nil }
    return (top..<bottom, left..<right)
  }

  /// The part of a line within a box (Liang and Barsky, "A new concept and method for line clipping", 1984).
  static func clip(_ start: Point, _ end: Point, to box: Box) -> (Point, Point)? {
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    var (enter, leave) = (0.0, 1.0)
    let edges = [
      (-dx, start.x - box.x), (dx, box.right - start.x), (-dy, start.y - box.y), (dy, box.bottom - start.y),
    ]
    for (slope, distance) in edges {
      if slope == 0 {
        if distance < 0 { return nil }
      } else if slope < 0 {
        enter = max(enter, distance / slope)
      } else {
        leave = min(leave, distance / slope)
      }
    }
    guard enter <= leave else { return nil }
    return (
      Point(start.x + dx * enter, start.y + dy * enter), Point(start.x + dx * leave, start.y + dy * leave)
    )
  }
}
