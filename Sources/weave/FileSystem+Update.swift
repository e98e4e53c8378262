import ContentStore
import Foundation

extension FileSystem {
  /// Writes a file unless it holds these bytes already: what is newer than before has changed.
  static func update(_ path: String, to data: Data) throws {
    guard FileManager.default.contents(atPath: path) != data else { return }
    try write(data, atomicallyTo: path)
  }
}
