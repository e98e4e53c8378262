extension Store {
  /// Drops files of an entry that have served their purpose. The manifest goes on to tell their digests, and the entry
  /// is complete for whoever needs the others; who needs these makes it again (``Entry/requireWhole()``).
  ///
  /// - Parameter isDone: whether a file may go.
  /// - Returns: the bytes that were freed; 0 where there is no such entry.
  @discardableResult
  public func release(stage: String, key: String, where isDone: (_ file: String) -> Bool) throws -> Int {
    guard contains(stage: stage, key: key) else { return 0 }
    let lock = try EntryLock.acquire("\(folder(stage: stage, key: key)).lock") { _ in }
    defer { lock.release() }
    guard let entry = try entry(stage: stage, key: key) else { return 0 }
    let manifest = entry.manifest.releasing(isDone)
    // First the manifest: a death in between leaves files that nobody asks for, which the next call removes.
    if manifest != entry.manifest {
      try FileSystem.write(
        StoredJSON.encode(manifest), atomicallyTo: manifestPath(stage: stage, key: key), durable: true)
    }
    var bytes = 0
    for (file, facts) in manifest.released ?? [:] {
      let path = "\(entry.folder)/\(file)"
      guard try FileSystem.status(path) != nil else { continue }
      try FileSystem.remove(path)
      bytes += facts.bytes
    }
    return bytes
  }
}

extension Manifest {
  /// The same with files moved to ``released``.
  fileprivate func releasing(_ isDone: (String) -> Bool) -> Manifest {
    let going = files.filter { isDone($0.key) }
    guard !going.isEmpty else { return self }
    var result = self
    result.files = files.filter { !isDone($0.key) }
    result.released = (released ?? [:]).merging(going) { _, new in new }
    return result
  }
}

extension Entry {
  /// - Throws: ``StoreError/released(entry:)`` if files of the entry were dropped.
  public func requireWhole() throws {
    guard manifest.released == nil else { throw StoreError.released(entry: folder) }
  }
}
