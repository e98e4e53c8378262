import ContentStore
import Experiments
import Foundation
import LinearAlgebra
import NeuralNetwork
import Testing

@testable import PlanarTasks

@Suite struct PlanarTaskTests {
  @Test func aTaskBelongsToItsSeedAndNumber() {
    func task(_ number: Int, seed: UInt64 = 1) -> PlanarTask {
      PlanarTask(number: number, trainingPoints: 40, flippedLabels: 0.1, testPoints: 1_000, seed: seed)
    }
    #expect(task(0).training == task(0).training && task(0).test == task(0).test)
    #expect(task(0).training != task(1).training && task(0).training != task(0, seed: 2).training)
    #expect(task(0).test.labels.filter { $0 == 1 }.count == 500)
  }

  @Test func exactlyTheShareOfLabelsIsWrong() {
    for (share, wrong) in [(0.0, 0), (0.1, 4), (0.5, 20)] {
      let task = PlanarTask(number: 3, trainingPoints: 40, flippedLabels: share, testPoints: 10, seed: 1)
      #expect(task.training.labels.enumerated().filter { Int32($0.offset % 2) != $0.element }.count == wrong)
    }
  }

  @Test func coordinatesAreOfUnitVarianceOverTasks() {
    var square = 0.0
    for number in 0..<400 {
      let task = PlanarTask(number: number, trainingPoints: 60, flippedLabels: 0, testPoints: 1, seed: 9)
      square += task.training.coordinates.map { Double(($0 * $0).sum()) }.reduce(0, +) / 60
    }
    // 4,800 centres' coordinates, of kurtosis 1.8.
    #expect(abs(square / 800 - 1) < 5 * (0.8 / 4_800).squareRoot())
  }
}

@Suite struct NeuralCollapseTests {
  private static func matrix(_ rows: [[Float]], in memory: Arena<Float>) -> Matrix<Float> {
    let matrix = memory.take(rows: rows.count, columns: rows[0].count)
    for (row, values) in rows.enumerated() {
      for (column, value) in values.enumerated() { matrix[row, column] = value }
    }
    return matrix
  }

  /// Means (±2, 0); along the line between them points are ±1 off, which is a variance of 1 where Σ_B has 4; across, what
  /// they do does not count.
  @Test func theQuantitiesAreThoseWorkedOutByHand() {
    let memory = Arena<Float>(capacity: 256)
    let points = Self.matrix([[3, 5], [1, -5], [-3, 7], [-1, -7]], in: memory)
    let aligned = Self.matrix([[2, 0], [-2, 0]], in: memory)
    let collapse = NeuralCollapse(points, labels: [0, 0, 1, 1], classifier: aligned)
    #expect(abs(collapse.variability - 1.0 / 4 / 2) < 1e-9 && collapse.misalignment < 1e-7)
    let across = NeuralCollapse(
      points, labels: [0, 0, 1, 1], classifier: Self.matrix([[0, 1], [0, -1]], in: memory))
    #expect(abs(across.misalignment - 2.0.squareRoot()) < 1e-7)
    let opposite = NeuralCollapse(points, labels: [1, 1, 0, 0], classifier: aligned)
    #expect(abs(opposite.misalignment - 2) < 1e-7)
  }
}

@Suite struct PlanarTableTests {
  private static let block = """
    {
      training: {
        tasks: 6, trainingPoints: 60, testPoints: 100, hiddenSizes: [16], activation: "relu",
        optimizer: { kind: "sgd", learningRate: 0.05, momentum: 0.9 }, batchSize: 20, epochs: 30,
      },
      networks: { narrow: { representations: [2, 3] }, wide: { representations: [32], flippedLabels: 0.1, tasks: 2 } },
    }
    """

  private static func plan(_ text: String, seeds: [UInt64] = [40]) throws -> [ExperimentTable] {
    let decoder = JSONDecoder()
    decoder.allowsJSON5 = true
    guard case .object(let body) = try decoder.decode(JSONValue.self, from: Data(text.utf8)),
      case .tables(let tables) = try PlanarFamily().plan(ExperimentBlock(body: body, seeds: seeds))
    else { return [] }
    return tables
  }

  @Test func aTableIsMadeForEachWidthAndSeed() throws {
    let tables = try Self.plan(Self.block, seeds: [40, 41])
    #expect(tables.map(\.name) == ["narrow-2", "narrow-2", "narrow-3", "narrow-3", "wide-32", "wide-32"])
    #expect(try PlanarFamily().setup(tables.map(\.parameters))?.sizes == "16, then 2, 3, 32")
    var shares: [Double] = []
    let table = try PlanarFamily().compute(tables[0].parameters, on: nil) { share, _ in shares.append(share) }
    #expect(shares.count == 6 && shares.last == 1)
    #expect(try PlanarFamily().compute(tables[0].parameters, on: nil) { _, _ in } == table)
    #expect(try PlanarFamily().compute(tables[1].parameters, on: nil) { _, _ in } != table)
    func values(_ curve: String) -> [Double] {
      table.rows.filter { $0[0] == curve }.compactMap { Double($0[2]) }
    }
    #expect(values("train").count == 6)
    // Six Gaussians of the plane can be told apart better than by chance, with a tenth of the labels wrong.
    let longer = try Self.plan(Self.block.replacing("epochs: 30", with: "epochs: 300"))
    let wide = try PlanarFamily().compute(longer[2].parameters, on: nil) { _, _ in }
    let accuracies = wide.rows.filter { $0[0] == "train" }.compactMap { Double($0[2]) }
    #expect(accuracies.count == 2 && accuracies.allSatisfy { $0 > 0.7 }, "\(accuracies)")
    let (before, after) = (values("within-secant-before"), values("within-secant-after"))
    for task in 0..<6 { #expect(abs(values("log-beta-secant")[task] - (after[task] - before[task])) < 1e-12) }
    #expect(abs(values("sum-log-beta-secant")[5] - values("log-beta-secant").reduce(0, +)) < 1e-9)
    #expect(table.rows.filter { $0[0] == "late-train" }.map { $0[1] } == ["2"])
  }

  @Test(arguments: [
    ("{}", "networks"), ("{ networks: { n: 1 } }", "n"), ("{ networks: { n: {} } }", "representations"),
    ("{ networks: { n: { representations: [] } } }", "representations"),
    ("{ networks: { n: { representations: [true] } } }", "representations"),
    ("{ networks: { n: {} }, odd: 1 }", "odd"),
  ])
  func whatCannotBeMeantIsRefused(_ text: String, _ key: String) {
    #expect(Self.key(of: text) == key)
  }

  @Test(arguments: [
    ("tasks: 6", "tasks: 0", "tasks"), ("[2, 3]", "[0]", "representations"), ("relu", "gelu", "activation"),
    ("epochs: 30", "epochs: -1", "epochs"), ("0.1, tasks", "0.7, tasks", "flippedLabels"),
    ("epochs: 30", "epochs: 30, odd: 1", "odd"), ("batchSize: 20", "batchSize: 0", "batchSize"),
  ])
  func valuesOutOfRangeAreRefused(_ old: String, _ new: String, _ key: String) {
    #expect(Self.key(of: Self.block.replacing(old, with: new)) == key)
  }

  private static func key(of text: String) -> String? {
    do {
      _ = try plan(text)
      return nil
    } catch { return (error as? BlockProblem)?.path.last }
  }
}
