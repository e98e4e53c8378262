import ContentStore
import Manuscript

/// Which results of a store were taken from a published folder, one empty file for each: where another folder leaves one
/// of them to be made here, it is none that was made here.
struct TakenResults {
  private let store: Store
  private let folder: String

  init(_ store: Store) {
    self.store = store
    folder = "\(store.root)/from/taken"
  }

  /// Remembers keys, before anything is fetched.
  func add(_ keys: [String]) throws {
    try FileSystem.createFolder(folder)
    for key in keys where try FileSystem.status("\(folder)/\(key)") == nil {
      try FileSystem.write([UInt8](), atomicallyTo: "\(folder)/\(key)")
    }
  }

  /// Forgets keys: what lies there from now on was made here.
  func remove(_ keys: some Sequence<String>) throws {
    for key in keys { try FileSystem.remove("\(folder)/\(key)") }
  }

  /// Sets aside what was taken, so that it is made here.
  func setAside(_ jobs: [PlannedJob]) throws {
    let taken = Set(try FileSystem.names(in: folder))
    for job in jobs where taken.contains(job.key) {
      if store.contains(stage: job.job.stage, key: job.key) {
        try store.setAside(folder: store.folder(stage: job.job.stage, key: job.key))
      }
      try remove([job.key])
    }
  }
}
