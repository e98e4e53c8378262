import Testing

@testable import Console

@Suite struct FormatTests {
  @Test(arguments: [
    (0, "0"), (999, "999"), (12_345, "12,345"), (-1_234_567, "-1,234,567"),
    (Int.min, "-9,223,372,036,854,775,808"),
  ])
  func groups(value: Int, text: String) {
    #expect(Format.grouped(value) == text)
  }

  @Test(arguments: [
    (17_812.3, "17,800"), (3.14159, "3.14"), (0.0012345, "0.00123"), (0, "0"), (999.6, "1,000"),
    (-250, "-250"),
    (1e-7, "1.00e-07"), (.infinity, "inf"), (1e20, "1.00e+20"), (12.34, "12.3"),
  ])
  func rounds(value: Double, text: String) {
    #expect(Format.rounded(value) == text)
  }

  @Test(arguments: [
    (1_234_567.0, "1.2 M"), (999_700, "1.0 M"), (17_800, "18 k"), (5, "5"), (0.25, "0.2"), (-2e9, "-2.0 G"),
    (999, "999"),
  ])
  func shortens(value: Double, text: String) {
    #expect(Format.short(value) == text)
  }

  @Test func bytesHaveUnits() {
    #expect(Format.bytes(0) == "0 B")
    #expect(Format.bytes(1_200_000_000) == "1.2 GB")
  }

  @Test(arguments: [
    (0.4251, "0.43 s"), (2.04, "2.0 s"), (42.4, "42 s"), (59.6, "1 min 00 s"), (185, "3 min 05 s"),
    (3599.7, "1 h 00 min"), (7625, "2 h 07 min"), (273_600, "3 d 04 h"), (-185, "-3 min 05 s"),
    (.infinity, "unknown"),
  ])
  func durations(seconds: Double, text: String) {
    #expect(Format.duration(seconds) == text)
  }

  @Test func widthsOfText() {
    #expect(TextWidth.columns("abc") == 3)
    #expect(TextWidth.columns("e\u{301}→") == 2)
    #expect(TextWidth.columns("日本🙂") == 6)
    #expect(TextWidth.pad("é", to: 3, atLeft: true) == "  é")
    #expect(TextWidth.fit("abcdef", to: 4) == "abc…")
    #expect(TextWidth.fit("日本語", to: 4) == "日…")
    #expect(TextWidth.fit("abc", to: 3) == "abc")
  }

  @Test func tablesAlign() {
    var table = TextTable(.left("stage"), .right("seconds"), .left("note"))
    table.add(["train", "12.5", "日本"])
    table.add(["measurement", "3", ""])
    let text = "stage        seconds  note\ntrain           12.5  日本\nmeasurement        3\n"
    #expect(table.text() == text)
    #expect(table.text(style: TextStyle(isEnabled: true)).hasPrefix("\u{1B}[1mstage"))
  }

  @Test func coloursOnlyForTerminals() {
    #expect(TextStyle(isTerminal: true, environment: [:]).isEnabled)
    #expect(!TextStyle(isTerminal: false, environment: [:]).isEnabled)
    #expect(!TextStyle(isTerminal: true, environment: ["NO_COLOR": "1"]).isEnabled)
    #expect(TextStyle(isTerminal: true, environment: ["NO_COLOR": ""]).isEnabled)
    #expect(!TextStyle(isTerminal: true, environment: ["TERM": "dumb"]).isEnabled)
    #expect(TextStyle.plain.apply(.red, to: "x") == "x")
  }
}
