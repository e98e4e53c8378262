import Foundation
import ImageBatches
import LinearAlgebra
import NeuralNetwork
import Specifications
import Testing

@testable import Training

@Suite struct TrainerTests {
  @Test func aRunLeavesHistoryAndSnapshots() throws {
    let laboratory = try Laboratory()
    let files = try laboratory.train(Laboratory.specification(), in: "run")
    // 70 images in batches of 16: five steps an epoch, the last with 6 images.
    let expected = [(0, 0), (10, 2), (15, 3)].map {
      "snapshots/" + SnapshotName(step: $0.0, epoch: $0.1).fileName
    }
    #expect(files == ["history.csv"] + expected)
    let history = try laboratory.history(of: "run")
    #expect(history.map(\.step) == [0, 5, 10, 15])
    #expect(history[0].trainingLoss == nil && history[0].validationLoss != nil)
    let losses = history.compactMap(\.trainingLoss)
    #expect(losses[2] < losses[0], "it learns")
  }

  @Test(arguments: OptimizerRegistry.standard.names, [false, true])
  func stoppingAnywhereAndGoingOnGivesTheSameBits(
    _ kind: String, withRemedies: Bool
  ) throws {
    let laboratory = try Laboratory()
    var specification = Laboratory.specification(dropout: 0.2, kind: kind)
    if withRemedies {
      let noise = GradientNoiseRemedy(scale: 0.01, decay: 1)
      specification.optimizer = OptimizerSpecification(
        specification.optimizer.rule,
        remedies: (kind == "noisySGD" ? [] : [noise]) + [
          L2ToInitialRemedy(strength: 1e-3),
          ShrinkAndPerturbRemedy(shrink: 0.999, standardDeviation: 1e-3),
          ContinualBackpropagationRemedy(replacementRate: 0.02, maturity: 2, decay: 0.9),
        ])
    }
    try laboratory.expectSameBits(specification, stoppingAfter: [1, 4, 5, 7, 10, 14])
  }

  @Test func changedColoursReachTheNetwork() throws {
    let laboratory = try Laboratory()
    var specification = Laboratory.specification()
    try laboratory.train(specification, in: "plain")
    specification.data.colorJitter = 0
    try laboratory.train(specification, in: "none")
    specification.data.colorJitter = 0.1
    try laboratory.train(specification, in: "jittered")
    let plain = laboratory.contents("plain", "history.csv")
    #expect(plain != nil && plain == laboratory.contents("none", "history.csv"))
    #expect(plain != laboratory.contents("jittered", "history.csv"))
  }

  @Test func reflectionsAndRotationsReachTheNetwork() throws {
    let laboratory = try Laboratory()
    var specification = Laboratory.specification()
    specification.data.padding = 2
    var histories: [Data?] = []
    for (padMode, rotation) in [
      (nil, nil), (Augmentation.PadMode.black, 0.0), (.reflect, nil), (.reflect, 15),
    ] {
      (specification.data.padMode, specification.data.rotation) = (padMode, rotation)
      try laboratory.train(specification, in: "\(histories.count)")
      histories.append(laboratory.contents("\(histories.count)", "history.csv"))
    }
    #expect(histories[0] != nil && histories[0] == histories[1])
    #expect(Set(histories).count == 3)
  }

  @Test func aDamagedCheckpointMeansStartingAnewToTheSameResult() throws {
    let laboratory = try Laboratory()
    let specification = Laboratory.specification()
    try laboratory.train(specification, in: "whole")
    var steps = 0
    let first = try laboratory.trainer(specification, in: "stopped")
    _ = try first.run(checkpointInterval: 1e9, shouldStop: { steps == 6 }, report: { _ in steps += 1 })
    let path = laboratory.folder + "/stopped/checkpoint"
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    try data.prefix(data.count / 2).write(to: URL(fileURLWithPath: path))
    let second = try laboratory.trainer(specification, in: "stopped")
    #expect(second.stepsDone == 0)
    _ = try second.run(checkpointInterval: 1e9, shouldStop: { false }, report: { _ in })
    #expect(laboratory.contents("whole", "history.csv") == laboratory.contents("stopped", "history.csv"))
  }

