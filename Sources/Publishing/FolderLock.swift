import Foundation

/// The word that somebody writes into a folder: an exclusive `flock` on the folder itself, let go with the value or by
/// death, of which nothing is left. Where a file system knows no such locks, everybody gets one.
final class FolderLock: Sendable {
  private let descriptor: Int32

  /// - Throws: ``PublishingError/busy(folder:)`` where somebody else has it.
  init(_ folder: String) throws {
    descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK else { return }
    throw PublishingError.busy(folder: folder)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
