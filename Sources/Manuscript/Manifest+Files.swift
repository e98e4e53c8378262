import ContentStore

extension Manifest {
  /// A digest of what its files hold, with those that were dropped since: what is published under the same key may be
  /// another result.
  public var filesDigest: String {
    let all = files.merging(released ?? [:]) { first, _ in first }
    return Digest(of: all.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.digest)\n" }.joined()).hex
  }
}
