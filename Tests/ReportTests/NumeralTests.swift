import Testing

@testable import Report

@Suite struct NumeralTests {
  @Test(
    arguments: [
      (0.03021, "0.0302"), (-0.106, "−0.106"), (86.49, "86.5"), (1234.5, "1234"), (0, "0"),
      (4.2e-7, "4.2·10⁻⁷"),
      (-0.00052, "−5.2·10⁻⁴"), (5e6, "5.0·10⁶"), (1, "1.00"), (0.001, "0.00100"),
    ])
  func threeDigitsOrAPower(value: Double, text: String) { #expect(Numeral(value).text == text) }

  @Test func whatIsNoNumberSaysSo() throws {
    #expect(Numeral(nil).text == "not a number")
    #expect(Numeral(.nan).text == "not a number")
    #expect(Numeral(nil).latex == "not a number")
    #expect(try Numeral(.infinity, like: "0").text == "∞")
    #expect(Numeral(-.infinity).text == "−∞" && Numeral(.infinity).latex == "$\\infty$")
  }

  @Test(
    arguments: [
      ("0.00", 0.8349, "0.83"), ("0", 41.6, "42"), ("0.0 %", 0.1234, "12.3\u{00A0}%"),
      ("0 %", 0.5, "50\u{00A0}%"),
      ("1e0", 4.2e-7, "4·10⁻⁷"), ("0.00", -0.001, "0.00"),
    ])
  func patternsDecide(pattern: String, value: Double, text: String) throws {
    #expect(try Numeral(value, like: pattern).text == text)
  }

  @Test(arguments: ["%.2f", "00", "0.0x", ""])
  func otherPatternsAreErrors(pattern: String) {
    #expect(throws: ReportError.self) { try Numeral(1, like: pattern) }
  }

  @Test func latexUsesMathematics() throws {
    #expect(Numeral(-4.2e-7).latex == "$-4.2 \\cdot 10^{-7}$")
    #expect(try Numeral(0.25, like: "0 %").latex == "$25$\\,\\%")
  }
}
