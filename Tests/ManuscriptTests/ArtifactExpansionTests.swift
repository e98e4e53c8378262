import ContentStore
import Foundation
import Testing

@testable import Manuscript

/// What only artifacts say in short: panels × runs, axes, styles, claims. Each has to mean what the full form does.
@Suite struct ArtifactExpansionTests {
  private func artifact(_ body: String, presets: String = "") throws -> ArtifactSpecification {
    let chapter = try Chapter(
      file: "t.md",
      text:
        "```presets shared\n{ \(presets) }\n```\n```artifact fig-t.1\n{\nexperiment: \"theory\", title: \"t\", \(body)\n}\n```"
    )
    return try ArtifactSpecification(chapter.blocks[0], profile: .quick)
  }

  private func message(_ body: String) throws -> String {
    let error = #expect(throws: ManuscriptError.self) { try artifact(body) }
    return "\(try #require(error))"
  }

  private func expect(_ short: String, presets: String = "", means full: String) throws {
    let (short, full) = (try artifact(short, presets: presets), try artifact(full))
    #expect(short.panels == full.panels)
    #expect(short.claims == full.claims)
    #expect(short.body == full.body)
  }

  private static let full = """
    panels: [
      { id: "rank", title: "Rank", x: { label: "Step" }, y: { label: "Effective rank" }, series: [
        { id: "base", label: "the base", runs: ["base"], metric: "effectiveRank", layers: "act_*", style: { color: 0, line: "dotted" } },
        { id: "clone", label: "SGD", runs: ["clone"], metric: "effectiveRank", layers: "act_*", style: { color: 1, line: "solid", thin: true } },
      ] },
      { id: "loss", title: "", x: { label: "Step" }, y: { label: "Loss", scale: "logarithmic" }, series: [
        { id: "clone", label: "SGD", runs: ["clone"], metric: "trainingLoss", style: { color: 1, line: "solid", thin: true } },
      ] },
    ],
    claims: [],
    """

  @Test func aPanelIsAMetricOfTheSeriesThatItNames() throws {
    try expect(
      """
      panel: { x: "Step", title: "" },
      series: [
        { id: "base", label: "the base", runs: "base", style: "0 dotted" },
        { id: "clone", label: "SGD", runs: "clone", style: "1 thin" },
      ],
      panels: [
        { id: "rank", title: "Rank", y: "Effective rank", metric: "effectiveRank", layers: "act_*" },
        { id: "loss", y: { label: "Loss", scale: "logarithmic" }, metric: "trainingLoss", series: ["clone"] },
      ],
      claims: [],
      """, means: Self.full)
  }

  @Test func presetsOfPanelsComeBeforeWhatAllPanelsShare() throws {
    try expect(
      """
      panel: { x: "Step", title: "", y: "nothing", metric: "nothing" },
      series: [
        { each: { "key label style": [["base", "the base", "0 dotted"], ["clone", "SGD", "1 thin"]] },
          id: "{key}", label: "{label}", runs: "{key}", style: "{style}" },
      ],
      panels: [
        { use: "rank", id: "rank", title: "Rank" },
        { id: "loss", y: { label: "Loss", scale: "logarithmic" }, metric: "trainingLoss", series: ["clone"] },
      ],
      claims: [],
      """, presets: "rank: { metric: \"effectiveRank\", layers: \"act_*\", y: \"Effective rank\" }",
      means: Self.full)
  }

  @Test func aSeriesTakesThePlaceholdersOfItsPanel() throws {
    try expect(
      """
      series: [{ id: "clone", label: "SGD", runs: ["{key}-training", "{key}-clone"], style: 3 }],
      panels: [{ each: [["mlp", "MLP"], ["cnn", "CNN"]], id: "{key}", title: "{label}", x: "a", y: "b", metric: "m" }],
      claims: [],
      """,
      means: """
        panels: [
          { id: "mlp", title: "MLP", x: { label: "a" }, y: { label: "b" }, series: [
            { id: "clone", label: "SGD", runs: ["mlp-training", "mlp-clone"], metric: "m", style: { color: 3, line: "solid" } }] },
          { id: "cnn", title: "CNN", x: { label: "a" }, y: { label: "b" }, series: [
            { id: "clone", label: "SGD", runs: ["cnn-training", "cnn-clone"], metric: "m", style: { color: 3, line: "solid" } }] },
        ],
        claims: [],
        """)
  }

