import COpenBLAS
import Glibc

/// The kernels that OpenBLAS computes with. It picks them when the library loads, from the environment or by a
/// table of processors that may not know this one.
public enum BLASKernel {
  /// Makes the process run with some kernels and on one thread. To be called in every executable before anything is
  /// computed.
  ///
  /// OpenBLAS reads both from the environment when it loads: where it did not find them, they are set and the program
  /// is executed once more, with the same arguments: `OPENBLAS_CORETYPE`, and `OPENBLAS_NUM_THREADS=1`, since runs are
  /// parallel already; of a library that was built for OpenMP, `OMP_NUM_THREADS=1`, since it takes no other's word. If
  /// the system refuses to execute, the program goes on as it is; ``threadCount`` says what came of it.
  ///
  /// - Parameter kernel: the name, such as `SkylakeX`, or nil for what the library takes by itself.
  public static func select(_ kernel: String?) {
    let guardName = "BARRIERS_BLAS_KERNEL_SELECTED"
    guard getenv(guardName) == nil else {
      // Children that this program starts shall decide for themselves.
      unsetenv(guardName)
      return
    }
    let isOther = kernel.map { name.lowercased() != $0.lowercased() } ?? false
    let limits =
      threading == .openMP ? ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"] : ["OPENBLAS_NUM_THREADS"]
    let isUnlimited =
      threading != .serial && limits.contains { getenv($0).map { String(cString: $0) } != "1" }
    guard isOther || isUnlimited else { return }
    if let kernel, isOther { setenv("OPENBLAS_CORETYPE", kernel, 1) }
    for limit in limits { setenv(limit, "1", 1) }
    setenv(guardName, "1", 1)
    execv("/proc/self/exe", CommandLine.unsafeArgv)
    unsetenv(guardName)
  }

  /// The kernels that programs built for an instruction set are to use: those that `OPENBLAS_CORETYPE` asks for, or
  /// else the same on every machine that the programs run on. Nil leaves it to the library.
  ///
  /// - Parameters:
  ///   - instructionSet: a level of x86-64 such as `x86-64-v3`; anything else means that of the machine at hand.
  ///   - asked: the value of `OPENBLAS_CORETYPE`.
  ///   - cpuInformation: the text of `/proc/cpuinfo`. OpenBLAS's own table may not know the processor: with AVX-512
  ///     it gets the SkylakeX kernels.
  public static func preferred(
    instructionSet: String, asked: String?, cpuInformation: @autoclosure () -> String
  ) -> String? {
    if let asked, !asked.isEmpty { return asked }
    let levels = [
      "x86-64": "Prescott", "x86-64-v2": "Nehalem", "x86-64-v3": "Haswell", "x86-64-v4": "SkylakeX",
    ]
    return levels[instructionSet] ?? (hasAVX512(cpuInformation: cpuInformation()) ? "SkylakeX" : nil)
  }

  /// Selects what ``preferred(instructionSet:asked:cpuInformation:)`` names here.
  public static func selectPreferred(instructionSet: String = "") {
    select(
      preferred(
        instructionSet: instructionSet, asked: getenv("OPENBLAS_CORETYPE").map { String(cString: $0) },
        cpuInformation: read("/proc/cpuinfo")))
  }

  /// The name of the kernels in use, such as `SkylakeX`.
  public static var name: String {
    guard let name = openblas_get_corename() else { return "unknown" }
    return String(cString: name)
  }

  /// How a library divides its work: Debian has all three.
  public enum Threading: Int32, Sendable {
    case serial
    case pthread
    case openMP
  }

  /// Of the library that is loaded.
  public static var threading: Threading { Threading(rawValue: openblas_get_parallel()) ?? .pthread }

  /// The threads that the library computes with.
  public static var threadCount: Int { Int(openblas_get_num_threads()) }

  /// The library's version, such as `0.3.21`.
  public static var version: String {
    guard let text = openblas_get_config() else { return "unknown" }
    let words = String(cString: text).split(separator: " ")
    return words.count > 1 && words[0] == "OpenBLAS" ? String(words[1]) : "unknown"
  }

  /// Whether the processor described by the text of `/proc/cpuinfo` has the AVX-512 subsets that the SkylakeX
  /// kernels use.
  public static func hasAVX512(cpuInformation: String) -> Bool {
    guard let line = cpuInformation.split(separator: "\n").first(where: { $0.hasPrefix("flags") }) else {
      return false
    }
    let flags = Set(line.split(whereSeparator: { $0 == " " || $0 == "\t" }))
    return ["avx512f", "avx512dq", "avx512bw", "avx512vl"].allSatisfy { flags.contains($0) }
  }

  private static func read(_ path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = fread(&part, 1, part.count, file)
      guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(contentsOf: part[..<count])
    }
  }
}
