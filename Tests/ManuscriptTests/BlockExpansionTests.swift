import ContentStore
import Experiments
import Foundation
import Testing

@testable import Manuscript

/// What any block may say once for many: presets, `each`, `cross`, `of`, `with`.
@Suite struct BlockExpansionTests {
  /// The full form of a block at `quick`, without the places.
  private func expanded(_ body: String, presets: String = "") throws -> JSONValue {
    let chapter = try Chapter(
      file: "t.md", text: "```presets shared\n{\n\(presets)\n}\n```\n```family t\n{\n\(body)\n}\n```")
    return try ExpandedBlock.plain(chapter.families[0], profile: .quick).value
  }

  private func message(_ body: String, presets: String = "") throws -> String {
    let error = #expect(throws: ManuscriptError.self) { try expanded(body, presets: presets) }
    return "\(try #require(error))"
  }

  /// JSON5, as a block would have it.
  private func json(_ text: String) throws -> JSONValue {
    let decoder = JSONDecoder()
    decoder.allowsJSON5 = true
    return try decoder.decode(JSONValue.self, from: Data(text.utf8))
  }

  @Test func aBlockWithoutShorthandStaysWhatItIs() throws {
    let body = "list: [1, \"{key} $x$\", { a: { b: [true, \"$\"] } }], other: 0.5, braces: \"{{fig-1: a}}\""
    #expect(try expanded(body) == json("{\(body)}"))
  }

