/// What the programs of this package were built from and with.
///
/// `Scripts/build` writes this file into the copy of the sources that it builds; as it stands here, in a build by
/// `swift build` alone, it is empty, and stages refuse to work: their results would have no name.
public enum BuildRecord {
  /// The digests of all sources, as `SourceRecord` writes them.
  public static let sources = ""
  /// Compiler, OpenBLAS and instruction set, by name.
  public static let environment: [String: String] = [:]
  /// What the processor must be able to do, in the words of Linux' `/proc/cpuinfo`.
  public static let processorFlags: [String] = []
}
