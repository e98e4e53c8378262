import Foundation
import Testing

/// A warm training step leaves nothing on the heap. Measured in a process of its own, because tests run side by
/// side in one.
@Suite struct HeapTests {
  @Test func fiftyTrainingStepsLeaveNothing() throws {
    let products = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    let process = Process()
    process.executableURL = products.appendingPathComponent("bench")
    process.arguments = ["--heap"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let answer = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(answer == "0\n")
  }
}
