import Foundation
import Testing

/// Promise: any number of threads gives the same bits.
@Suite struct ThreadTests {
  /// Networks of every kind, so large that every loop is shared.
  @Test func trainedNetworksAreTheSame() throws {
    let run = try Running(Workbench.repository + "/.build/release/bench", ["--check-threads"]).wait()
    #expect(run.code == 0, "\(run.text)")
    let lines = run.text.split(separator: "\n").filter { $0.contains("parameters") }
    #expect(lines.count == 9)
    for line in lines { #expect(line.hasSuffix("different 0 on 2, 0 on 3, 0 on 8"), "\(line)") }
  }

  /// Whole stages, by `THREADS` and by what a make shares out.
  @Test func runsAreTheSame() throws {
    let curves = try [["THREADS=1"], ["THREADS=3"], ["-j4"]].map { settings in
      let bench = try Workbench(chapter: TinyChapter(baseEpochs: 1, cloneEpochs: 1).text)
      let made = try bench.start(["fig-t.1"] + settings).wait()
      #expect(made.code == 0, "\(made.text)")
      return try #require(bench.contents(bench.figures + "/fig-t.1.csv"))
    }
    #expect(curves[1] == curves[0])
    #expect(curves[2] == curves[0])
  }

  @Test(arguments: ["0", "257", "two"]) func numbersOutOfRangeAreRefused(number: String) throws {
    let bench = try Workbench(chapter: TinyChapter(baseEpochs: 1, cloneEpochs: 1).text)
    let made = try bench.make("fig-t.1", "THREADS=\(number)")
    #expect(made.code == 2)
    #expect(made.text.contains("THREADS must be a number between 1 and 256"))
  }
}
