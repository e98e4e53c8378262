import LinearAlgebra
import Testing

@testable import NeuralNetwork

@Suite struct CloningProfileTests {
  @Test func copiesAreAdjacent() {
    let profile = CloningProfile(units: 3, copies: 2)
    #expect(profile.features == 6)
    #expect((0..<6).map(profile.origin) == [0, 0, 1, 1, 2, 2])
    #expect(Array(profile.features(of: 1)) == [2, 3])
    #expect("\(profile)" == "3 units with 2 copies each")
  }

  @Test func groupsAreCopiedTogether() {
    let profile = CloningProfile(units: 6, copies: 2, groupSize: 3)
    #expect((0..<12).map(profile.origin) == [0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5])
    #expect(Array(profile.features(of: 4)) == [7, 10])
    #expect("\(profile)" == "6 units with 2 copies of each group of 3")
    #expect(profile != CloningProfile(units: 6, copies: 2))
  }

  @Test(arguments: [1, 2, 3, 5], [1, 2, 4])
  func theFeaturesOfAUnitAreThoseItIsTheOriginOf(copies: Int, groupSize: Int) {
    let profile = CloningProfile(units: 8, copies: copies, groupSize: groupSize)
    for unit in 0..<8 {
      #expect(
        Array(profile.features(of: unit)) == (0..<profile.features).filter { profile.origin(of: $0) == unit })
    }
  }

  @Test func withoutCopiesAllAreTheIdentity() {
    let profile = CloningProfile(units: 6, groupSize: 3)
    #expect(profile == CloningProfile(units: 6))
    #expect(!profile.isCloned)
    #expect((0..<6).map(profile.origin) == Array(0..<6))
    #expect("\(profile)" == "6 units, not copied")
    #expect("\(CloningProfile(units: 1))" == "1 unit, not copied")
  }

  /// Every entry of the clone lies in one block, that of the entry which it repeats along every axis.
  @Test func blocksShareOutATensor() {
    let inputs = CloningProfile(units: 6, copies: 2, groupSize: 3)
    let outputs = CloningProfile(units: 2, copies: 3)
    let expansion = TensorExpansion.weight(from: inputs, to: outputs, kernel: [2])
    #expect(expansion.baseShape == [2, 6, 2] && expansion.cloneShape == [6, 12, 2])
    #expect(expansion.divisor == 2)
    let blocks = TensorBlocks(expansion)
    #expect(blocks.rows == 3 && blocks.columns == 2)
    var entries = [Int?](repeating: nil, count: 6 * 12 * 2)
    for (entry, start) in blocks.starts.enumerated() {
      for offset in blocks.offsets {
        #expect(entries[start + offset] == nil)
        entries[start + offset] = entry
      }
    }
    for output in 0..<6 {
      for input in 0..<12 {
        for place in 0..<2 {
          let origin = (outputs.origin(of: output) * 6 + inputs.origin(of: input)) * 2 + place
          #expect(entries[(output * 12 + input) * 2 + place] == origin)
        }
      }
    }
  }

  @Test func embeddingsRepeatTheirFeaturesAndNotTheirTokens() {
    let size = CloningProfile(units: 2, copies: 2)
    let expansion = TensorExpansion(axes: [.places(1), .places(3), .outputs(size)])
    #expect(expansion.divisor == 1 && expansion.cloneShape == [1, 3, 4])
    let blocks = TensorBlocks(expansion)
    #expect(blocks.starts == [0, 2, 4, 6, 8, 10] && blocks.offsets == [0, 1])
  }

  /// A layer whose skip carries its input as it is cannot change how that is copied.
  @Test func sumsOfUnequalProfilesAreRefused() {
    let pairs = CloningProfile(units: 4, copies: 2, groupSize: 2)
    let error = CloningError.unequalProfiles(
      layer: "block", .init("its branch", CloningProfile(units: 4, copies: 2)), .init("its skip", pairs))
    func block(_ channels: Int) -> ResidualBlock<Double> {
      ResidualBlock(
        name: "block", inputChannels: channels, outputChannels: channels, height: 4, width: 4,
        normalization: .batch)
    }
    #expect(throws: error) { try block(4).expansion(into: block(8), input: pairs) }
    func residual(_ size: Int) -> Residual<Double> {
      let linear = Linear<Double>(name: "linear", inputSize: size, outputSize: size)
      return Residual(name: "block", size: size, positions: 1, branch: LayerChain([("", linear)]))
    }
    #expect(throws: error) { try residual(4).expansion(into: residual(8), input: pairs) }
    #expect(
      error.description
        == "cannot clone layer block: its branch has 4 units with 2 copies each, but its skip has 4 units with "
        + "2 copies of each group of 2")
  }

  /// Heads that are duplicated want whole heads, heads that are widened want adjacent units.
  @Test func attentionTakesWhatItsShapeSays() throws {
    func attention(heads: Int, width: Int) -> ScaledDotProductAttention<Double> {
      ScaledDotProductAttention(name: "attention", tokens: 3, heads: heads, headWidth: width, dropout: 0)
    }
    let base = attention(heads: 2, width: 5)
    let adjacent = CloningProfile(units: 30, copies: 2)
    let whole = CloningProfile(units: 30, copies: 2, groupSize: 5)
    let output = CloningProfile(units: 10, copies: 2, groupSize: 5)
    #expect(try base.expansion(into: attention(heads: 4, width: 5), input: whole).output == output)
    #expect(
      try base.expansion(into: attention(heads: 2, width: 10), input: adjacent).output
        == CloningProfile(units: 10, copies: 2))
    #expect(
      throws: CloningError.unequalProfiles(
        layer: "attention", .init("what it receives", adjacent), .init("what it takes", whole))
    ) { try base.expansion(into: attention(heads: 4, width: 5), input: adjacent) }
    #expect(throws: CloningError.self) {
      try base.expansion(into: attention(heads: 2, width: 10), input: whole)
    }
  }

  @Test func nothingIsWrittenUnlessTheWholeCloneFits() throws {
    let base = MLPSpecification(inputSize: 3, hiddenSizes: [2, 2], classes: 2)
    var other = base.cloned(by: 2)
    other.classes = 4
    let clone = other.makeNetwork(of: Double.self)
    let network = base.makeNetwork(of: Double.self)
    network.initialize(seed: 1)
    #expect(throws: CloningError.self) { try network.expand(into: clone) }
    #expect(clone.values.buffer.allSatisfy { $0 == 0 })
  }
}
