import Foundation
import Manuscript
import Testing

@testable import Report

@Suite struct PageTests {
  @Test func headingsGetAnchorsAndChaptersMeet() throws {
    let samples = try Samples()
    let edition = try samples.edition(
      "## What we saw\n\nSee [there](05-recovery.md#the-task), [all](05-recovery.md).")
    let text = try ChapterWeaver(edition: edition, language: PageLanguage()).weave(edition.chapters[0])
    #expect(text.contains("# A chapter {#a-chapter}"))
    #expect(text.contains("## What we saw {#a-chapter--what-we-saw}"))
    #expect(text.contains("[there](#recovery--the-task)"))
    #expect(text.contains("[all](#recovery)"))
    #expect(text.contains("<!-- block fig-2.1 -->"))
    #expect(!text.contains("experiment:"), "the block itself is shown with the figure")
  }

  @Test func aChapterWithFiguresNamesItsPaper() throws {
    let samples = try Samples()
    let paper = """
      ```paper other
      { title: "On <A>", authors: ["B. C.", "D"], identifier: "arXiv:1", address: "https://arxiv.org/abs/1" }
      ```
      """
    func woven(_ prose: String) throws -> String {
      let edition = try samples.edition(prose)
      return try ChapterWeaver(edition: edition, language: PageLanguage()).weave(edition.chapters[0])
    }
    let text = try woven(paper)
    #expect(
      text.contains(
        "<p class=\"kicker\">Figures of <cite><a href=\"https://arxiv.org/abs/1\">On &lt;A&gt;</a></cite> "
          + "(B. C., D, arXiv:1)</p>"))
    #expect(!text.contains("block other"), "the block is no part of the page")
    #expect(try !woven("").contains("kicker"))
  }

  @Test func codeIsLeftAlone() throws {
    let samples = try Samples()
    let edition = try samples.edition(
      "```sh\nmake fig-2.1 # {{not a quotation}}\n```\n\nand `fig-2.1`, but fig-2.1")
    let text = try ChapterWeaver(edition: edition, language: PageLanguage()).weave(edition.chapters[0])
    #expect(text.contains("make fig-2.1 # {{not a quotation}}"))
    #expect(text.contains("and `fig-2.1`, but [fig-2.1](#fig-2.1)"))
  }

  @Test func drawingsKeepTheirIdentifiersApart() {
    let drawing = InlineVector.html(
      "<?xml?>\n<svg width=\"3pt\" height=\"4pt\" viewBox=\"0 0 3 4\"><g id=\"a\" clip-path=\"url(#b)\">"
        + "<use href=\"#a\" x=\"1.23456\" width=\"7\"/></g></svg>", id: "fig-2.1", label: "a \"b\"")
    #expect(
      drawing == "<svg viewBox=\"0 0 3 4\" role=\"img\" aria-label=\"a &quot;b&quot;\"><g id=\"fig-2.1-a\" "
        + "clip-path=\"url(#fig-2.1-b)\"><use href=\"#fig-2.1-a\" x=\"1.234\" width=\"7\"/></g></svg>")
  }

  @Test func aFigureTellsWhereItComesFrom() throws {
    let samples = try Samples()
    let edition = try samples.edition()
    let figure = try PublishedFigure("fig-2.1", in: samples.figures)
    let shared = edition.shared(by: "fig-2.1")
    let html = try FigureSection(
      figure: figure, block: edition.block(of: "fig-2.1"), families: shared.families,
      presets: shared.presets, recorded: nil, commit: "abc"
    ).html()
    for part in [
      "id=\"fig-2.1\"", "id=\"claim-fig-2.1-leaves\"", "id=\"provenance-fig-2.1\"",
      "make fig-2.1 PROFILE=quick",
      "commit <code>abc</code>", "data:text/csv;base64,", ">t1<", ">m1<", ">aa<", ">bb<", ">ff<",
      "paper/01-a-chapter.md:5", "experiment: &quot;theory&quot;", "href=\"#family-a-family\"",
      "href=\"#family-shared\"",
      "A figure &amp; more",
    ] {
      #expect(html.contains(part), "\(part)")
    }
  }

  @Test func aChangedNumberIsSetBesideTheKeptOne() throws {
    let samples = try Samples()
    try samples.publish(in: samples.folder, profile: .quick, measured: 0.5, last: 0.5)
    let figure = try PublishedFigure("fig-2.1", in: samples.figures)
    let section = FigureSection(
      figure: figure, block: nil, recorded: try PublishedFigure("fig-2.1", in: samples.folder), commit: "")
    #expect(section.claims { $0 }.contains("in the kept record: 0.500"))
    let same = FigureSection(figure: figure, block: nil, recorded: figure, commit: "")
    #expect(!same.claims { $0 }.contains("in the kept record"))
  }

  @Test func theGalleryShowsWhatIsThere() throws {
    let samples = try Samples()
    let text = try Gallery.markdown(of: samples.figures)
    #expect(text.contains("## fig-2.1: A figure & more"))
    #expect(text.contains("![fig-2.1](fig-2.1.png)"))
    #expect(text.contains("Claims: 1 reproduced, 1 not reproduced."))
  }
}
