import ContentStore
import Experiments
import Foundation
import Tables
import Testing

@testable import StretchingFields

@Suite struct FieldFamilyTests {
  private static let block = """
    {
      circles: {
        narrow: { points: 4000, hiddenSizes: [8, 8, 8], learningRate: 0.1, batchSize: 20, epochs: 30 },
      },
      training: {
        tasks: 1, trainingPoints: 60, testPoints: 100, hiddenSizes: [16], activation: "relu",
        optimizer: { kind: "sgd", learningRate: 0.05, momentum: 0.9 }, batchSize: 20, epochs: 30,
        epochsBetweenReadings: 10,
      },
      networks: { toy: { representations: [2] } },
    }
    """

  private static func plan(_ text: String, seeds: [UInt64] = [40, 41]) throws -> [ExperimentTable] {
    let decoder = JSONDecoder()
    decoder.allowsJSON5 = true
    guard case .object(let body) = try decoder.decode(JSONValue.self, from: Data(text.utf8)),
      case .tables(let tables) = try FieldFamily().plan(ExperimentBlock(body: body, seeds: seeds))
    else { return [] }
    return tables
  }

  private static func values(_ curve: String, in table: Table) -> [Double] {
    table.rows.filter { $0[0] == curve }.compactMap { Double($0[2]) }
  }

  @Test func circlesAndNetworksHaveTheirTables() throws {
    let tables = try Self.plan(Self.block)
    #expect(tables.map(\.name) == ["narrow", "narrow", "narrow-picture", "toy-2", "toy-2"])
    #expect(tables.map(\.seed) == [40, 41, nil, 40, 41])
    #expect(try FieldFamily().setup(tables.map(\.parameters))?.sizes == "3 × 8, tanh")
    let toy = try FieldFamily().compute(tables[3].parameters, on: nil) { _, _ in }
    #expect(Self.values("variability", in: toy).count == 3)
  }

  /// The test case of Storm et al.: what a trained network stretches most lies on the circle that it learned.
  @Test func theRidgeLiesOnTheCircle() throws {
    let tables = try Self.plan(Self.block)
    let table = try FieldFamily().compute(tables[0].parameters, on: nil) { _, _ in }
    #expect((Self.values("accuracy", in: table).last ?? 0) > 0.95)
    func ridge(_ curve: String, near distance: Double) -> Double {
      let places = table.rows.filter { $0[0] == curve }
        .compactMap { row in Double(row[1]).flatMap { x in Double(row[2]).map { (x, $0) } } }
      return places.min { abs($0.0 - distance) < abs($1.0 - distance) }?.1 ?? .nan
    }
    #expect(ridge("ridge", near: 1) - ridge("ridge", near: 0.25) > 1)
    #expect(ridge("ridge-untrained", near: 1) - ridge("ridge-untrained", near: 0.25) < 0.2)
    let picture = try FieldFamily().compute(tables[2].parameters, on: nil) { _, _ in }
    #expect(picture.columns == ["curve", "x", "y", "z"])
    // The border that it drew is near the circle's radius.
    let border = picture.rows.filter { $0[0] == "border" }
      .compactMap { row in
        Double(row[1]).flatMap { x in Double(row[2]).map { ($0 * $0 + x * x).squareRoot() } }
      }
    let mean = border.reduce(0, +) / Double(border.count)
    #expect(abs(mean - CircleCourse.radius) < 0.05, "\(mean)")
  }

  @Test(arguments: [
    ("circles: {", "cycles: {", "circles"), ("points: 4000", "points: 3", "points"),
    ("learningRate: 0.1", "learningRate: 0", "learningRate"), ("epochs: 30 }", "epochs: 0 }", "epochs"),
    ("epochs: 30 }", "epochs: 30, odd: 1 }", "odd"), ("toy: {", "odd: 1, toy: {", "odd"),
    ("narrow: {", "\"toy-2\": {", "networks"), ("[8, 8, 8]", "[]", "hiddenSizes"),
  ])
  func valuesOutOfRangeAreRefused(_ old: String, _ new: String, _ key: String) {
    #expect {
      try Self.plan(Self.block.replacing(old, with: new))
    } throws: { error in
      (error as? BlockProblem)?.path.last == key
    }
  }
}
