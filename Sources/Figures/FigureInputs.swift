import ContentStore
import Foundation
import Tables

/// The tables that a figure is drawn from and its claims are judged on, read when they are asked for.
///
/// A name is that of a table of the whole artifact, `name`, or of one seed, `name/seed`; what it leads to holds either
/// measurements of a run or computed curves. Under the name ``keptName`` is a figure's own numbers instead, kept without
/// the tables that they came from.
public final class FigureInputs {
  /// The name of the input, and of its stage, that holds a kept figure, and its files.
  public static let keptName = "figure"
  public static let keptNumbersName = "figure.csv"
  public static let keptRecordName = "figure.json"

  /// Whether a folder holds ``MetricRow``s or a ``CurveTable``.
  private enum Contents {
    case measurements(String)
    case curves(String)
  }

  private let metrics: Set<String>
  private var contents: [String: Contents] = [:]
  /// The numbers of a figure that was kept as it was drawn, if it is drawn from them.
  private let kept: String?
  /// The record beside these numbers: the claims as they were measured, and what else was kept.
  public let keptRecord: String?
  private var runs: [String: (rows: [MetricRow], end: Int?)] = [:]

  /// - Parameters:
  ///   - panels: tell which metrics are needed.
  ///   - files: for each name the path of a file of the given name below its folder, or nil if it has none.
  public init(
    panels: [PanelSpecification], names: [String], file: (_ name: String, _ file: String) throws -> String?
  ) throws {
    metrics = Set(panels.flatMap { $0.series.flatMap(\.metrics) })
    kept = try names.contains(Self.keptName) ? file(Self.keptName, Self.keptNumbersName) : nil
    keptRecord = try kept == nil ? nil : file(Self.keptName, Self.keptRecordName)
    for name in names {
      if let path = try file(name, MetricRow.fileName) {
        contents[name] = .measurements(path)
      } else if let path = try file(name, CurveTable.fileName) {
        contents[name] = .curves(path)
      }
    }
  }

  /// What the panels draw of them.
  public func data(panels: [PanelSpecification], seeds: [UInt64]) throws -> FigureData {
    if let kept { return try FigureData(panels: panels, seeds: seeds, kept: kept) }
    var computed: [String: CurveTable] = [:]
    for (name, contents) in contents {
      if case .curves(let path) = contents { computed[name] = try CurveTable(contentsOf: path) }
    }
    return try FigureData(panels: panels, seeds: seeds, tables: computed) { run, seed in
      try measurements(of: "\(run)/\(seed)").rows
    }
  }

  /// The step at which a run ended, in its measured seeds; nil for a run that was not measured.
  public func end(of run: String, seeds: [UInt64]) throws -> Int? {
    if let keptRecord { return try Facts(contentsOf: keptRecord).runEnds[run] }
    for seed in seeds.reversed() {
      if case .measurements? = contents["\(run)/\(seed)"] {
        return try measurements(of: "\(run)/\(seed)").end
      }
    }
    return nil
  }

  private func measurements(of name: String) throws -> (rows: [MetricRow], end: Int?) {
    if let found = runs[name] { return found }
    guard case .measurements(let path)? = contents[name] else {
      throw UnknownCurve(name: name, place: "the figure's inputs", known: contents.keys.sorted())
    }
    let found = try MetricRow.read(path, metrics: metrics)
    runs[name] = found
    return found
  }

  /// The images that a kept figure rests on, each title once; nil for one that is drawn from tables.
  public var keptDataSets: [DrawingSpecification.DataSet]? {
    get throws {
      guard let keptRecord else { return nil }
      var seen: Set<DrawingSpecification.DataSet> = []
      return try Facts(contentsOf: keptRecord).dataSets.filter { seen.insert($0).inserted }
    }
  }

  /// What drawing needs of a record.
  private struct Facts: Decodable {
    var runEnds: [String: Int]
    var dataSets: [DrawingSpecification.DataSet]

    init(contentsOf path: String) throws {
      self = try JSONDecoder().decode(Facts.self, from: FileSystem.contents(of: path))
    }
  }
}
