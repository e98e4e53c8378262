import Console
import ContentStore
import Foundation
import Report

/// `weave gallery`: the page of a folder of figures, which is also written anew whenever a figure is published.
enum GalleryCommand {
  static func run(_ arguments: [String]) throws {
    var options = CommandLineOptions(
      tool: "weave gallery", summary: "Writes a page of the figures in a folder.")
    let figures = options.option(
      "figures", String.self, value: "FOLDER", default: "figures", help: "where the figures are")
    try GalleryFile.write(in: options.parse(arguments)[figures])
  }
}

/// The gallery among the published figures.
enum GalleryFile {
  static func path(in folder: String) -> String { folder + "/README.md" }

  static func write(in folder: String) throws {
    try FileSystem.update(path(in: folder), to: Data(Gallery.markdown(of: folder).utf8))
  }
}
