import Figures
import Foundation
import Manuscript

/// Results that are kept with the chapters: figures' records and numbers, one folder for each profile. Prose that speaks
/// of a run which a reader will hardly repeat quotes them.
public struct RecordShelf: Sendable {
  public let folder: String

  public init(folder: String) { self.folder = folder }

  /// The record of a figure.
  ///
  /// - Throws: ``ReportError`` if there is none.
  func figure(_ id: String, profile: String) throws -> PublishedFigure {
    guard let known = Profile(rawValue: profile) else {
      throw ReportError("'\(profile)' is no profile; there are quick, standard and paper")
    }
    guard let figure = try find(id, profile: known) else {
      throw ReportError(
        "there is no record of \(id) at \(profile); 'make record-\(id) PROFILE=\(profile)' makes one")
    }
    return figure
  }

  /// Where the record of a figure is or would be.
  func path(of id: String, profile: Profile) -> String { "\(folder)/\(profile.rawValue)/\(id).json" }

  /// The record of a figure if there is one.
  func find(_ id: String, profile: Profile) throws -> PublishedFigure? {
    guard FileManager.default.fileExists(atPath: path(of: id, profile: profile)) else {
      return nil
    }
    return try PublishedFigure(id, in: "\(folder)/\(profile.rawValue)")
  }

  /// What is kept of a figure, by where it goes: its record and its numbers, and of what nobody makes in passing its
  /// drawing.
  ///
  /// - Throws: ``ReportError`` where one of its files is missing.
  public func files(of figure: PublishedFigure) throws -> [(path: String, data: Data)] {
    let endings = ["json", "csv"] + (figure.record.profile == .quick ? [] : ["svg"])
    return try endings.map { ending in
      guard let data = figure.file(ending) else { throw ReportError("\(figure.id).\(ending) is missing") }
      return ("\(folder)/\(figure.record.profile.rawValue)/\(figure.id).\(ending)", data)
    }
  }

  /// Writes files where they go.
  public func keep(_ files: [(path: String, data: Data)]) throws {
    for (path, data) in files {
      let parent = (path as NSString).deletingLastPathComponent
      try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
      try data.write(to: URL(fileURLWithPath: path), options: .atomic)
    }
  }
}
