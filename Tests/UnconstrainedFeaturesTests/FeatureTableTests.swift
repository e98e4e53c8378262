import ContentStore
import Experiments
import Foundation
import Testing

@testable import UnconstrainedFeatures

@Suite struct FeatureTableTests {
  private static let specification = FeatureSpecification(
    seed: 4, classes: 2, featuresPerClass: 6, dimensions: [1, 3], learningRate: 0.1, steps: 25, decay: nil)

  @Test func aTableHasEveryCurve() throws {
    var shares: [Double] = []
    let table = try FeatureTable.compute(Self.specification) { shares.append($0) }
    #expect(
      Set(table.rows.map { $0[0] }) == [
        "within-1", "between-1", "within-3", "between-3", "within", "between", "limit",
      ])
    #expect(shares == shares.sorted() && shares.last == 1)
    #expect(
      table.rows.filter { $0[0] == "within-3" }.compactMap { Int($0[1]) } == FeatureTable.readings(upTo: 25))
    #expect(table.rows.filter { $0[0] == "limit" }.map { $0[1] } == ["3"], "one dimension loses everything")
    let last = try #require(table.rows.last { $0[0] == "within-3" })
    #expect(table.rows.contains(["within", "3", last[2]]))
    #expect(try FeatureTable.compute(Self.specification) { _ in } == table)
  }

  @Test func readingsAreEvenInTheLogarithmAndEndWithTheLastStep() {
    #expect(FeatureTable.readings(upTo: 10) == [1, 2, 3, 4, 6, 7, 10])
    #expect(FeatureTable.readings(upTo: 1) == [1])
    #expect(FeatureTable.readings(upTo: 10_000).last == 10_000)
  }

  @Test func theLimitIsThatOfNormalFeatures() {
    #expect(abs(FeatureTable.limit(dimension: 2, classes: 2) + log(2)) < 1e-12)
    #expect(abs(FeatureTable.limit(dimension: 3, classes: 2) - (log(2) - 1)) < 1e-12)
    #expect(FeatureTable.limit(dimension: 2, classes: 3) == -.infinity)
    // Many directions: about half the logarithm of the share that is left.
    #expect(abs(FeatureTable.limit(dimension: 1_000, classes: 2) - log(0.999) / 2) < 1e-6)
  }

  private static func plan(_ text: String, seeds: [UInt64] = [40, 41]) throws -> [ExperimentTable] {
    let decoder = JSONDecoder()
    decoder.allowsJSON5 = true
    guard case .object(let body) = try decoder.decode(JSONValue.self, from: Data(text.utf8)) else {
      return []
    }
    guard case .tables(let tables) = try FeatureFamily().plan(ExperimentBlock(body: body, seeds: seeds))
    else {
      return []
    }
    return tables
  }

  private static let table =
    "{ classes: 2, featuresPerClass: 6, dimensions: [1, 3], learningRate: 0.1, steps: 5 }"

  @Test func aTableIsPlannedForEachSeed() throws {
    let tables = try Self.plan("{ tables: { plain: \(Self.table) } }")
    #expect(tables.map(\.name) == ["plain", "plain"] && tables.map(\.seed) == [40, 41])
    #expect(tables[0].parameters != tables[1].parameters && tables[0].cost > 0)
    let computed = try FeatureFamily().compute(tables[1].parameters, on: nil) { _, _ in }
    #expect(computed.rows.count > 0)
    #expect(try FeatureFamily().setup(tables.map(\.parameters))?.length == 5)
  }

  @Test(arguments: [
    ("{}", "tables"), ("{ tables: {} }", "tables"), ("{ tables: { plain: 1 } }", "plain"),
    ("{ tables: { plain: \(table) }, more: 1 }", "more"),
    (
      "{ tables: { plain: { classes: 1, featuresPerClass: 6, dimensions: [1], learningRate: 0.1, steps: 5 } } }",
      "classes"
    ),
    (
      "{ tables: { plain: { classes: 2, featuresPerClass: 6, dimensions: [], learningRate: 0.1, steps: 5 } } }",
      "dimensions"
    ),
    (
      "{ tables: { plain: { classes: 2, featuresPerClass: 6, dimensions: [2, 2], learningRate: 0.1, steps: 5 } } }",
      "dimensions"
    ),
    (
      "{ tables: { plain: { classes: 2, featuresPerClass: 6, dimensions: [1], learningRate: 0, steps: 5 } } }",
      "learningRate"
    ),
    (
      "{ tables: { plain: { classes: 2, featuresPerClass: 6, dimensions: [1], learningRate: 0.1, steps: 5, decay: -1 } } }",
      "decay"
    ),
  ])
  func whatCannotBeMeantIsRefused(_ text: String, _ key: String) {
    do {
      _ = try Self.plan(text)
      Issue.record("no error for \(text)")
    } catch { #expect((error as? BlockProblem)?.path.last == key) }
  }
}
