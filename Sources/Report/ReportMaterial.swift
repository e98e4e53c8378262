import Foundation

/// What the page and the appendix are made from.
public struct ReportMaterial: Sendable {
  let edition: Edition
  let tables: [ReportTable]
  private let templates: String

  /// - Parameter templates: the folder of the page's and the appendix's frames.
  public init(_ edition: Edition, tables: [ReportTable], templates: String) {
    self.edition = edition
    self.tables = tables
    self.templates = templates
  }

  /// The path of a frame.
  ///
  /// - Throws: ``ReportError`` if it is not there.
  func template(_ name: String) throws -> String {
    let path = "\(templates)/\(name)"
    guard FileManager.default.fileExists(atPath: path) else { throw ReportError("\(path) is missing") }
    return path
  }
}
