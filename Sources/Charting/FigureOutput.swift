extension Figure {
  /// The figure as a file of `format`; equal figures give equal bytes on one machine.
  ///
  /// - Throws: `FigureError` when the description is contradictory or Cairo fails.
  public func bytes(as format: Format) throws(FigureError) -> [UInt8] {
    try Surface.bytes(
      of: try FigureLayout.scene(of: self), as: format, metadata: metadata, theme: theme)
  }

  /// Writes `pathWithoutExtension.pdf`, `.svg` and `.png`, each whole or not at all: everything is drawn before
  /// the first file appears.
  ///
  /// - Throws: `FigureError`; `.unwritable` carries the file system's reason (no such folder, disk full).
  public func write(
    to pathWithoutExtension: String, formats: [Format] = Format.allCases
  ) throws(FigureError) {
    let scene = try FigureLayout.scene(of: self)
    var files: [(path: String, bytes: [UInt8])] = []
    for format in formats {
      let bytes = try Surface.bytes(of: scene, as: format, metadata: metadata, theme: theme)
      files.append(("\(pathWithoutExtension).\(format.rawValue)", bytes))
    }
    for file in files { try AtomicFile.write(file.bytes, to: file.path) }
  }
}
