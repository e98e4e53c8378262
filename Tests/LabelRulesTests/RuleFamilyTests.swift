import ContentStore
import Experiments
import LabelRules
import Tables
import Testing

@Suite struct RuleFamilyTests {
  private static func table(_ members: [String: JSONValue]) throws -> Table {
    let block = ExperimentBlock(body: ["tables": .object(["rule": .object(members)])], seeds: [])
    guard case .tables(let tables) = try RuleFamily().plan(block), let table = tables.first else {
      return Table(columns: [], rows: [])
    }
    return try RuleFamily().compute(table.parameters, on: nil) { _, _ in }
  }

  private static func values(_ curve: String, in table: Table) -> [Double] {
    table.rows.filter { $0[0] == curve }.compactMap { Double($0[2]) }
  }

  @Test func targetsSumToOneAndMeetAtTheEnds() throws {
    let table = try Self.table(["margin": .number(0.2)])
    let (within, other) = (Self.values("within", in: table), Self.values("other", in: table))
    #expect(within.count == 101 && zip(within, other).allSatisfy { abs($0 + $1 - 1) < 1e-12 })
    #expect(within.first == 1 && within.last == 1 && abs(within[50] - 1.1) < 1e-12)
    #expect(Self.values("between", in: table)[25] == 0.25)
  }

  @Test func whatIsNoRuleIsRefused() {
    #expect(throws: BlockProblem.self) { try Self.table(["margin": .number(3)]) }
    #expect(throws: BlockProblem.self) { try Self.table(["margins": .number(0.1)]) }
    #expect(throws: BlockProblem.self) {
      try Self.table(["within": .boolean(false), "between": .boolean(false)])
    }
  }
}
