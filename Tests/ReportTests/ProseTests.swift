import Testing

@testable import Report

@Suite struct ProseTests {
  @Test func aLineIsCutAtWhatIsNotProse() {
    #expect(
      Prose.segments(of: "a `fig-2.1` $x_1$ [b](c.md) {{fig-2.1: d}} e") == [
        .text("a "), .verbatim("`fig-2.1`"), .text(" "), .verbatim("$x_1$"), .text(" "),
        .link(text: "b", target: "c.md"), .text(" "), .quotation("fig-2.1: d"), .text(" e"),
      ])
  }

  @Test func whatIsNeverClosedIsProse() {
    #expect(Prose.segments(of: "5 $ and a ` and {{ and [x]") == [.text("5 $ and a ` and {{ and [x]")])
  }

  @Test func namesAreFoundWhereTheyEnd() {
    let known: Set<String> = ["fig-2.1", "fig-2.12", "table-claims"]
    let found = Prose.replacingMentions(in: "fig-2.1. (fig-2.12, fig-9.9) my-fig-2.1 table-claims", of: known)
    {
      "<\($0)>"
    }
    #expect(found == "<fig-2.1>. (<fig-2.12>, fig-9.9) my-fig-2.1 <table-claims>")
  }

  @Test func quotationsAreRead() throws {
    let plain = try Quotation("fig-2.1: leaves")
    #expect((plain.source, plain.profile, plain.body, plain.pattern) == ("fig-2.1", nil, "leaves", nil))
    let full = try Quotation("fig-b.7@standard: 1 - final(a.b) as 0.00 %")
    #expect(full.profile == "standard")
    #expect(full.body == "1 - final(a.b)")
    #expect(full.pattern == "0.00 %")
    #expect(throws: ReportError.self) { try Quotation("fig-2.1") }
  }

  @Test func anchorsAreThoseOfRenderedMarkdown() {
    #expect(Prose.slug("How to trace a number") == "how-to-trace-a-number")
    #expect(Prose.slug("R², in `code`: what?") == "r²-in-code-what")
  }
}
