import Manuscript
import NeuralNetwork
import PreparedImages
import Testing

@testable import bench

/// Promise: rows are held against the goal of their kind, and those that miss it are named.
@Suite struct GoalTests {
  private func kind(_ model: PaperModel, batchSize: Int) -> RunKind {
    var kind = model.kind(size: 32, classes: 10)
    kind.batchSize = batchSize
    return kind
  }

  @Test func smallBatchesAndAllButTransformersHaveGoals() throws {
    #expect(Goal.ratio(of: kind(.vit, batchSize: 32)) == 3)
    #expect(Goal.ratio(of: kind(.mlp, batchSize: 8)) == 3)
    #expect(Goal.ratio(of: kind(.mlp, batchSize: 128)) == 2)
    #expect(Goal.ratio(of: kind(.resnet, batchSize: 128)) == 2)
    #expect(Goal.ratio(of: kind(.vit, batchSize: 128)) == nil)
    #expect(Goal.ratio(of: kind(.cnn, batchSize: 64)) == nil)
    // Pairs of classes, and increments.
    var pairs = kind(.cnn, batchSize: 100)
    pairs.model = AnyModel(ConvNet(kernels: [5, 5], channels: [16, 16], hiddenSizes: [100, 100]))
    #expect(Goal.ratio(of: pairs) == 2)
    #expect(Goal.ratio(of: kind(.resnet, batchSize: 90)) == 2)
    #expect(Goal.ratio(of: kind(.vit, batchSize: 100)) == nil)
  }

  @Test func theTallyNamesThoseThatMiss() throws {
    var tally = GoalTally()
    #expect(tally.lines.isEmpty)
    tally.add(kind(.mlp, batchSize: 8), ratio: 3)
    tally.add(kind(.vit, batchSize: 128), ratio: 0.5)
    tally.add(kind(.cnn, batchSize: 128), ratio: .nan)
    tally.add(kind(.cnn, batchSize: 128), ratio: 1.99)
    #expect(tally.lines.count == 2)
    #expect(tally.lines.first?.contains("1 of 2 rows") == true)
    #expect(tally.lines.last?.hasPrefix("- 1.99 of 2: CNN") == true)
  }
}
