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

  @Test func aWrongLabelIsAnyOtherClass() {
    let task = PlanarTask(
      number: 3, classes: 3, trainingPoints: 300, flippedLabels: 0.2, testPoints: 9, seed: 1)
    let shifts = task.training.labels.enumerated().map { ($0.element + 3 - Int32($0.offset % 3)) % 3 }
    #expect(shifts.filter { $0 != 0 }.count == 60 && Set(shifts) == [0, 1, 2])
    #expect(task.test.labels == [0, 1, 2, 0, 1, 2, 0, 1, 2])
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

@Suite struct PlanarTableTests {
  static let block = """
    {
      training: {
        tasks: 6, trainingPoints: 60, testPoints: 100, hiddenSizes: [16], activation: "relu",
        optimizer: { kind: "sgd", learningRate: 0.05, momentum: 0.9 }, batchSize: 20, epochs: 30,
      },
      networks: { narrow: { representations: [2, 3] }, wide: { representations: [32], flippedLabels: 0.1, tasks: 2 } },
    }
    """

  static func plan(_ text: String, seeds: [UInt64] = [40]) throws -> [ExperimentTable] {
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
    // Where every pair is alive all the time, the mean of what changes is the change of the mean.
    let (before, after) = (values("within-secant-before"), values("within-secant-after"))
    for (task, dead) in zip(0..., values("dead-within")) where dead == 0 && after.count == 6 {
      let rate = values("log-beta-secant")[task]
      #expect(abs(rate - (after[task] - before[task])) < 1e-9 || values("dead-points")[task] > 0)
    }
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

@Suite struct PairReadingTests {
  private static let isWithin = [true, true, true, false]

  @Test func deadPairsAreCountedApart() {
    let reading = PairExponents.Reading(values: [1, -.infinity, 3, 5], isWithin: Self.isWithin)
    #expect(reading.means == PairExponents.Means(within: 2, between: 5))
    #expect(reading.dead == PairExponents.Means(within: 1.0 / 3, between: 0))
  }

  @Test func ratesAreThoseOfPairsAliveBothTimes() {
    let before = PairExponents.Reading(values: [1, 2, -.infinity, 5], isWithin: Self.isWithin)
    let after = PairExponents.Reading(values: [4, -.infinity, 9, 4], isWithin: Self.isWithin)
    #expect(after.rates(since: before) == PairExponents.Means(within: 3, between: -1))
  }

  @Test func whereNothingLivesThereIsNoMean() {
    let reading = PairExponents.Reading(
      values: [-.infinity, -.infinity, -.infinity, 5], isWithin: Self.isWithin)
    #expect(reading.means.within.isNaN && reading.dead.within == 1)
  }
}

@Suite struct FeaturePlaneTests {
  @Test func theMeansLieAlongXAndTheSpreadAlongY() {
    // Two classes 6 apart along the third axis, spread along the second.
    let features: [[Double]] = [[1, 2, 0], [1, -2, 0], [1, 5, 6], [1, -5, 6]]
    let plane = FeaturePlane(features, firstClass: 2)
    let places = features.map(plane.place)
    #expect(places.map(\.x).map { ($0 * 1e9).rounded() / 1e9 } == [-3, -3, 3, 3])
    #expect(abs(abs(places[2].y) - 5) < 1e-9 && abs(places[2].y + places[3].y) < 1e-9)
  }

  @Test func onePointIsInTheMiddle() {
    let plane = FeaturePlane([[0, 0], [0, 0]], firstClass: 1)
    #expect(plane.place(of: [0, 0]) == (0, 0))
  }
}

@Suite struct PlanarPictureTests {
  private static let training = PlanarSpecification(
    seed: 40, tasks: 3, trainingPoints: 40, flippedLabels: nil, testPoints: 60, hiddenSizes: [16],
    representation: 2, activation: .tanh, optimizer: OptimizerSpecification(SGDRule(learningRate: 0.05)),
    batchSize: 20, epochs: 20)

  @Test func aPictureHasTheFieldTheBorderAndThePoints() throws {
    var specification = Self.training
    specification.pictures = [1, 3]
    let table = try PlanarPicture.table(specification) { _ in }
    func count(_ curve: String) -> Int { table.rows.filter { $0[0] == curve }.count }
    #expect(
      count("field-1") == PlanarPicture.side * PlanarPicture.side && count("field-2") == count("field-1"))
    #expect(count("points-1-1") == 20 && count("representation-2-2") == 30 && count("border-1") > 0)
    #expect(table.rows.filter { $0[0] == "points-1-1" }.allSatisfy { $0[3].isEmpty })
    // What is drawn is what the curves are made from.
    #expect(try PlanarPicture.table(specification) { _ in } == table)
  }

  @Test func aSingleTaskCanBeReadInBetween() throws {
    var specification = Self.training
    specification.tasks = 1
    specification.epochsBetweenReadings = 5
    let table = try PlanarTable.compute(specification) { _ in }
    #expect(table.rows.filter { $0[0] == "disagreement" }.map { $0[1] } == ["5", "10", "15", "20"])
  }

  @Test func threeClassesCanBeLearned() throws {
    var specification = Self.training
    specification.classes = 3
    specification.trainingPoints = 60
    specification.epochs = 100
    let table = try PlanarTable.compute(specification) { _ in }
    func values(_ curve: String) -> [Double] {
      table.rows.filter { $0[0] == curve }.compactMap { Double($0[2]) }
    }
    for curve in ["equinorm", "equiangularity", "simplex-angles", "spread"] {
      #expect(values(curve).count == 3 && values(curve).allSatisfy { $0 > 0 }, "\(curve)")
    }
    #expect(values("train").allSatisfy { $0 > 0.45 }, "\(values("train"))")
    #expect(try PlanarTable.compute(Self.training) { _ in }.rows.allSatisfy { $0[0] != "equinorm" })
    specification.pictures = [1]
    #expect(throws: (any Error).self) { try specification.validate() }
  }

  @Test func picturesAreATableOfTheFirstSeed() throws {
    let tables = try PlanarTableTests.plan(
      PlanarTableTests.block.replacing("tasks: 6,", with: "tasks: 6, pictures: [2],"), seeds: [40, 41])
    let pictures = tables.filter { $0.name.hasSuffix("-pictures") }
    #expect(pictures.map(\.name) == ["narrow-2-pictures", "narrow-3-pictures", "wide-32-pictures"])
    #expect(pictures.allSatisfy { $0.seed == nil } && tables.count == 9)
  }

  @Test(
    arguments: [([0], nil), ([4], nil), ([2, 1], nil), ([], nil), (nil, 5), (nil, 21)] as [([Int]?, Int?)])
  func whatCannotBePicturedIsRefused(_ pictures: [Int]?, _ pause: Int?) {
    var specification = Self.training
    specification.pictures = pictures
    specification.epochsBetweenReadings = pause
    #expect(throws: (any Error).self) { try specification.validate() }
  }
}
