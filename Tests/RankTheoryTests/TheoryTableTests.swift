import Activations
import Tables
import Testing

@testable import RankTheory

/// The curves of a computed table.
private struct Curves {
  private let table: Table

  init(_ specification: TheorySpecification) throws {
    try specification.validate()
    table = try TheoryTable.compute(specification) { _ in }
  }

  func points(_ curve: String) throws -> [(x: Double, y: Double)] {
    let rows = table.filter { $0[0] == curve }
    return Array(zip(try rows.numbers("x"), try rows.numbers("y")))
  }

  var names: Set<String> { Set(table.rows.map { $0[0] }) }
}

extension TheorySpecification {
  fileprivate init(_ quantity: Quantity, _ activations: [String]?, points: Int?) {
    self.init(
      quantity: quantity, activations: activations, points: points, sizes: nil, seed: nil, parameter: nil,
      from: nil, to: nil, scales: nil, biases: nil, inputs: nil, slopes: nil, starts: nil, leaver: nil,
      perturbation: nil, duration: nil)
  }
}

@Suite struct TheoryTableTests {
  @Test func theGapLiesAboveItsBound() throws {
    let curves = try Curves(TheorySpecification(.quarticGap, ["linear", "relu", "sign"], points: 21))
    let gap = try curves.points("relu")
    let bound = try curves.points("relu-bound")
    #expect(gap.map(\.x).first == -1 && gap.map(\.x).last == 1 && gap.count == 21)
    #expect(zip(gap, bound).allSatisfy { $0.y >= $1.y - 1e-12 })
    #expect(try curves.points("margin").count == 3)
    #expect(try curves.points("interior-margin").map(\.x) == [1, 2], "the linear one is left out")
    #expect(try curves.points("linear-gap").map(\.x) == [0])
    // δ of the sign is 1 − 2/π.
    #expect(abs(try curves.points("strength")[2].y - 0.363_380_227_632_418_6) < 1e-12)
  }

  @Test func theRankGainsMoreThanItsBound() throws {
    var specification = TheorySpecification(.rankGain, ["relu"], points: 5)
    specification.sizes = [8, 16]
    specification.seed = 3
    let curves = try Curves(specification)
    for size in [8, 16] {
      let ratio = try curves.points("relu-\(size)")
      #expect(ratio.map(\.x) == [0, 0.25, 0.5, 0.75, 1])
      #expect(abs(ratio[0].y - 1) < 1e-12, "the identity gains nothing")
      #expect(ratio[4].y > 1.05)
    }
    #expect(try curves.points("margin").allSatisfy { $0.y >= -1e-12 })
  }

  @Test func modulationIsSampledToo() throws {
    var specification = TheorySpecification(.modulation, ["relu"], points: 31)
    specification.parameter = "bias"
    specification.from = -2
    specification.to = 1
    let curves = try Curves(specification)
    let exact = try curves.points("relu-strength")
    let sampled = try curves.points("relu-strength-sampled")
    #expect(sampled.map(\.x) == [-2, -1, 0, 1])
    for point in sampled {
      let match = try #require(exact.first { abs($0.x - point.x) < 1e-9 })
      #expect(abs(match.y - point.y) < 0.02)
    }
    #expect(try curves.points("relu-sampling-error").allSatisfy { $0.y < 5 })
    #expect(try curves.points("relu-strength-steps").allSatisfy { $0.y < 0 })
  }

  @Test func theTradeOffCoversItsGrid() throws {
    var specification = TheorySpecification(.tradeOff, ["relu", "leakyReLU"], points: 6)
    specification.scales = [0.5, 2]
    specification.biases = [-4, 4]
    let curves = try Curves(specification)
    #expect(try curves.points("relu").allSatisfy { (0...1).contains($0.x) && (0...1.000_001).contains($0.y) })
    #expect(try curves.points("relu").count > 30)
    // The slope of a leaky unit is never below the threshold.
    #expect(try curves.points("leakyReLU").allSatisfy { $0.x == 0 })
  }

  @Test func wrongSpecificationsNameTheirKey() {
    func key(_ change: (inout TheorySpecification) -> Void) -> String? {
      var specification = TheorySpecification(.modulation, ["relu"], points: 5)
      specification.parameter = "bias"
      specification.from = 0
      specification.to = 1
      change(&specification)
      do { try specification.validate() } catch { return error.path }
      return nil
    }
    #expect(key { _ in } == nil)
    #expect(key { $0.activations = [] } == "activations")
    #expect(key { $0.activations = ["rule"] } == "activations")
    #expect(key { $0.points = 1 } == "points")
    #expect(key { $0.parameter = "gain" } == "parameter")
    #expect(key { $0.to = -1 } == "from")
    #expect(key { $0.quantity = .rankGain } == "sizes")
    #expect(key { $0.quantity = .tradeOff } == "scales")
    #expect(key { $0.quantity = .mechanism } == "activations")
  }
}

@Suite struct SmallNetworkTests {
  @Test func saturatedUnitsGetNoGradientAndClonesGetEqualOnes() {
    var network = SmallNetwork(sizes: [3, 4, 2], seed: 1)
    network.freeze(1)
    #expect(network.gradient().incoming[1].allSatisfy { $0 == 0 })
    #expect(network.gradient().incoming[0].contains { $0 != 0 })
    var clones = SmallNetwork(sizes: [3, 4, 2], seed: 1)
    clones.copy(1, to: 2)
    let gradient = clones.gradient()
    #expect(gradient.incoming[1] == gradient.incoming[2])
    #expect(gradient.outgoing.allSatisfy { $0[1] == $0[2] })
    #expect(gradient.incoming[0] != gradient.incoming[1])
  }
}
