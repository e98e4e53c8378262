import ContentStore
import Foundation
import Testing

@testable import Stages

@Suite struct WorkClockTests {
  private func inFolder(_ body: (_ folder: String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/work-clock-\(UUID().uuidString)"
    try FileSystem.createFolder(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func write(_ spent: WorkClock.Spent, in folder: String) throws {
    try JSONEncoder().encode(spent).write(to: URL(fileURLWithPath: "\(folder)/\(WorkClock.fileName)"))
  }

  @Test func anAttemptThatGoesOnCountsWhatWasSpentBefore() throws {
    try inFolder { folder in
      try write(WorkClock.Spent(wall: 1e9, processor: 2e9), in: folder)
      try Data("a checkpoint".utf8).write(to: URL(fileURLWithPath: folder + "/checkpoint"))
      let clock = WorkClock(folder: folder)
      let before = clock.spent
      #expect(before.wall >= 1e9 && before.processor >= 2e9)
      // Not what was before it twice, however often it is written down.
      clock.keep()
      clock.keep()
      let next = WorkClock(folder: folder).spent
      #expect(next.wall >= before.wall && next.wall < 2e9)
    }
  }

  @Test func withoutACheckpointItBeginsAtNothing() throws {
    try inFolder { folder in
      try write(WorkClock.Spent(wall: 1e9, processor: 2e9), in: folder)
      #expect(WorkClock(folder: folder).spent.wall < 1e9)
    }
  }

  @Test func whatCannotBeReadIsNothing() throws {
    try inFolder { folder in
      try Data("{".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(WorkClock.fileName)"))
      try Data("a checkpoint".utf8).write(to: URL(fileURLWithPath: folder + "/checkpoint"))
      #expect(WorkClock(folder: folder).spent.wall < 1e9)
    }
  }
}
