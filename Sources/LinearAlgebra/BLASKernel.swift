import COpenBLAS
import Glibc

/// The kernels that OpenBLAS computes with. It picks them when the library loads, from the environment or by a
/// table of processors that may not know this one.
public enum BLASKernel {
  /// Makes the process run with the kernels that fit the processor and on one thread. To be called first in
  /// every executable's main.
  ///
  /// Where the environment does not say so already, it is set and the program is executed once more, with the
  /// same arguments: on processors with AVX-512, `OPENBLAS_CORETYPE=SKYLAKEX` unless a core type is given, and
  /// `OPENBLAS_NUM_THREADS=1` everywhere, since runs are parallel already. If the system refuses to execute,
  /// the program goes on as it is.
  public static func selectForThisProcessor() {
    let guardName = "BARRIERS_BLAS_KERNEL_SELECTED"
    guard getenv(guardName) == nil else {
      // Children that this program starts shall decide for themselves.
      unsetenv(guardName)
      return
    }
    let coreType = getenv("OPENBLAS_CORETYPE") == nil && hasAVX512(cpuInformation: read("/proc/cpuinfo"))
    let threads = getenv("OPENBLAS_NUM_THREADS").map { String(cString: $0) } != "1"
    guard coreType || threads else { return }
    if coreType { setenv("OPENBLAS_CORETYPE", "SKYLAKEX", 1) }
    if threads { setenv("OPENBLAS_NUM_THREADS", "1", 1) }
    setenv(guardName, "1", 1)
    execv("/proc/self/exe", CommandLine.unsafeArgv)
    unsetenv(guardName)
  }

  /// The name of the kernels in use, such as `SkylakeX`.
  public static var name: String {
    guard let name = openblas_get_corename() else { return "unknown" }
    return String(cString: name)
  }

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
