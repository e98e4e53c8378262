import Glibc

/// Numbers too small for a normalised exponent (below 1.2e-38 in single precision).
public enum Subnormals {
  /// From now on this thread, and every thread that it starts, takes subnormal numbers for zero and computes zero
  /// instead of them.
  ///
  /// The softmax of a network that is sure of its answers and the moments of parameters that are fed no more sink
  /// there, and processors compute with subnormals much more slowly: a run through many tasks fell
  /// below half its speed. Elsewhere than on x86-64 nothing changes.
  public static func flush() {
    #if arch(x86_64)
      var environment = fenv_t()
      guard fegetenv(&environment) == 0 else { return }
      environment.__mxcsr |= flushToZero | denormalsAreZero
      fesetenv(&environment)
    #endif
  }

  private static let flushToZero: UInt32 = 1 << 15
  private static let denormalsAreZero: UInt32 = 1 << 6
}
