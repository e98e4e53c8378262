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
  /// Somebody else is publishing into it.
  case busy(folder: String)
  /// Somebody else has published into it meanwhile, where no lock kept one from the other.
  case changed(folder: String)

  public var description: String {
    switch self {
    case .absent(let place):
      "\(place) holds no published results (no \(PublishedIndex.fileName)); name a folder or an address that does"
    case .badPlace(let place, let reason): "'\(place)' \(reason)"
    case .newerFormat(let place, let found):
      "\(place) has format \(found), this program knows \(PublishedIndex.formatVersion); update it"
    case .malformed(let place, let reason): "\(place) is no index of results: \(reason)"
    case .badFile(let place, let reason): "\(place): \(reason)"
    case .busy(let folder):
      "\(folder) is being published into by another process; wait for its end, and publish again"
    case .changed(let folder):
      "\(folder) was published into by somebody else meanwhile; publish again, beside what is there now"
    case .foreign(let folder, let name):
      "\(folder) holds '\(name)', which publishing did not write; name an empty folder (TO=)"
    }
  }
}
