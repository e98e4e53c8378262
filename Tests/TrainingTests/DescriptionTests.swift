import Foundation
import NeuralNetwork
import Specifications
import Testing

@testable import Training

/// What a chapter's block says of model, optimiser and loss.
@Suite struct DescriptionTests {
  private static func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(text.utf8))
  }

  private static func message<Value: Decodable>(_ type: Value.Type, _ text: String) -> String? {
    do { _ = try decode(type, text) } catch DecodingError.dataCorrupted(let context) {
      return "\(context.codingPath.map(\.stringValue).joined(separator: ".")) \(context.debugDescription)"
    } catch {}
    return nil
  }

  @Test func sizesThatAreLeftOutAreThePapers() throws {
    let cnn = try Self.decode(
      AnyModel.self, #"{ "architecture": "cnn", "normalization": "batch", "dropout": 0 }"#)
    #expect(cnn == AnyModel(CNN(normalization: .batch)))
    let transformer = try Self.decode(
      AnyModel.self,
      #"{ "architecture": "vit", "patchSize": 4, "normalization": "layer", "affine": false, "dropout": 0.1 }"#
    )
    #expect(transformer == AnyModel(VisionTransformer(patchSize: 4, affine: false, dropout: 0.1)))
    for model in [cnn, transformer] {
      #expect(try JSONDecoder().decode(AnyModel.self, from: JSONEncoder().encode(model)) == model)
    }
  }

  @Test func whatDoesNotBelongIsNamed() {
    #expect(
      Self.message(
        AnyModel.self,
        #"{ "architecture": "resnet", "hiddenSizes": [3], "normalization": "batch", "dropout": 0 }"#)
        == "hiddenSizes does not belong to 'resnet'")
    #expect(
      Self.message(
        AnyModel.self, #"{ "architecture": "resnet", "normalization": "bath", "dropout": 0 }"#)
        == "normalization is 'bath'; known: batch, layer, none")
    #expect(
      Self.message(
        AnyModel.self,
        #"{ "architecture": "mlp", "hiddenSizes": [3], "activation": "x", "normalization": "none", "dropout": 0 }"#
      )?.hasPrefix("activation is 'x'; known: elu, gelu") == true)
    #expect(
      Self.message(OptimizerSpecification.self, #"{ "kind": "adam", "learningRate": 1, "momentum": 0.9 }"#)
        == "momentum does not belong to adam")
    #expect(
      Self.message(OptimizerSpecification.self, #"{ "kind": "lion", "learningRate": 1 }"#)
        == "kind is 'lion'; known: adam, noisySGD, rmsprop, sgd")
    #expect(
      Self.message(Loss.self, #""hinge""#) == " is 'hinge'; known: brierScore, crossEntropy, meanSquaredError"
    )
  }

  @Test func remediesAreAppliedInTheRegistrysOrder() throws {
    let text = #"""
      { "kind": "sgd", "learningRate": 0.1, "l2ToInitial": { "strength": 1 },
        "gradientNoise": { "scale": 0.1, "decay": 1 } }
      """#
    let optimizer = try Self.decode(OptimizerSpecification.self, text)
    #expect(optimizer.stateName == "sgd+gradientNoise+l2ToInitial")
    #expect(
      optimizer
        == OptimizerSpecification(
          SGDRule(learningRate: 0.1),
          remedies: [L2ToInitialRemedy(strength: 1), GradientNoiseRemedy(scale: 0.1, decay: 1)]))
  }

  @Test func noisySGDIsShortForSGDBehindNoise() throws {
    let laboratory = try Laboratory()
    let blocks = [
      "short":
        #"{ "kind": "noisySGD", "learningRate": 0.01, "momentum": 0.5, "noiseScale": 0.1, "noiseDecay": 0.9 }"#,
      "long":
        #"""
      { "kind": "sgd", "learningRate": 0.01, "momentum": 0.5, "gradientNoise": { "scale": 0.1, "decay": 0.9 } }
      """#,
    ]
    for (name, block) in blocks {
      var specification = Laboratory.specification(epochs: 1)
      specification.optimizer = try Self.decode(OptimizerSpecification.self, block)
      try laboratory.train(specification, in: name)
    }
    let (short, long) = (try laboratory.lastSnapshot(of: "short"), try laboratory.lastSnapshot(of: "long"))
    #expect(short.tensors == long.tensors)
    #expect(short.tensors["optimizer.momentum_buffer"] != nil)
  }

  @Test func aReleasedCloneIsTrainedIfItIsAskedFor() throws {
    let laboratory = try Laboratory()
    let model = AnyModel(
      VisionTransformer(embeddingSize: 16, headWidth: 8, depth: 1, attentionCloning: .released))
    var specification = Laboratory.specification(epochs: 1)
    specification.model = model
    try laboratory.train(specification, in: "base")
    specification.model = model.widened(by: 2)
    #expect((specification.model.model as? VisionTransformer)?.headWidth == 16)
    (specification.firstEpoch, specification.clone) = (1, 2)
    try laboratory.train(specification, in: "clone", from: "base")
    // Scores are √2 times as large, so the clone does not compute what its base computes.
    let before = try #require(try laboratory.history(of: "base").last?.validationLoss)
    let after = try #require(try laboratory.history(of: "clone").first?.validationLoss)
    #expect(before != after)
    var rescaled = SGDRule(learningRate: 0.1)
    rescaled.asCloneBy = 2
    specification.optimizer = OptimizerSpecification(rescaled)
    #expect(throws: SpecificationProblem.self) { try specification.validate() }
  }

  @Test func aLossThatIsLeftOutIsCrossEntropy() throws {
    let laboratory = try Laboratory()
    var specification = Laboratory.specification()
    let text = String(decoding: try JSONEncoder().encode(specification), as: UTF8.self)
    #expect(!text.contains("\"loss\""))
    try laboratory.train(specification, in: "absent")
    specification.loss = .crossEntropy
    try laboratory.train(specification, in: "said")
    #expect(try laboratory.history(of: "absent") == laboratory.history(of: "said"))
    specification.loss = .meanSquaredError
    try laboratory.train(specification, in: "squares")
    let losses = try laboratory.history(of: "squares").compactMap(\.trainingLoss)
    #expect(losses[2] < losses[0] && losses[0] < 1)
  }
}