  @Test(arguments: ["sgd", "adam"])
  func twoPhasesAreOneLongRun(_ kind: String) throws {
    let laboratory = try Laboratory()
    try laboratory.train(Laboratory.specification(epochs: 5, kind: kind), in: "long")
    try laboratory.train(Laboratory.specification(epochs: 2, kind: kind), in: "first")
    try laboratory.train(
      Laboratory.specification(epochs: 3, firstEpoch: 2, kind: kind), in: "second", from: "first")
    let long = try laboratory.lastSnapshot(of: "long")
    #expect(long.tensors == (try laboratory.lastSnapshot(of: "second")).tensors)
    #expect(
      Array(try laboratory.history(of: "long").suffix(3))
        == Array(try laboratory.history(of: "second").suffix(3)))
  }

  @Test func aPhaseWithARemedyDoesNotGoOnWithStateThatLacksIt() throws {
    let laboratory = try Laboratory()
    try laboratory.train(Laboratory.specification(epochs: 1), in: "first")
    var specification = Laboratory.specification(epochs: 1, firstEpoch: 1)
    specification.optimizer = OptimizerSpecification(
      specification.optimizer.rule,
      remedies: [ContinualBackpropagationRemedy(replacementRate: 0.5, maturity: 0, decay: 0.9)])
    try laboratory.train(specification, in: "remedied", from: "first")
    try laboratory.train(Laboratory.specification(epochs: 1, firstEpoch: 1), in: "plain", from: "first")
    let remedied = try #require(try laboratory.history(of: "remedied").last?.trainingLoss)
    let plain = try #require(try laboratory.history(of: "plain").last?.trainingLoss)
    #expect(remedied != plain, "units were replaced")
  }

  @Test func momentumBeginsAtRestAfterDescentWithout() throws {
    let laboratory = try Laboratory()
    func train(_ name: String, momentum: Double?, from start: String? = nil) throws {
      var specification = Laboratory.specification(epochs: 1, firstEpoch: start == nil ? 0 : 1)
      specification.optimizer = OptimizerSpecification(SGDRule(learningRate: 0.01, momentum: momentum))
      try laboratory.train(specification, in: name, from: start)
    }
    try train("first", momentum: nil)
    try train("momentum", momentum: 0.9, from: "first")
    try train("plain", momentum: nil, from: "first")
    let moved = try laboratory.lastSnapshot(of: "momentum").tensors
    #expect(moved["optimizer.momentum_buffer"] != nil)
    #expect(moved["linear_1.weight"] != (try laboratory.lastSnapshot(of: "plain")).tensors["linear_1.weight"])
  }

  @Test func aCloneBeginsAsItsBaseAndUnderSGDKeepsItsCopies() throws {
    let laboratory = try Laboratory()
    try laboratory.train(Laboratory.specification(epochs: 2), in: "base")
    var clone = Laboratory.specification(epochs: 2, firstEpoch: 2)
    clone.model = clone.model.widened(by: 2)
    clone.clone = 2
    try laboratory.train(clone, in: "clone", from: "base")
    let before = try #require(try laboratory.history(of: "base").last)
    let after = try #require(try laboratory.history(of: "clone").first)
    #expect(after.step == before.step)
    let (a, b) = (try #require(before.validationLoss), try #require(after.validationLoss))
    #expect(abs(a - b) < 1e-5 * a)
    let weight = try #require(
      try laboratory.lastSnapshot(of: "clone").tensors["linear_1.weight"])
    #expect(weight.shape == [24, 768])
    guard case .single(let values) = weight.elements else {
      Issue.record("training is in single precision")
      return
    }
    for unit in 0..<12 {
      let copies = (0..<2).map { Array(values[(2 * unit + $0) * 768..<(2 * unit + $0 + 1) * 768]) }
      #expect(zip(copies[0], copies[1]).allSatisfy { abs($0 - $1) <= 1e-5 * max(abs($0), 1e-3) })
    }
  }

  @Test func aCloneIsCertifiedBeforeItIsTrained() throws {
    let laboratory = try Laboratory()
    try laboratory.train(Laboratory.specification(epochs: 1), in: "base")
    let base = try laboratory.lastSnapshot(of: "base")
    let network = Laboratory.specification().model.makeNetwork(
      of: Float.self, shape: laboratory.dataSet.shape, classes: laboratory.dataSet.classCount)
    try network.load(base)
    let certification = CloneCertification(
      model: Laboratory.specification(dropout: 0.2).model.widened(by: 2), factor: 2,
      dataSet: laboratory.dataSet)
    try certification.check(base)
    // Nothing else can fail for layers that keep to their rules: what is not a number never agrees.
    let weight = try #require(network.parameters.first { $0.name == "linear_2.weight" })
    weight.parameter.value[0, 0] = .nan
    let path = laboratory.folder + "/broken.safetensors"
    try Snapshot.write(network.snapshotTensors(), metadata: base.metadata, to: path)
    let error = #expect(throws: TrainingError.self) { try certification.check(Snapshot(contentsOf: path)) }
    guard case .notAClone(let reason) = try #require(error) else {
      Issue.record("expected that it is no clone, got \(String(describing: error))")
      return
    }
    #expect(reason.contains("layer linear_2: the copies of a unit have unequal activations"))
  }

  /// Flattening has to keep a channel's copies together in every later phase too.
  @Test func aConvolutionalCloneGoesOnAsItEnded() throws {
    let laboratory = try Laboratory()
    var specification = Laboratory.specification(epochs: 1)
    specification.model = AnyModel(CNN(channels: [3, 4], hiddenSizes: [6]))
    try laboratory.train(specification, in: "base")
    specification.firstEpoch = 1
    specification.clone = 2
    specification.model = specification.model.widened(by: 2)
    try laboratory.train(specification, in: "clone", from: "base")
    specification.firstEpoch = 2
    specification.clone = nil
    try laboratory.train(specification, in: "next", from: "clone")
    for (first, second) in [("base", "clone"), ("clone", "next")] {
      let before = try #require(try laboratory.history(of: first).last?.validationLoss)
      let after = try #require(try laboratory.history(of: second).first?.validationLoss)
      #expect(abs(before - after) < 1e-5 * before, "\(first), \(second)")
    }
    let sizes = specification.model.narrowed(by: 2)?.model as? CNN
    #expect(sizes?.channels == [3, 4] && sizes?.copies == 1)
    #expect((specification.model.widened(by: 3).model as? CNN)?.copies == 6)
  }

  @Test func aRunThatDivergesSaysSo() throws {
    let laboratory = try Laboratory()
    var specification = Laboratory.specification(epochs: 20)
    specification.model = AnyModel(MLP(hiddenSizes: [12, 10]))
    specification.optimizer = OptimizerSpecification(SGDRule(learningRate: 1e30))
    #expect(throws: TrainingError.self) { try laboratory.train(specification, in: "run") }
  }

  @Test func startsAreChecked() throws {
    let laboratory = try Laboratory()
    try laboratory.train(Laboratory.specification(epochs: 2), in: "base")
    let late = Laboratory.specification(epochs: 1, firstEpoch: 3)
    #expect(throws: TrainingError.self) { try laboratory.train(late, in: "late", from: "base") }
    var wide = Laboratory.specification(epochs: 1, firstEpoch: 2)
    wide.model = AnyModel(MLP(hiddenSizes: [13, 10], normalization: .batch))
    #expect(throws: SnapshotError.self) { try laboratory.train(wide, in: "wide", from: "base") }
    var many = Laboratory.specification()
    many.data.trainingImages = 71
    #expect(
      throws: TrainingError.tooFewImages(field: "data.trainingImages", wanted: 71, available: 70)
    ) {
      try laboratory.train(many, in: "many")
    }
  }
}