  @Test func aPresetStandsForItsValue() throws {
    #expect(
      try expanded(
        "layers: \"$hidden\", epochs: \"$length\", list: [0, \"$more\", \"$hidden\"]",
        presets: "hidden: \"act_*\", length: { quick: 3, otherwise: 4 }, more: [1, 2]")
        == json("{ layers: \"act_*\", epochs: 3, list: [0, 1, 2, \"act_*\"] }"))
  }

  @Test func aBlocksOwnPresetsAreForItAlone() throws {
    #expect(try expanded("presets: { a: 1 }, b: \"$a\"") == ["b": 1])
    #expect(
      try message("presets: { a: 1 }, b: 2", presets: "a: 3")
        == "t.md:8: t: presets.a uses the name 'a' a second time; it is a preset of shared already")
  }

  @Test func usedPresetsLieBelowAnObjectsOwnMembers() throws {
    let presets = "base: { a: 1, deep: { b: 2, c: 3 } }, more: { use: \"base\", a: 5 }"
    #expect(
      try expanded("use: \"more\", deep: { c: 4 }", presets: presets)
        == json("{ a: 5, deep: { b: 2, c: 4 } }"))
    #expect(
      try expanded("x: { use: [\"base\", \"more\"] }", presets: presets)
        == json("{ x: { a: 5, deep: { b: 2, c: 3 } } }"))
  }

  @Test func eachMakesAnElementOfEveryItem() throws {
    #expect(
      try expanded(
        "runs: [{ each: [[\"a\", 0.5], [\"b\", 2]], name: \"run-{key}\", scale: \"{label}\", says: \"σ = {label}\" }, 7]"
      )
        == json(
          "{ runs: [{ name: \"run-a\", scale: 0.5, says: \"σ = 0.5\" }, { name: \"run-b\", scale: 2, says: \"σ = 2\" }, 7] }"
        ))
    #expect(
      try expanded("runs: [{ each: [1, 2], name: \"{key}{label}\" }]")
        == json("{ runs: [{ name: \"11\" }, { name: \"22\" }] }"))
  }

  @Test func longerTuplesAndObjectsHaveNames() throws {
    let result = try json("{ runs: [{ a: \"mlp 25\", b: [1] }] }")
    #expect(
      try expanded(
        "runs: [{ each: { \"net rank list\": [[\"mlp\", 25, [1]]] }, a: \"{net} {rank}\", b: \"{list}\" }]")
        == result)
    #expect(
      try expanded(
        "runs: [{ each: [{ net: \"mlp\", rank: 25, list: [1] }], a: \"{net} {rank}\", b: \"{list}\" }]")
        == result)
  }

  @Test func crossMakesAGridAndItsNames() throws {
    #expect(
      try expanded(
        "runs: [{ cross: [\"$pairs\", { t: [0, 9] }], name: \"{key}-{t}\" }]",
        presets: "pairs: [[\"a\", \"A\"], [\"b\", \"B\"]]")
        == json("{ runs: [{ name: \"a-0\" }, { name: \"a-9\" }, { name: \"b-0\" }, { name: \"b-9\" }] }"))
  }

  @Test func ofMakesSeveralElementsAndSharesWhatStandsBesideIt() throws {
    #expect(
      try expanded(
        "claims: [{ each: [\"a\", \"b\"], profiles: 1, of: [{ id: \"{key}-x\" }, { id: \"{key}-y\", profiles: 2 }] }]"
      )
        == json(
          "{ claims: [{ id: \"a-x\", profiles: 1 }, { id: \"a-y\", profiles: 2 }, { id: \"b-x\", profiles: 1 }, { id: \"b-y\", profiles: 2 }] }"
        ))
  }

  @Test func eachWithinEachAndWithin() throws {
    #expect(
      try expanded(
        "with: { net: \"mlp\" }, rows: [{ each: { s: [1, 2] }, of: [{ each: { t: [3] }, id: \"{net}-{s}-{t}\" }] }]"
      )
        == json("{ rows: [{ id: \"mlp-1-3\" }, { id: \"mlp-2-3\" }] }"))
  }

  @Test func presetsAreWrittenOutWhereTheyAreUsed() throws {
    #expect(
      try expanded(
        "panels: [{ each: [\"a\", \"b\"], marks: \"$cloned\" }]",
        presets: "cloned: [{ endOf: \"{key}-training\" }]")
        == json(
          "{ panels: [{ marks: [{ endOf: \"a-training\" }] }, { marks: [{ endOf: \"b-training\" }] }] }"))
  }

  @Test func quotationsAreNoPlaceholders() throws {
    #expect(
      try expanded(
        "rows: [{ each: [\"a\"], text: \"{{fig-1: late(x.{key}) as {label}}} {{report: runs}}\" }]")
        == json("{ rows: [{ text: \"{{fig-1: late(x.a) as a}} {{report: runs}}\" }] }"))
  }

  private static let mistakes: [(body: String, presets: String, says: String)] = [
    ("\n a: \"$x\"", "y: 1", "t.md:9: t: a asks for the preset 'x'; there are y"),
    ("a: {\n use: \"x\" }", "x: [1]", "t.md:9: t: a.use is the preset 'x', which is no object"),
    ("a: \"$x\"", "x: { b:\n \"$x\" }", "t.md:3: shared: x.b asks for the preset 'x', which asks for itself"),
    ("a: [{\n each: [] }]", "", "t.md:9: t: a[0].each is empty"),
    ("a: [{ each: \"$x\" }]", "\n x: []", "t.md:4: shared: x is empty"),
    ("a: [{\n each: [[1, 2, 3]] }]", "", "t.md:9: t: a[0].each[0] must be a pair"),
    (
      "a: [{ each: { \"p q\": [\n[1]] } }]", "", "t.md:9: t: a[0].each.p q[0] has 1 values for the names p, q"
    ),
    ("a: [{ each: { \"p p\": [[1, 2]] } }]", "", "must stand under different names"),
    ("a: [{ each: [1], x: [\n\"{kay}\"] }]", "", "t.md:9: t: a[0].x[0] has the placeholder '{kay}'"),
    (
      "a: [{ each: [[\"a\", [1]]], x: \"n{label}\" }]", "",
      "within a text for what is neither text nor number"
    ),
    ("a: [{ each: [1], of: [{ each: [2], x: 1 }] }]", "", "uses the name 'key' of an 'each' around it"),
    ("a: [{ cross: [[1], [2]], x: 1 }]", "", "a[0].cross[1] has a name that a list before it has"),
    ("a: [{ cross: [[1]], x: 1 }]", "", "must be a list of two or more lists"),
    ("a: { each: [1], x: 1 }", "", "a has 'each', which belongs to an element of a list"),
    ("a: [{ b: 1, of: [2] }]", "", "a[0].of[0] must be an object"),
    ("a: [{ each: [1], b: { standard: 1 } }]", "", "a[0].b says nothing for the profile 'quick'"),
  ]

  @Test(arguments: mistakes.indices) func aMistakeIsFoundWhereItIsWritten(_ index: Int) throws {
    let mistake = Self.mistakes[index]
    let message = try message(mistake.body, presets: mistake.presets)
    #expect(message.contains(mistake.says), "\(message)")
  }

  @Test func aProblemOfTheFullFormLeadsBackToWhatWasWritten() throws {
    let chapter = try Chapter(
      file: "t.md",
      text:
        "```family t\n{ runs: [\n{ quick: null, otherwise: {} },\n{ each: [[\"a\", 1],\n[\"b\", 2]], of: [\n{ v: \"{label}\", w: 3 }] }] }\n```"
    )
    let block = try ExpandedBlock.plain(chapter.families[0], profile: .quick)
    #expect(
      "\(block.located(BlockProblem(path: ["runs", "1", "v"], message: "is odd")))"
        == "t.md:5: t: runs[1].each[1][1] is odd")
    #expect(
      "\(block.located(BlockProblem(path: ["runs", "1", "w", "x"], message: "is missing")))"
        == "t.md:6: t: runs[1].of[0].w.x is missing")
  }

  @Test func aProblemOfAPresetNamesTheBlockThatUsesIt() throws {
    let chapter = try Chapter(
      file: "t.md", text: "```presets a\n{\nx: { y: 1 } }\n```\n```family t\n{ z: \"$x\" }\n```")
    let block = try ExpandedBlock.plain(chapter.families[0], profile: .quick)
    #expect(block.presets == ["a"])
    #expect(
      "\(block.located(BlockProblem(path: ["z", "y"], message: "is odd")))" == "t.md:3: a: x.y is odd (in t)")
  }

  @Test func aPresetsNameIsUsedOnce() throws {
    #expect(throws: ManuscriptError.self) {
      try Chapter(file: "t.md", text: "```presets a\n{ x: 1 }\n```\n```presets b\n{ x: 2 }\n```")
    }
  }
}
