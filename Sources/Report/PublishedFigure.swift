import Claims
import Foundation
import Manuscript
import Tables

/// A figure as `make` left it: its record and the numbers that are drawn.
public struct PublishedFigure: Sendable {
  public let record: FigureRecord
  /// Where its files are: `fig-2.1.json` and the others.
  public let folder: String
  /// A drawn mean with the ends of its interval, over so many seeds.
  struct Span: Hashable, Sendable {
    let x: Double
    let y: Double
    let low: Double
    let high: Double
    let count: Int
  }

  /// `panel.series` → what is drawn, in the order of the file, gaps left out.
  private let curves: [String: [Span]]

  /// Reads `id`.json and `id`.csv in a folder.
  ///
  /// - Throws: ``ReportError`` if one is missing or broken.
  public init(_ id: String, in folder: String) throws {
    self.folder = folder
    record = try FigureRecord(published: id, in: folder)
    let table = try CSVReader.read("\(folder)/\(id).csv")
    let (panels, series) = (try table.column("panel"), try table.column("series"))
    let (x, y, counts) = (try table.numbers("x"), try table.numbers("y"), try table.numbers("n"))
    let (low, high) = (try table.numbers("y_low"), try table.numbers("y_high"))
    var curves: [String: [Span]] = [:]
    for row in panels.indices where counts[row] > 0 {
      curves["\(panels[row]).\(series[row])", default: []].append(
        Span(x: x[row], y: y[row], low: low[row], high: high[row], count: Int(counts[row])))
    }
    self.curves = curves
  }

  public var id: String { record.artifact }

  /// What is drawn under a name, `panel.series`; nil if nothing is.
  func points(of curve: String) -> [(x: Double, y: Double)]? { curves[curve]?.map { ($0.x, $0.y) } }

  /// The same with intervals.
  func spans(of curve: String) -> [Span]? { curves[curve] }

  /// The claim of that name, nil if there is none.
  public func claim(_ id: String) -> ClaimResult? { record.claims.first { $0.id == id } }

  /// An expression over what is drawn, as claims use it.
  ///
  /// - Throws: ``ReportError`` for an expression that cannot be read, or that names a curve that is not drawn.
  public func value(of expression: String) throws -> Double {
    do {
      return try ClaimExpression(expression).value { name in
        guard let points = points(of: name) else {
          throw ReportError(
            "\(id) draws no '\(name)'; it draws \(curves.keys.sorted().joined(separator: ", "))")
        }
        return points
      }
    } catch let error as ClaimExpressionError {
      throw ReportError("\(error)")
    }
  }

  /// The contents of one of its files, nil if it is not there.
  func file(_ ending: String) -> Data? { contents(of: "\(id).\(ending)") }

  /// The contents of a file beside it, nil if it is not there.
  func contents(of file: String) -> Data? { FileManager.default.contents(atPath: "\(folder)/\(file)") }
}

extension FigureRecord {
  /// Reads `id`.json in a folder.
  ///
  /// - Throws: ``ReportError`` if it is missing or broken.
  public init(published id: String, in folder: String) throws {
    let path = "\(folder)/\(id).json"
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ReportError("\(path) is missing; run 'make \(id)'")
    }
    do { self = try JSONDecoder().decode(FigureRecord.self, from: data) } catch {
      throw ReportError("\(path) is not the record of a figure; run 'make \(id)'")
    }
  }

  /// Profile, data and seeds in a few words.
  public var basis: String {
    let others = origin.map { ", \($0.words)" } ?? ""
    guard !seeds.isEmpty else { return "computed without training: the same in every profile" + others }
    return
      "profile \(profile.rawValue), \(images), \(seeds.count == 1 ? "seed \(seeds[0])" : "\(seeds.count) seeds")"
      + others
  }

  /// The sets of images that it rests on, and whether they are real.
  var images: String {
    let titles = dataSets.map { $0.synthetic ? $0.title : "\($0.title) (real images)" }
    let different = titles.indices.filter { titles.firstIndex(of: titles[$0]) == $0 }.map { titles[$0] }
    return titles.isEmpty ? "generated stream" : different.joined(separator: ", ")
  }

  /// How many claims came out how: `4 reproduced, 1 not reproduced`.
  public var verdictCounts: String {
    Verdict.allCases.compactMap { verdict in
      let count = claims.filter { $0.verdict == verdict }.count
      return count > 0 ? "\(count) \(verdict.rawValue)" : nil
    }.joined(separator: ", ")
  }
}

/// Something that keeps the report from being written.
public struct ReportError: Error, Equatable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}
