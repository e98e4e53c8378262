import Foundation
import Testing

/// Promise: make says in one line how far it is and at the end in a few what there is; whoever wants more asks for it.
@Suite struct MakeProgressTests {
  private static let claim = "Only a long run tells"

  /// Two figures, the second with other numbers.
  private func twoFigures() throws -> Workbench {
    let bench = try Workbench()
    let second = TinyChapter(cloneNoise: "0.02").text.replacingOccurrences(of: "fig-t.1", with: "fig-s.1")
    try bench.write(second, to: bench.folder + "/paper/another.md")
    return bench
  }

  private func lines(_ outcome: Workbench.Outcome) -> [String] {
    outcome.text.split(separator: "\n").map(String.init)
  }

  @Test func aPipedMakeSaysLittleAndSumsUp() throws {
    let bench = try twoFigures()
    let outcome = try bench.make("figures")
    #expect(outcome.code == 0, "\(outcome.text)")
    let lines = lines(outcome)
    // A line at the beginning and four at the end; one in half a minute in between.
    #expect(lines.count < 10, "\(outcome.text)")
    #expect(lines.first?.hasPrefix("0/2 figures  0/") == true)
    #expect(lines.first?.contains("≈") == true && lines.first?.hasSuffix("images: cifar-10 (real)") == true)
    #expect(outcome.text.contains("2 figures in \(bench.figures)/; images: cifar-10 (real)\n"))
    #expect(outcome.text.contains("4 claims: "))
    #expect(outcome.text.contains(", 2 not tested at this profile\n"))
    #expect(outcome.text.contains("open first: \(bench.figures)/README.md"))
    #expect(lines.last?.hasPrefix("made in ") == true)
    #expect(!outcome.text.contains(Self.claim) && !outcome.text.contains("epoch"))
    // What is not said stands in a file.
    for id in ["fig-t.1", "fig-s.1"] {
      let claims = String(
        decoding: try #require(bench.contents("\(bench.figures)/\(id).claims.txt")), as: UTF8.self)
      #expect(claims.contains(Self.claim) && claims.contains("later: "))
    }
    let left = try? FileManager.default.contentsOfDirectory(atPath: bench.folder + "/graph/progress")
    #expect(left?.isEmpty == true, "the progress of a make goes with it")
  }

  @Test func aSecondMakeOnlySumsUp() throws {
    let bench = try twoFigures()
    let first = lines(try bench.make("figures"))
    let second = lines(try bench.make("figures"))
    #expect(second.count == 3)
    #expect(second == Array(first.dropLast().suffix(3)))
  }

  @Test func whoAsksHearsEverything() throws {
    let bench = try twoFigures()
    let outcome = try bench.make("figures", "VERBOSE=1")
    #expect(outcome.text.contains("images: cifar-10 (real)\n"))
    #expect(outcome.text.contains("train training seed 40:"))
    #expect(outcome.text.components(separatedBy: Self.claim).count == 3, "a table for each figure")
    #expect(outcome.text.contains("2 figures in "))
    let again = try bench.make("figures", "VERBOSE=1")
    #expect(again.text.components(separatedBy: Self.claim).count == 3)
  }

  @Test func aSingleFigureShowsItsClaims() throws {
    let bench = try twoFigures()
    for _ in 1...2 {
      let outcome = try bench.make("fig-t.1")
      #expect(outcome.code == 0, "\(outcome.text)")
      #expect(outcome.text.contains("fig-t.1  A tiny figure"))
      #expect(outcome.text.contains("not tested at this profile  \(Self.claim)"))
      #expect(outcome.text.contains("\(bench.figures)/fig-t.1.claims.txt"))
      #expect(!outcome.text.contains("open first"))
    }
    let other = try bench.make("fig-s.1")
    // Images, training and base are there; the clone is trained and measured, the figure drawn and judged.
    #expect(other.text.hasPrefix("0/1 figure  5/9 jobs  ≈ "), "\(other.text)")
    let loud = try bench.make("fig-t.1", "VERBOSE=1")
    #expect(loud.text.components(separatedBy: Self.claim).count == 2)
  }

  @Test func severalGoalsAreSummedUpOnce() throws {
    let bench = try twoFigures()
    for _ in 1...2 {
      let outcome = try bench.make("fig-t.1", "fig-s.1")
      #expect(outcome.code == 0, "\(outcome.text)")
      #expect(outcome.text.components(separatedBy: "open first").count == 2)
      #expect(outcome.text.contains("2 figures in "))
    }
  }

  @Test func whatIsMissingAmongTheFiguresIsPublishedAgain() throws {
    let bench = try twoFigures()
    try bench.make("figures")
    for name in ["fig-t.1.svg", "fig-s.1.json", "fig-t.1.claims.txt", "README.md"] {
      let path = bench.figures + "/" + name
      let before = try #require(bench.contents(path))
      try FileManager.default.removeItem(atPath: path)
      #expect(try bench.make("figures").code == 0)
      #expect(bench.contents(path) == before, "\(name)")
      try bench.write("something else", to: path)
      #expect(try bench.make("figures").code == 0)
      // The gallery is not a figure's: whoever writes into it keeps that until a figure changes.
      if name != "README.md" { #expect(bench.contents(path) == before, "\(name)") }
    }
  }

  @Test func aStageByHandSpeaksForItself() throws {
    let bench = try Workbench(chapter: TinyChapter(baseEpochs: 60).text)
    let job = try bench.prepareJob(of: "train training seed 40")
    let outcome = try Running(
      Workbench.repository + "/.build/release/train", ["--store", bench.store, "--job", job]
    ).wait()
    #expect(outcome.code == 0)
    #expect(outcome.text.contains("fig-t.1 train training seed 40:  100%"))
  }

  @Test func whatAKilledMakeLeftIsNotCounted() throws {
    let bench = try Workbench(chapter: TinyChapter(baseEpochs: 60, cloneEpochs: 2, hidden: "[32, 32]").text)
    let make = try bench.start(["fig-t.1"])
    let progress = bench.folder + "/graph/progress"
    var waits = 0
    while ((try? FileManager.default.contentsOfDirectory(atPath: progress)) ?? []).isEmpty {
      usleep(5_000)
      waits += 1
      try #require(waits < 20_000, "make does not begin")
    }
    kill(make.identifier, SIGKILL)
    _ = make.wait()
    let outcome = try bench.make("fig-t.1")
    #expect(outcome.code == 0, "\(outcome.text)")
    #expect(outcome.text.contains("fig-t.1  A tiny figure"))
    #expect(lines(outcome).filter { $0.contains("≈") }.count <= 2)
  }
}