  @Test func runsCarryTheirLabelsAndStyles() throws {
    try expect(
      """
      runs: [{ name: "base", label: "b", style: "0 dotted" }, { name: "clone", from: "base", label: "c", style: 1 }, { name: "x" }],
      panels: [{ id: "p", title: "", x: "a", y: "b", metric: "m", runs: ["base", ["base", "clone"]] }],
      claims: [],
      """,
      means: """
        runs: [{ name: "base" }, { name: "clone", from: "base" }, { name: "x" }],
        panels: [{ id: "p", title: "", x: { label: "a" }, y: { label: "b" }, series: [
          { id: "base", label: "b", runs: ["base"], metric: "m", style: { color: 0, line: "dotted" } },
          { id: "clone", label: "c", runs: ["base", "clone"], metric: "m", style: { color: 1, line: "solid" } }] }],
        claims: [],
        """)
  }

  @Test func tablesMayBeAList() throws {
    try expect(
      "tables: [{ each: [1, 2], name: \"t{key}\", size: \"{key}\" }], panels: [], claims: [],",
      means: "tables: { t1: { size: 1 }, t2: { size: 2 } }, panels: [], claims: [],")
  }

  @Test(
    arguments: [
      ("a <= 1e-9", "a", "<=", 1e-9), ("a - b  >  0", "a - b", ">", 0), ("a >= -0.02", "a", ">=", -0.02),
      ("a / 0.76 - 1 within 0.1", "a / 0.76 - 1", "within", 0.1), ("a<5", "a", "<", 5),
    ] as [(String, String, String, Double)])
  func aMeasureMayHoldItsComparison(
    _ short: String, _ measure: String, _ comparison: String, _ threshold: Double
  )
    throws
  {
    func body(_ claim: String) -> String {
      """
      panels: [{ id: "p", title: "", x: "x", y: "y", series: [
        { id: "a", label: "a", table: "t", curve: "a", style: 0 }, { id: "b", label: "b", table: "t", curve: "b", style: 0 }] }],
      claims: [{ id: "c", says: "s", \(claim) }],
      """
    }
    func named(_ text: String) -> String {
      text.replacing("a", with: "final(p.a)").replacing("b", with: "final(p.b)")
    }
    // "a" stands for a curve; the word `within` has none of its letters.
    try expect(
      body("measure: \"\(named(short))\", profiles: \"paper\""),
      means: body(
        "measure: \"\(named(measure))\", comparison: \"\(comparison)\", threshold: \(threshold), profiles: [\"paper\"]"
      ))
  }

  private static let panel = "id: \"p\", title: \"\", x: \"x\", y: \"y\", metric: \"m\""
  private static let mistakes: [(body: String, says: String)] = [
    (
      "series: [{ id: \"a\", label: \"a\", runs: \"a\", style: 0 }],\npanels: [{ \(panel), series: [\n\"b\"] }], claims: []",
      "t.md:8: fig-t.1: panels[0].series[0] is 'b', which is none of the artifact's 'series'; there are a"
    ),
    (
      "series: [{ id: \"a\" },\n{ id: \"a\" }],\npanels: [{ \(panel), series: [\"a\"] }], claims: []",
      "t.md:7: fig-t.1: series[1].id uses the name 'a' a second time"
    ),
    (
      "panels: [{ \(panel),\nseries: [{ id: \"a\", label: \"a\", runs: \"a\", style: \"0 dottet\" }] }], claims: []",
      "t.md:7: fig-t.1: panels[0].series[0].style has the word 'dottet'"
    ),
    (
      "panels: [{ \(panel), series: [{ id: \"a\", label: \"a\", runs: \"a\", style: \"dotted\" }] }], claims: []",
      "style lacks the number of a colour"
    ),
    (
      "panels: [], claims: [\n{ id: \"c\", says: \"s\", measure: \"1 > much\" }]",
      "t.md:7: fig-t.1: claims[0].measure ends with 'much' after '>', which is no number"
    ),
    (
      "panels: [], claims: [{ id: \"c\", says: \"s\", measure: \"1 > 0\", threshold: 0 }]",
      "claims[0].threshold is there already, in the measure '1 > 0'"
    ),
    ("panels: [], claims: [{ id: \"c\", says: \"s\", measure: \"1\" }]", "claims[0].comparison is missing"),
    (
      "panels: [{ \(panel), runs: [\n\"a\"] }], claims: []",
      "t.md:7: fig-t.1: panels[0].runs[0] needs runs with a label and a style; there are none"
    ),
    (
      "panels: [{ each: [1, 2], \(panel), series: [] }], claims: []",
      "t.md:6: fig-t.1: panels[0] uses the name 'p' a second time"
    ),
    (
      "tables: [{ name: \"t\" }, { name: \"t\" }], panels: [], claims: []",
      "tables[1].name uses the name 't' a second time"
    ),
  ]

  @Test(arguments: mistakes.indices) func aMistakeIsFoundWhereItIsWritten(_ index: Int) throws {
    let message = try message(Self.mistakes[index].body)
    #expect(message.contains(Self.mistakes[index].says), "\(message)")
  }
}
