import ContentStore
import Experiments
import Foundation
import ImageSources
import LinearAlgebra
import NeuralNetwork
import PreparedImages
import Tables
import Testing

@testable import ImageStretching
@testable import Training

@Suite struct ImageStretchingTests {
  private let folder = FileManager.default.temporaryDirectory.path + "/image-stretching-\(UUID().uuidString)"

  /// Images of six classes, 16 × 16.
  private func dataSet() throws -> PreparedDataSet {
    try FileManager.default.createDirectory(atPath: folder + "/data", withIntermediateDirectories: true)
    let recipe = SyntheticRecipe(
      shape: ImageShape(channels: 3, height: 16, width: 16), classCount: 6, trainingCount: 120,
      validationCount: 24)
    try DataSetSource(description: .cifar10, origin: .synthetic(recipe)).prepare(into: folder + "/data")
    return try PreparedDataSet(folder: folder + "/data")
  }

  private func model(width: Int, normalization: Normalization = .none) -> AnyModel {
    AnyModel(
      ConvNet(
        kernels: [3, 3], channels: [4, 5], hiddenSizes: [7, width], normalization: normalization,
        activation: .tanh))
  }

  /// Λ₁ and ‖J u‖ against differences of representations, for a smooth network: one that is narrowest where it ends, and one
  /// that is narrower in front of that, so that two Jacobians meet.
  @Test(arguments: [1, 3, 12]) func jacobiansAreThoseOfDifferences(_ width: Int) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let dataSet = try dataSet()
    let model = model(width: width)
    let input = InputShape(channels: 3, height: 16, width: 16)
    let trained = model.network(for: input, classes: 6).makeNetwork(of: Float.self)
    trained.initialize(seed: 4)
    // So large that slopes differ from one.
    for place in 0..<trained.values.count { trained.values.elements[place] *= 2 }
    let path = folder + "/network.safetensors"
    try Snapshot.write(trained.snapshotTensors(), metadata: [:], to: path)
    let network = try RepresentationNetwork(model, dataSet: dataSet)
    try network.load(Snapshot(contentsOf: path))
    #expect(network.width == width && network.depth == 4)

    var stream = RandomStream(seed: 1, purpose: "test")
    let image = (0..<input.count).map { _ in Float(stream.uniform()) * 2 - 1 }
    func features(of image: [Float]) -> [Double] {
      let memory = Arena<Float>(capacity: Arena<Float>.footprint(rows: 1, columns: image.count))
      let row = memory.take(rows: 1, columns: image.count)
      for (place, value) in image.enumerated() { row[0, place] = value }
      return network.represent(row).features[0].map(Double.init)
    }
    /// ‖J u‖ by central differences, u channel by channel.
    func difference(along direction: [Float]) -> Double {
      let step: Float = 0.02
      let (one, other) = (
        features(of: zip(image, direction).map { $0 + step * $1 }),
        features(of: zip(image, direction).map { $0 - step * $1 })
      )
      return zip(one, other).map { ($0 - $1) * ($0 - $1) }.reduce(0, +).squareRoot() / Double(2 * step)
    }
    var direction = image.map { _ in Float(stream.uniform()) - 0.5 }
    let length = direction.map { $0 * $0 }.reduce(0, +).squareRoot()
    direction = direction.map { $0 / length }
    let memory = Arena<Float>(capacity: Arena<Float>.footprint(rows: 1, columns: image.count))
    let row = memory.take(rows: 1, columns: image.count)
    for (place, value) in direction.enumerated() { row[0, place] = value }
    let found = network.stretching(at: image, along: network.represent(row).arranged[0])
    let expected = difference(along: direction)
    #expect(expected > 0 && abs(found.along - expected) < 2e-3 * expected)

