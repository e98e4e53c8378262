import Foundation

/// Rejects what needs more memory than this process can have: what the system would kill it for, or refuse in the
/// middle of the work.
///
/// - Parameter path: what to make smaller.
public func requireMemory(_ bytes: Int, _ path: String) throws(SpecificationProblem) {
  let there = Memory.available
  guard bytes <= there else {
    throw SpecificationProblem(
      path, "needs \(Memory.inWords(bytes)) of memory, and there are \(Memory.inWords(there))")
  }
}

private enum Memory {
  /// What the machine has, unless the process is given less.
  static var available: Int {
    var least = Int(ProcessInfo.processInfo.physicalMemory)
    var limit = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur < rlim_t(Int.max) {
      least = min(least, Int(limit.rlim_cur))
    }
    // Of a container.
    if let text = try? String(contentsOfFile: "/sys/fs/cgroup/memory.max", encoding: .utf8),
      let bytes = Int(text.filter(\.isNumber))
    {
      least = min(least, bytes)
    }
    return least
  }

  static func inWords(_ bytes: Int) -> String { String(format: "%.1f GB", Double(bytes) / 1e9) }
}