@Suite struct SpecificationTests {
  private func path(_ change: (inout TrainingSpecification) -> Void) -> String? {
    var specification = Laboratory.specification()
    change(&specification)
    do { try specification.validate() } catch { return error.path }
    return nil
  }

  @Test func valuesOutOfRangeAreNamed() {
    #expect(path { _ in } == nil)
    #expect(path { $0.batchSize = 0 } == "batchSize")
    #expect(path { $0.epochs = -1 } == "epochs")
    #expect(path { $0.snapshotEvery = 0 } == "snapshotEvery")
    #expect(path { $0.snapshotSteps = [0] } == "snapshotSteps")
    #expect(path { $0.data.padding = 99 } == "data.padding")
    #expect(path { $0.data.colorJitter = 1.5 } == "data.colorJitter")
    #expect(path { $0.data.colorJitter = -0.1 } == "data.colorJitter")
    #expect(path { $0.data.colorJitter = .nan } == "data.colorJitter")
    #expect(path { $0.data.rotation = -1 } == "data.rotation")
    #expect(path { $0.data.rotation = 180.5 } == "data.rotation")
    #expect(path { $0.data.rotation = .nan } == "data.rotation")
    #expect(path { ($0.data.padMode, $0.data.padding) = (.reflect, 0) } == "data.padMode")
    #expect(path { $0.clone = 5 } == "clone")
    #expect(path { $0.clone = .max } == "clone")
  }

