import Foundation
import Testing

@testable import Console

private struct Damaged: Error, ExitCodeProviding, CustomStringConvertible {
  let exitCode: Int32 = 3
  let description = "first line\n   second line\n"
}

/// The threads that tests run on have all signals blocked.
private func unblockSignals() {
  var signals = sigset_t()
  sigemptyset(&signals)
  for signal in [SIGINT, SIGTERM, SIGHUP, SIGUSR1] { sigaddset(&signals, signal) }
  pthread_sigmask(SIG_UNBLOCK, &signals, nil)
}

@Suite struct ConsoleTests {
  private func outcome(signal: Int32? = nil, _ body: () throws -> Void) -> Console.Outcome {
    Console.outcome(tool: "plot", interruption: { signal }, body: body)
  }

  @Test func successSaysNothing() {
    #expect(outcome {} == Console.Outcome())
  }

  @Test func errorsBecomeOneLineAndACode() {
    #expect(outcome { throw Damaged() } == Console.Outcome(code: 3, message: "plot: first line second line"))
    let unknown = outcome { throw CommandLineError.unknownOption("--x", suggestion: nil) }
    #expect(
      unknown == Console.Outcome(code: 2, message: "plot: unknown option --x; --help lists the options"))
  }

  @Test func helpIsOutputAndSuccess() {
    #expect(outcome { throw HelpRequest(usage: "u\n") } == Console.Outcome(code: 0, output: "u\n"))
  }

  @Test func decodingErrorsNameTheKeyPath() {
    let missing = outcome {
      _ = try JSONDecoder().decode([String: [Point]].self, from: Data(#"{"a":[{}]}"#.utf8))
    }
    #expect(missing == Console.Outcome(code: 2, message: "plot: a.[0].x is missing"))
    let mismatch = outcome { _ = try JSONDecoder().decode(Point.self, from: Data(#"{"x":"1"}"#.utf8)) }
    #expect(mismatch.message?.hasPrefix("plot: x: ") == true)
  }

  private struct Point: Decodable {
    let x: Int
  }

  @Test func signalsDecideTheCode() {
    #expect(outcome { throw Interruption.Interrupted(signal: SIGTERM) }.code == 143)
    #expect(outcome(signal: SIGINT) {}.code == 130)
    let failed = outcome(signal: SIGTERM) { throw Damaged() }
    #expect(failed == Console.Outcome(code: 143, message: "plot: first line second line"))
  }

  @Test func runEndsTheProcess() async {
    await #expect(processExitsWith: .exitCode(0)) { Console.run(tool: "t") {} }
    await #expect(processExitsWith: .exitCode(3)) { Console.run(tool: "t") { throw Damaged() } }
  }

  @Test func firstSignalAsksAndALaterOneKills() async {
    await #expect(processExitsWith: .exitCode(130)) {
      Interruption.install()
      unblockSignals()
      Console.run(tool: "t") {
        raise(SIGINT)
        try Interruption.check()
      }
    }
    await #expect(processExitsWith: .exitCode(143)) {
      Interruption.install()
      unblockSignals()
      Console.run(tool: "t") { raise(SIGTERM) }
    }
    await #expect(processExitsWith: .signal(SIGTERM)) {
      Interruption.install()
      unblockSignals()
      raise(SIGINT)
      guard Interruption.requested == SIGINT else { exit(1) }
      // Schedulers tell a job and its steps at once.
      for signal in [SIGTERM, SIGTERM, SIGHUP] { raise(signal) }
      guard Interruption.requested == SIGINT else { exit(2) }
      usleep(2_100_000)
      raise(SIGTERM)
      exit(0)
    }
    for (asked, code) in [(SIGHUP, 129), (SIGUSR1, 138)] {
      await #expect(processExitsWith: .exitCode(Int32(code))) { [number = asked as Int32] in
        // Whoever runs the tests may have it ignored.
        signal(number, SIG_DFL)
        Interruption.install()
        unblockSignals()
        Console.run(tool: "t") { raise(number) }
      }
    }
    await #expect(processExitsWith: .exitCode(0)) {
      signal(SIGINT, SIG_IGN)
      Interruption.install()
      unblockSignals()
      Console.run(tool: "t") { raise(SIGINT) }
    }
  }
}
