import Console
import ContentStore
import Foundation
import Manuscript
import Publishing
import Stages
import Training

/// `weave share`: what `make publish` runs. Results of a profile become a folder for any web host.
enum ShareCommand {
  static func run(_ arguments: [String]) throws {
    var options = PlanOptions("share", "Writes results, for anyone to draw from and to check, into a folder.")
    let to = options.required("to", value: "FOLDER", help: "the folder; results of other profiles in it stay")
    let commit = options.text(
      "commit", value: "NAME", default: "", help: "the commit that the sources are of")
    let snapshots = options.text(
      "snapshots", value: "WHICH", default: "none",
      help: "none, last, checkpoints or all: networks, from which longer runs are challenged in parts")
    let parts = options.flag(
      "parts",
      help: "also what there is of figures of which something is missing, beside what others have of them")
    let sign = options.text(
      "sign", value: "KEY", default: "", help: "a private key of SSH or OpenSSL that signs the index")
    let workflow = options.text(
      "workflow", value: "FILE", default: "Makefile", help: "the makefile, which goes with the results")
    let parsed = try options.parse(arguments)
    guard let which = Snapshots(rawValue: parsed.arguments[snapshots]) else {
      throw UnknownSnapshots(name: parsed.arguments[snapshots])
    }
    guard try parsed.foreign() == nil else { throw SharingForeign() }
    let store = try parsed.store()
    let folder = parsed.arguments[to]
    try refuse(folder, within: store.root)
    let writer = try PublishedFolderWriter(folder: folder)
    Interruption.install()
    let plan = try parsed.plan()
    let takesParts = parsed.arguments[parts]
    let shared = try SharedResults(
      plan, store: store, snapshots: which, takesParts: takesParts, commit: parsed.arguments[commit],
      sources: Digest(of: Build.current.sources.text).hex, earlier: writer.earlier)
    guard !(shared.artifacts.isEmpty && shared.parts.isEmpty && shared.kept.isEmpty) else {
      throw NothingToShare(profile: parsed.profile.rawValue, parts: takesParts)
    }
    let scratch = try Scratch()
    let key = parsed.arguments[sign]
    let index = try shared.write(
      by: writer, workflow: FileSystem.contents(of: parsed.arguments[workflow]), scratch: scratch.folder,
      signature: { key.isEmpty ? nil : try Signature.signature(of: $0, key: key, scratch: scratch.folder) })
    try OthersAttestations.list(in: writer.folder)
    let profile = parsed.profile.rawValue
    let bytes = Dictionary(index.files.map { ($0.place, $0.length) }, uniquingKeysWith: { first, _ in first })
    print(
      "\(folder): \(shared.artifacts.count) figures at \(profile), \(Format.grouped(index.entries.count)) results, "
        + "\(Format.bytes(bytes.values.reduce(0, +)))")
    for part in index.artifacts where part.isPart && part.profile == profile {
      let total = shared.parts.first { $0.plan.artifact.block.id == part.id }?.total
      Console.tell(
        "\(part.id): a part, \(part.results.count)\(total.map { " of \($0)" } ?? "") results; whoever draws from here "
          + "makes the others")
    }
    for line in shared.kept { Console.tell(line) }
    if !shared.incomplete.isEmpty {
      Console.tell(
        "not all of their results are in the store, so that they are left out: "
          + shared.incomplete.joined(separator: ", ") + "; 'make figures PROFILE=\(profile)' makes them"
          + (takesParts ? "" : ", and PARTS=yes publishes what there is"))
    }
    tellIfNoCommit(parsed.arguments[commit], "publish once more")
  }

  /// Says of sources that are no commit what follows from that.
  ///
  /// - Parameter remedy: what to do once they are.
  static func tellIfNoCommit(_ commit: String, _ remedy: String) {
    guard !EarlierBuild.isCommit(commit) else { return }
    Console.tell(
      "these sources are no commit: once they change, nobody can build them again to repeat a run; commit, and "
        + remedy)
  }

  /// A store is pruned, and a folder within it would be a stage's.
  private static func refuse(_ folder: String, within store: String) throws {
    func resolved(_ path: String) -> String {
      URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }
    guard !(resolved(folder) + "/").hasPrefix(resolved(store) + "/") else {
      throw PublishingError.badPlace(folder, reason: "lies in the store \(store); name another folder (TO=)")
    }
  }

  /// Which networks are published.
  enum Snapshots: String, CaseIterable {
    case none, last, checkpoints, all

    /// Whether a file of a run goes.
    func includes(_ file: String, among files: some Sequence<String>) -> Bool {
      let isCheckpoint = file.hasPrefix(SnapshotName.checkpointFolder + "/")
      guard isCheckpoint || file.hasPrefix("snapshots/") else { return true }
      switch self {
      case .none: return false
      case .checkpoints where isCheckpoint: return true
      case .last, .checkpoints:
        return SnapshotName.all(among: files).last.map { "snapshots/" + $0.fileName } == file
      case .all: return true
      }
    }
  }
}

struct UnknownSnapshots: Error, Equatable, CustomStringConvertible {
  let name: String
  var description: String { "SNAPSHOTS=\(name) is unknown; there are none, last, checkpoints and all" }
}

/// Others' results are theirs to publish.
struct SharingForeign: Error, Equatable, CustomStringConvertible {
  var description: String {
    "only what was made here is published; leave FROM out, or copy the folder as it is"
  }
}

struct NothingToShare: Error, Equatable, CustomStringConvertible {
  let profile: String
  let parts: Bool
  var description: String {
    "no figure at \(profile) has \(parts ? "any" : "all") of its results in the store; 'make figures PROFILE=\(profile)' "
      + "makes them" + (parts ? "" : ", and PARTS=yes publishes what there is")
  }
}

/// A folder for what is written on the way, removed when the value goes.
final class Scratch {
  let folder: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.path + "/barriers-\(UUID().uuidString)"
    try FileSystem.createFolder(folder)
  }

  deinit { try? FileSystem.remove(folder) }
}
