import Claims
import Foundation
import Manuscript

/// `README.md` among the figures: every artifact that is there, with its picture and what became of its claims.
public enum Gallery {
  /// The gallery of a folder.
  public static func markdown(of folder: String) throws -> String {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted {
      $0.compare($1, options: .numeric) == .orderedAscending
    }
    let figures = names.filter { $0.hasPrefix("fig-") && $0.hasSuffix(".json") }
      .compactMap { try? FigureRecord(published: String($0.dropLast(5)), in: folder) }
    let tables = names.filter { $0.hasPrefix("table-") && $0.hasSuffix(".md") }.map { String($0.dropLast(3)) }
    var parts = [
      "# Gallery", "",
      "Written by `make`: what it published here, each figure of the profile and the data that it names.", "",
    ]
    if !tables.isEmpty {
      parts += ["Tables: " + tables.map { "[\($0)](\($0).md)" }.joined(separator: ", "), ""]
    }
    for figure in figures { parts += section(figure) }
    return parts.joined(separator: "\n")
  }

  private static func section(_ record: FigureRecord) -> [String] {
    let id = record.artifact
    let files = ["pdf", "svg", "csv", "json", "claims.txt"].map { "[\($0)](\(id).\($0))" }
      .joined(separator: " · ")
    return [
      "## \(id): \(Markup.markdown(record.title))", "", "![\(id)](\(id).png)", "",
      "\(Markup.markdown(record.basis)). "
        + (record.claims.isEmpty ? "No claims. " : "Claims: \(record.verdictCounts). ")
        + "\(files) · `\(record.command)`", "",
    ]
  }
}
