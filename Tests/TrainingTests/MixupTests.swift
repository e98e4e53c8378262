import LinearAlgebra
import NeuralNetwork
import Specifications
import Testing

@testable import Training

@Suite struct MixupTests {
  /// Twelve samples of three active classes of five, each filled with its number.
  private static func batch() -> Batch<Float> {
    let batch = Batch<Float>(capacity: 12, inputSize: 4, classes: 5, hasSoftTargets: true)
    batch.activeClasses = [4, 0, 2]
    for row in 0..<12 {
      for place in 0..<4 { batch.inputs[row, place] = Float(row) }
      batch.setLabel([4, 0, 2][row % 3], ofSample: row)
    }
    return batch
  }

  private static func mixed(_ specification: MixupSpecification, step: UInt64 = 3) -> Contents {
    let batch = batch()
    Mixer(specification, capacity: 12, inputSize: 4, seed: 7).mix(batch, step: step)
    return Contents(batch)
  }

  /// What a batch holds: its memory ends with it.
  private struct Contents: Equatable {
    let inputs: [[Float]]
    let targets: [[Float]]

    init(_ batch: Batch<Float>) {
      func rows(_ matrix: Matrix<Float>) -> [[Float]] {
        (0..<matrix.rows).map { row in (0..<matrix.columns).map { matrix[row, $0] } }
      }
      inputs = rows(batch.inputs)
      targets = batch.targets.map(rows) ?? []
      withExtendedLifetime(batch) {}
    }
  }

  @Test(arguments: [MixupSpecification.Labels.printed, .centred], [0.1, 0.5, -0.2])
  func targetsFollowTheRules(_ labels: MixupSpecification.Labels, _ margin: Double) {
    let specification = MixupSpecification(labels: labels, margin: margin)
    var kinds: Set<String> = []
    for step in 0..<20 {
      let batch = Self.mixed(specification, step: UInt64(step))
      let targets = batch.targets
      for row in 0..<12 {
        #expect(abs(targets[row].reduce(0, +) - 1) < 1e-6)
        #expect(targets[row][1] == 0 && targets[row][3] == 0, "inactive classes")
        let own = Int([4, 0, 2][row % 3])
        let value = batch.inputs[row][0]
        #expect(batch.inputs[row].allSatisfy { $0 == value })
        let inside = (0..<12).filter { $0 % 3 == row % 3 }
        // A sample that is mixed with one of another class keeps m of itself, in inputs and in targets alike.
        let others = (0..<12).filter { $0 % 3 != row % 3 }.filter { other in
          let m = targets[row][own]
          return abs(m * Float(row) + (1 - m) * Float(other) - value) < 1e-4
            && abs(targets[row][Int([4, 0, 2][other % 3])] - (1 - m)) < 1e-6
        }
        if others.isEmpty {
          kinds.insert("within")
          // Or with one of its own: for some m the target is the rule's.
          let possible = inside.contains { other in
            guard other != row else { return abs(value - Float(row)) < 1e-5 }
            let m = Double((value - Float(other)) / Float(row - other))
            return (-1e-5...1 + 1e-5).contains(m)
              && abs(Double(targets[row][own]) - specification.sureness(at: m)) < 1e-4
          }
          #expect(possible, "\(step) \(row)")
        } else {
          kinds.insert("between")
        }
      }
    }
    #expect(kinds == ["within", "between"])
  }

  /// The two rules at the ends and in the middle, worked out by hand for M = 0.2.
  @Test func surenessIsTheFormulas() {
    let printed = MixupSpecification(labels: .printed, margin: 0.2)
    let centred = MixupSpecification(labels: .centred, margin: 0.2)
    #expect([0, 0.25, 0.5, 1].map { (printed.sureness(at: $0) * 1e9).rounded() / 1e9 } == [1, 1.05, 1.1, 1])
    #expect(
      [0, 0.25, 0.5, 1].map { (centred.sureness(at: $0) * 1e9).rounded() / 1e9 } == [0.9, 0.95, 1, 0.9])
  }

  @Test func drawsBelongToSeedAndStep() {
    let specification = MixupSpecification()
    #expect(Self.mixed(specification) == Self.mixed(specification))
    #expect(Self.mixed(specification) != Self.mixed(specification, step: 4))
    // What is left out changes nothing of the rest.
    let (both, between) = (Self.mixed(specification), Self.mixed(MixupSpecification(within: false)))
    let same = (0..<12).filter { both.targets[$0] == between.targets[$0] }
    #expect(!same.isEmpty && same.count < 12)
    for row in same { #expect(both.inputs[row] == between.inputs[row]) }
  }

  /// Weights of pairs are those of Beta(α, α): mean 1/2, variance 1/(4(2α + 1)).
  @Test(arguments: [0.2, 0.5, 1, 2]) func weightsHaveTheirConcentration(_ concentration: Double) {
    let specification = MixupSpecification(within: false, concentration: concentration)
    var weights: [Double] = []
    for step in 0..<600 {
      let batch = Self.mixed(specification, step: UInt64(step))
      for (row, target) in batch.targets.enumerated() {
        let own = Double(target[[4, 0, 2][row % 3]])
        // The rest are pairs of one class, which stay as they are.
        if target.filter({ $0 != 0 }).count == 2 { weights.append(own) }
      }
    }
    let count = Double(weights.count)
    let mean = weights.reduce(0, +) / count
    let variance = weights.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / count
    let expected = 1 / (4 * (2 * concentration + 1))
    // Some 5,000 pairs; ends that round to 0 or 1 are left out where α is small.
    #expect(weights.count > 3_500 && abs(mean - 0.5) < 0.02)
    #expect(abs(variance - expected) < 0.05 * expected)
  }

  @Test func labelsAreSmoothedWithoutMixing() {
    let batch = Self.mixed(MixupSpecification(between: false, within: false, smoothing: 0.3))
    #expect(batch.inputs == Contents(Self.batch()).inputs)
    for (row, target) in batch.targets.enumerated() {
      let own = Int([4, 0, 2][row % 3])
      for place in [0, 2, 4] { #expect(abs(target[place] - (place == own ? 0.8 : 0.1)) < 1e-6) }
    }
  }

  @Test func whatMixesNothingIsRefused() {
    #expect(throws: SpecificationProblem.self) {
      try MixupSpecification(between: false, within: false).validate()
    }
    #expect(throws: SpecificationProblem.self) { try MixupSpecification(margin: 2).validate() }
    #expect(throws: SpecificationProblem.self) { try MixupSpecification(smoothing: 1).validate() }
    #expect(throws: SpecificationProblem.self) { try MixupSpecification(concentration: 0.01).validate() }
    #expect(throws: SpecificationProblem.self) {
      try MixupSpecification(between: false, within: false, smoothing: 0.1, concentration: 1).validate()
    }
  }
}
