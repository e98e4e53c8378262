import Foundation

/// A row of a Markdown table.
func printRow(_ cells: [String]) {
  print("| " + cells.joined(separator: " | ") + " |")
  fflush(nil)
}

/// The two lines above a table.
func printHeader(_ titles: [String]) {
  printRow(titles)
  print("|" + String(repeating: "---|", count: titles.count))
}

/// A number with so many digits behind the point; a dash for what is not known.
func cell(_ value: Double, digits: Int = 0) -> String {
  value.isFinite ? String(format: "%.\(digits)f", value) : "–"
}

/// A rate with three digits at least.
func rateCell(_ value: Double) -> String { cell(value, digits: value < 10 ? 2 : value < 100 ? 1 : 0) }

/// A share of one.
func percentCell(_ value: Double) -> String { value.isFinite ? cell(100 * value) + " %" : "–" }
