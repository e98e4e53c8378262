/// What can be wrong with a store, beyond what the file system refuses (``FileSystemError``).
public enum StoreError: Error, Equatable, CustomStringConvertible {
  /// A file of an entry is missing or does not have its recorded digest, or the manifest cannot be read.
  /// `entry` is the entry's folder.
  case damaged(entry: String, file: String)
  /// An entry was asked for a file that it was not committed with.
  case noSuchFile(entry: String, file: String)
  /// Files of an entry that are needed again were dropped when they had served their purpose.
  case released(entry: String)
  case rootIsFile(String)
  /// There is no store where one was to be read.
  case absent(String)
  case newerFormat(path: String, found: Int)
  /// A JSON file that is not what it should be.
  case unreadable(path: String, reason: String)
  /// A stage name that is not of letters, digits, `-` and `_`.
  case malformedStage(String)
  /// A stage listed a file that it did not write, or whose name cannot be in an entry.
  case badOutput(workspace: String, file: String, reason: String)

  /// 3 for an entry that the next run can rebuild, else 2.
  public var exitCode: Int32 {
    switch self {
    case .damaged, .released: 3
    default: 2
    }
  }

  public var description: String {
    switch self {
    case .damaged(let entry, let file):
      "\(file) of the stored result \(entry) is damaged; set the entry aside (make verify) and run again"
    case .noSuchFile(let entry, let file):
      "the stored result \(entry) has no file \(file); its stage must list it when it commits"
    case .released(let entry):
      "files of the stored result \(entry) were dropped after their use; set the entry aside and run again"
    case .rootIsFile(let root):
      "the store \(root) is a file; remove it or name a folder with STORE="
    case .absent(let root):
      "there is no store at \(root); 'make figures' makes one, or name another with STORE="
    case .newerFormat(let path, let found):
      "\(path) has store format \(found), this program knows \(Store.formatVersion); update it or name another STORE="
    case .unreadable(let path, let reason):
      "\(path) cannot be understood: \(reason); make it again"
    case .malformedStage(let stage):
      "the stage name \"\(stage)\" is malformed; use letters, digits, - and _"
    case .badOutput(let workspace, let file, let reason):
      "cannot commit \"\(file)\" from \(workspace): \(reason); correct the stage's list of files"
    }
  }
}
