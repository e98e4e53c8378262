import COpenBLAS

/// The C library's heap, for showing that a training step leaves nothing on it.
public enum Heap {
  /// The bytes allocated and not freed in the whole process.
  public static var bytesInUse: Int {
    let information = mallinfo2()
    return Int(information.uordblks) + Int(information.hblkhd)
  }
}
