import Figures
import Foundation
import Tables

/// The paper's own curves, as they were read off its figures: a table for each figure, `fig-b.7.csv`, under our names of
/// panels and series, in the folder `published` beside the chapters.
public final class PublishedShelf {
  /// Beside the chapters.
  public static let folderName = "published"

  /// The folder of the tables.
  let folder: String
  private var figures: [String: [String: [String: Curve]]] = [:]

  /// - Parameter chapter: the path of a chapter.
  init(besideChapter chapter: String) {
    let parent = (chapter as NSString).deletingLastPathComponent
    folder = (parent.isEmpty ? "" : parent + "/") + Self.folderName
  }

  /// What x counts, over the whole of a curve.
  enum Unit: String, CaseIterable {
    /// Passes over the training images by one network.
    case epoch
    case task
    /// Millions of examples.
    case example
    /// The place of a bar, from 0.
    case bar
    /// Units of the hidden layer.
    case width
  }

  /// A curve of a table.
  struct Curve {
    var unit: Unit
    var points: [(x: Double, y: Double)]
  }

  /// The curves of a figure: panel → series → curve.
  ///
  /// - Throws: ``UnknownPublication`` if there is no such table, what reading throws for a broken one.
  func figure(_ id: String) throws -> [String: [String: Curve]] {
    if let known = figures[id] { return known }
    let path = "\(folder)/\(id).csv"
    guard FileManager.default.fileExists(atPath: path) else { throw UnknownPublication(path: path) }
    let table = try CSVReader.read(path)
    let (panels, series) = (try table.column("panel"), try table.column("series"))
    let (x, y, units) = (try table.numbers("at"), try table.numbers("y"), try table.column("unit"))
    var curves: [String: [String: Curve]] = [:]
    for row in panels.indices {
      guard let unit = Unit(rawValue: units[row]) else {
        throw UnknownPublication(path: path, unit: units[row])
      }
      curves[panels[row], default: [:]][series[row], default: Curve(unit: unit, points: [])].points
        .append((x[row], y[row]))
    }
    figures[id] = curves
    return curves
  }
}

/// What a panel stands for is not among the published curves.
struct UnknownPublication: Error, CustomStringConvertible {
  let path: String
  var unit: String?

  var description: String {
    guard let unit else { return "there is no \(path)" }
    return "\(path) has the unit '\(unit)'; known: "
      + PublishedShelf.Unit.allCases.map(\.rawValue).joined(separator: ", ")
  }
}