  @Test func modelsOutOfRangeAreNamed() {
    func path(_ model: some Model) -> String? { self.path { $0.model = AnyModel(model) } }
    #expect(path(MLP(hiddenSizes: [])) == "model.hiddenSizes")
    #expect(path(MLP(hiddenSizes: [4], dropout: 1)) == "model.dropout")
    #expect(path(MLP(hiddenSizes: [4], dropout: .nan)) == "model.dropout")
    #expect(path(CNN(channels: [0])) == "model.channels")
    #expect(path(CNN(hiddenSizes: [4, 4])) == "model.hiddenSizes")
    #expect(path(ResNet(blocks: [70_000])) == "model.blocks")
    #expect(path(VisionTransformer(embeddingSize: 65)) == "model.embeddingSize")
    #expect(path(MLP(hiddenSizes: [2]).widened(by: .max)) == "model.hiddenSizes")
  }

  @Test func optimizersOutOfRangeAreNamed() {
    func path(_ rule: some OptimizerRule, _ remedies: any Remedy...) -> String? {
      self.path { $0.optimizer = OptimizerSpecification(rule, remedies: remedies) }
    }
    let sgd = SGDRule(learningRate: 0.1)
    #expect(path(SGDRule(learningRate: -1)) == "optimizer.learningRate")
    #expect(path(SGDRule(learningRate: .nan)) == "optimizer.learningRate")
    #expect(path(SGDRule(learningRate: 0.1, momentum: 1)) == "optimizer.momentum")
    #expect(path(SGDRule(learningRate: 0.1, weightDecay: -0.1)) == "optimizer.weightDecay")
    #expect(path(NoisySGDRule(sgd, noise: .init(scale: -1, decay: 1))) == "optimizer.noiseScale")
    #expect(path(NoisySGDRule(sgd, noise: .init(scale: 1, decay: 1.1))) == "optimizer.noiseDecay")
    #expect(
      path(NoisySGDRule(sgd, noise: .init(scale: 1, decay: 1)), GradientNoiseRemedy(scale: 1, decay: 1))
        == "optimizer.gradientNoise")
    #expect(path(sgd, L2ToInitialRemedy(strength: 0)) == "optimizer.l2ToInitial.strength")
    #expect(
      path(sgd, ShrinkAndPerturbRemedy(shrink: 1.1, standardDeviation: 0))
        == "optimizer.shrinkAndPerturb.shrink")
    #expect(
      path(sgd, ShrinkAndPerturbRemedy(shrink: 1, standardDeviation: -1))
        == "optimizer.shrinkAndPerturb.standardDeviation")
    let name = "optimizer.continualBackpropagation"
    func replacing(_ rate: Double, _ maturity: Int, _ decay: Double) -> String? {
      path(
        sgd,
        ContinualBackpropagationRemedy(replacementRate: rate, maturity: maturity, decay: decay))
    }
    #expect(replacing(2, -1, 1) == "\(name).replacementRate")
    #expect(replacing(1, -1, 1) == "\(name).maturity")
    #expect(replacing(1, 0, 1) == "\(name).decay")
    #expect(
      self.path {
        $0.model = AnyModel(VisionTransformer())
        $0.optimizer = OptimizerSpecification(sgd, remedies: [ContinualBackpropagationRemedy()])
      } == name)
  }

  @Test func snapshotNamesSortAsTheirSteps() {
    let names = [
      SnapshotName(step: 9, epoch: 0), .init(step: 10, epoch: 1), .init(step: 200_000, epoch: 512),
    ]
    #expect(names.map(\.fileName).sorted() == names.map(\.fileName))
    for name in names { #expect(SnapshotName(fileName: name.fileName) == name) }
    #expect(SnapshotName(fileName: "step-1.safetensors") == nil)
  }
}
