/// What can be wrong with a published folder, beyond what network and file system refuse.
public enum PublishingError: Error, Equatable, CustomStringConvertible {
  /// It holds no index.
  case absent(place: String)
  /// `FROM` or `TO` is nothing that can be meant.
  case badPlace(String, reason: String)
  case newerFormat(place: String, found: Int)
  /// The index is not what it should be.
  case malformed(place: String, reason: String)
  /// A file is not the one that the index names, however often it was fetched.
  case badFile(place: String, reason: String)
  /// The folder to publish into holds something else.
  case foreign(folder: String, name: String)

  public var description: String {
    switch self {
    case .absent(let place):
      "\(place) holds no published results (no \(PublishedIndex.fileName)); name a folder or an address that does"
    case .badPlace(let place, let reason): "'\(place)' \(reason)"
    case .newerFormat(let place, let found):
      "\(place) has format \(found), this program knows \(PublishedIndex.formatVersion); update it"
    case .malformed(let place, let reason): "\(place) is no index of results: \(reason)"
    case .badFile(let place, let reason): "\(place): \(reason)"
    case .foreign(let folder, let name):
      "\(folder) holds '\(name)', which publishing did not write; name an empty folder (TO=)"
    }
  }
}