    // The squares over all pixels add up to the sum of the squared singular values.
    var trace = 0.0
    for pixel in image.indices {
      var unit = [Float](repeating: 0, count: image.count)
      unit[pixel] = 1
      let value = difference(along: unit)
      trace += value * value
    }
    let square = found.largest * found.largest
    if width == 1 {
      #expect(abs(square - trace) < 1e-2 * trace)
    } else {
      #expect(square < trace * 1.01 && square * Double(min(width, 7)) > trace * 0.99)
    }
    #expect(found.along <= found.largest * 1.0001)
  }

  /// Λ₁ against power iteration on JᵀJ in double precision, J from another network of doubles, row by row: neither J Jᵀ nor
  /// its product of two parts is formed.
  @Test(arguments: [1, 3, 12], [ActivationKind.tanh, .relu])
  func theLargestStretchingIsThatOfPowerIteration(_ width: Int, _ activation: ActivationKind) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let dataSet = try dataSet()
    let model = AnyModel(
      ConvNet(
        kernels: [3, 3], channels: [4, 5], hiddenSizes: [7, width], normalization: .none,
        activation: activation))
    let input = InputShape(channels: 3, height: 16, width: 16)
    let description = model.network(for: input, classes: 6)
    let trained = description.makeNetwork(of: Float.self)
    trained.initialize(seed: 4)
    let path = folder + "/network.safetensors"
    try Snapshot.write(trained.snapshotTensors(), metadata: [:], to: path)
    let network = try RepresentationNetwork(model, dataSet: dataSet)
    try network.load(Snapshot(contentsOf: path))
    let exact = Network(layers: Array(description.makeLayers(of: Double.self).dropLast()))
    exact.reserve(batchSize: 1, retaining: .outputs)
    for (from, to) in zip(trained.layers, exact.layers) {
      for (source, target) in zip(from.parameters, to.parameters) {
        for place in 0..<source.count { target.value.elements[place] = Double(source.value.elements[place]) }
      }
    }
    let memory = Arena<Double>(
      capacity: Arena<Double>.footprint(rows: 1, columns: input.count)
        + Arena<Double>.footprint(rows: 1, columns: width))
    let (row, unit) = (memory.take(rows: 1, columns: input.count), memory.take(rows: 1, columns: width))
    var stream = RandomStream(seed: 1, purpose: "test")
    var alive = 0
    for _ in 0..<3 {
      let image = (0..<input.count).map { _ in Float(stream.uniform()) * 2 - 1 }
      for (place, value) in image.enumerated() { row[0, place] = Double(value) }
      let jacobian = (0..<width).map { output in
        _ = exact.forward(row, in: StepContext(mode: .evaluation, needsParameterGradients: false))
        unit.fill(with: 0)
        unit[0, output] = 1
        var gradient: [Double] = []
        exact.backward(unit) { layer, ofOutput in
          // The first layer hands the image on.
          if layer == 0 { gradient = Array(ofOutput.buffer) }
        }
        return gradient
      }
      let squares = jacobian.map { $0.map { $0 * $0 }.reduce(0, +) }
      // The longest row is not orthogonal to what is looked for.
      var vector = jacobian[squares.indices.max { squares[$0] < squares[$1] } ?? 0]
      var square = 0.0
      for _ in 0..<2_000 {
        let length = vector.map { $0 * $0 }.reduce(0, +).squareRoot()
        vector = vector.map { $0 / length }
        let moved = jacobian.map { zip($0, vector).map { $0 * $1 }.reduce(0, +) }
        square = moved.map { $0 * $0 }.reduce(0, +)
        vector = vector.indices.map { place in zip(jacobian, moved).map { $0[place] * $1 }.reduce(0, +) }
      }
      let found = network.stretching(at: image).largest
      guard squares.contains(where: { $0 > 0 }) else {
        // Rectified to nothing.
        #expect(found == 0)
        continue
      }
      alive += 1
      #expect(abs(found - square.squareRoot()) < 2e-5 * square.squareRoot(), "\(found)")
    }
    #expect(alive == 3 || activation == .relu && (width == 1 || alive > 0))
  }

  /// Against LAPACK, on J Jᵀ of random J, of which some are of low rank.
  @Test(arguments: [(1, 5), (6, 40), (40, 6), (64, 64)])
  func theLargestEigenvalueIsThatOfLAPACK(_ rows: Int, _ columns: Int) throws {
    let memory = Arena<Float>(
      capacity: Arena<Float>.footprint(rows: rows, columns: columns)
        + Arena<Float>.footprint(rows: rows, columns: rows))
    let jacobian = memory.take(rows: rows, columns: columns)
    let gram = memory.take(rows: rows, columns: rows)
    var stream = RandomStream(seed: 2, purpose: "test")
    for place in 0..<jacobian.count { jacobian.elements[place] = Float(stream.uniform()) - 0.5 }
    gram.setProduct(of: jacobian, transposed: false, and: jacobian, transposed: true)
    let exact = Arena<Double>(capacity: Arena<Double>.footprint(rows: rows, columns: rows))
    let copy = exact.take(rows: rows, columns: rows)
    for place in 0..<copy.count { copy.elements[place] = Double(gram.elements[place]) }
    let expected = try #require(try copy.symmetricEigenvalues().last)
    #expect(abs(RepresentationNetwork.largestEigenvalue(of: gram) - expected) < 1e-5 * expected)
    gram.fill(with: 0)
    #expect(RepresentationNetwork.largestEigenvalue(of: gram) == 0)
  }

  private func trained(
    _ dataSet: PreparedDataSet, model: AnyModel, snapshots: Int = 1
  ) throws -> TrainingSpecification {
    try FileManager.default.createDirectory(atPath: folder + "/run", withIntermediateDirectories: true)
    var tasks = TaskSpecification(count: 3, classes: 2, epochs: 1)
    tasks.tasksBetweenSnapshots = snapshots
    tasks.evaluatesTraining = true
    let specification = TrainingSpecification(
      seed: 5, data: .init(set: "cifar-10", padding: 0, flip: false), model: model,
      optimizer: OptimizerSpecification(SGDRule(learningRate: 0.05)), batchSize: 10, firstEpoch: 0,
      epochs: tasks.totalEpochs, tasks: tasks, snapshotEvery: 1)
    let trainer = try Trainer(
      specification: specification, dataSet: dataSet, start: nil, folder: folder + "/run")
    _ = try trainer.run(checkpointInterval: 1e9, shouldStop: { false }, report: { _ in })
    return specification
  }

  /// What the table tells, of which tasks, and that it can be interrupted.
  @Test func everySnapshotIsLookedAt() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let dataSet = try dataSet()
    let training = try trained(dataSet, model: model(width: 3, normalization: .batch))
    let specification = ImageStretchingSpecification(
      seed: 5, model: training.model, tasks: try #require(training.tasks),
      options: ImageStretchingOptions(images: 4, places: 2))
    let snapshots = try SnapshotName.all(in: folder + "/run/snapshots")
    #expect(snapshots.map(\.epoch) == [0, 1, 2, 3])
    func compute(
      _ checkpoint: RowCheckpoint? = nil, report: (Int, Int) throws -> Void = { _, _ in }
    ) throws -> Table {
      try ImageStretchingTable.compute(
        specification, dataSet: dataSet, snapshots: snapshots, file: { folder + "/run/" + $0 },
        checkpoint: checkpoint, report: report)
    }
    let table = try compute()
    func points(_ curve: String) throws -> [(x: Double, y: Double)] {
      let rows = table.filter { $0[0] == curve }
      return Array(zip(try rows.numbers("x"), try rows.numbers("y")))
    }
    for curve in ["train", "test", "dead-units", "rank", "variability", "misalignment", "disagreement"] {
      #expect(try points(curve).map(\.x) == [1, 2, 3], "\(curve)")
    }
    for side in ["before", "after"] {
      for curve in ["within-secant", "between-secant", "within-field", "between-field", "within-directional"]
      {
        #expect(try points("\(curve)-\(side)").map(\.x) == [1, 2, 3], "\(curve)")
      }
      let (low, middle, high) = (
        try points("ftle-5-\(side)"), try points("ftle-50-\(side)"), try points("ftle-95-\(side)")
      )
      for task in 0..<3 { #expect(low[task].y <= middle[task].y && middle[task].y <= high[task].y) }
      #expect(try points("dead-images-\(side)").allSatisfy { $0.y == 0 })
      // A direction is stretched no more than the most stretched one.
      let (field, along) = (try points("within-field-\(side)"), try points("within-directional-\(side)"))
      #expect(zip(field, along).allSatisfy { $0.y >= $1.y })
    }
    // A task changes what a network makes of its images.
    #expect(try points("within-secant-before")[1].y != points("within-secant-after")[1].y)

    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try compute(RowCheckpoint(folder + "/checkpoint")) { done, _ in if done == 2 { throw Stop() } }
    }
    let rest = RowCheckpoint(folder + "/checkpoint")
    #expect(rest.done == 2)
    let resumed = try compute(rest) { done, _ in #expect(done > 2) }
    #expect(resumed == table)
  }

  /// Between snapshots that are further apart, a look before a task and one after it are of different tasks.
  @Test func sparseSnapshotsTellWhatTheyCan() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let dataSet = try dataSet()
    let training = try trained(dataSet, model: model(width: 2), snapshots: 2)
    let specification = ImageStretchingSpecification(
      seed: 5, model: training.model, tasks: try #require(training.tasks),
      options: ImageStretchingOptions(images: 4, places: 2))
    let table = try ImageStretchingTable.compute(
      specification, dataSet: dataSet, snapshots: SnapshotName.all(in: folder + "/run/snapshots"),
      file: { folder + "/run/" + $0 }, report: { _, _ in })
    #expect(try table.filter { $0[0] == "within-secant-before" }.numbers("x") == [1, 3])
    #expect(try table.filter { $0[0] == "within-secant-after" }.numbers("x") == [2, 3])
    #expect(try table.filter { $0[0] == "test" }.numbers("x") == [1, 2, 3])
  }

  /// Where a network is dead, curves have no points, but there are all of them.
  @Test func deadNetworksHaveAllCurves() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let dataSet = try dataSet()
    let training = try trained(dataSet, model: model(width: 2))
    let zeros = training.model.network(
      for: InputShape(channels: 3, height: 16, width: 16), classes: 6
    ).makeNetwork(of: Float.self)
    let snapshots = try SnapshotName.all(in: folder + "/run/snapshots")
    let specification = ImageStretchingSpecification(
      seed: 5, model: training.model, tasks: try #require(training.tasks),
      options: ImageStretchingOptions(images: 4, places: 2))
    func compute() throws -> Table {
      try ImageStretchingTable.compute(
        specification, dataSet: dataSet, snapshots: snapshots, file: { folder + "/run/" + $0 },
        report: { _, _ in })
    }
    let alive = try compute()
    for name in snapshots {
      try Snapshot.write(
        zeros.snapshotTensors(), metadata: [:], to: folder + "/run/snapshots/" + name.fileName)
    }
    let dead = try compute()
    #expect(Set(dead.rows.map { $0[0] }) == Set(alive.rows.map { $0[0] }))
    #expect(dead.filter { $0[0] == "within-secant-after" }.rows == [["within-secant-after", "", ""]])
    #expect(try dead.filter { $0[0] == "dead-images-before" }.numbers("y") == [1, 1, 1])
    #expect(try dead.filter { $0[0] == "dead-pairs-after" }.numbers("y") == [1, 1, 1])
  }

  @Test func whatCannotBeLookedAtIsRefused() throws {
    func plan(_ changes: [String: JSONValue]) throws {
      let family = ImageStretchingFamily()
      let body: [String: JSONValue] = ["examine": .object(["images": .integer(4), "places": .integer(2)])]
      guard case .runs(_, let look) = try family.plan(ExperimentBlock(body: body, seeds: [1])) else {
        Issue.record("a family of runs")
        return
      }
      let training = TrainingSpecification(
        seed: 5, data: .init(set: "cifar-10", padding: 0, flip: false), model: model(width: 2),
        optimizer: OptimizerSpecification(SGDRule(learningRate: 0.05)), batchSize: 10, firstEpoch: 0,
        epochs: 3, tasks: TaskSpecification(count: 3, classes: 2, epochs: 1), snapshotEvery: 1)
      guard case .object(var members) = try JSONValue(encoding: training) else { return }
      for (key, value) in changes { members[key] = value }
      _ = try look(
        TrainedRun(
          seed: 5, specification: .object(members), trainingOperations: 1, snapshots: 1))
    }
    try plan([:])
    let mlp = try JSONValue(encoding: AnyModel(MLP(hiddenSizes: [4])))
    #expect(throws: BlockProblem.self) { try plan(["model": mlp]) }
    #expect(throws: BlockProblem.self) { try plan(["tasks": .null]) }
    var renewed = TaskSpecification(count: 3, classes: 2, epochs: 1)
    renewed.start = .reinitialized
    #expect(throws: BlockProblem.self) { try plan(["tasks": try JSONValue(encoding: renewed)]) }
    for (images, places) in [(1, 2), (4, 3), (4, 6)] {
      let options = JSONValue.object(["images": .integer(images), "places": .integer(places)])
      #expect(throws: BlockProblem.self) {
        _ = try ImageStretchingFamily().plan(ExperimentBlock(body: ["examine": options], seeds: [1]))
      }
    }
  }
}
