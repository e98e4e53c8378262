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
      try write(WorkClock.Spent(wall: 1_000, processor: 2_000), in: folder)
      try Data("a checkpoint".utf8).write(to: URL(fileURLWithPath: folder + "/checkpoint"))
      let clock = WorkClock(folder: folder)
      #expect(clock.spent.wall >= 1_000 && clock.spent.processor >= 2_000)
      // Not its own time twice.
      clock.keep()
      clock.keep()
      let next = WorkClock(folder: folder)
      #expect(next.spent.wall >= clock.spent.wall - 1 && next.spent.wall < 1_500)
    }
  }

  @Test func withoutACheckpointItBeginsAtNothing() throws {
    try inFolder { folder in
      try write(WorkClock.Spent(wall: 1_000, processor: 2_000), in: folder)
      #expect(WorkClock(folder: folder).spent.wall < 500)
    }
  }

  @Test func whatCannotBeReadIsNothing() throws {
    try inFolder { folder in
      try Data("{".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(WorkClock.fileName)"))
      try Data("a checkpoint".utf8).write(to: URL(fileURLWithPath: folder + "/checkpoint"))
      #expect(WorkClock(folder: folder).spent.wall < 500)
    }
  }
}
