import Testing

@testable import RankTheory

@Suite struct TwinNetworkTests {
  static let network = TwinNetwork(inputs: [-3, -2, -1, -0.5, 0.5, 1, 2, 3], slopes: [3, 0.4])

  private typealias Parameters = TwinNetwork.Parameters

  @Test(arguments: [(0.5, 0.5, 0.3), (1.3, -0.7, 0.9), (2.0, 0.1, -1.4), (-1.0, -1.0, 0.6)])
  func theGradientIsThatOfFiniteDifferences(_ first: Double, _ second: Double, _ output: Double) {
    let point = Parameters(first: first, second: second, output: output)
    let gradient = Self.network.gradient(point)
    let step = 1e-5
    func slope(_ direction: Parameters) -> Double {
      (Self.network.loss(point + step * direction) - Self.network.loss(point + (-step) * direction))
        / (2 * step)
    }
    #expect(abs(slope(Parameters(first: 1, second: 0, output: 0)) - gradient.first) < 1e-8)
    #expect(abs(slope(Parameters(first: 0, second: 1, output: 0)) - gradient.second) < 1e-8)
    #expect(abs(slope(Parameters(first: 0, second: 0, output: 1)) - gradient.output) < 1e-8)
  }

  @Test func theTargetIsMetOffThePlane() {
    #expect(Self.network.loss(Parameters(first: 3, second: 0.4, output: 1)) < 1e-30)
    #expect(Self.network.loss(Parameters(first: 0.4, second: 3, output: 1)) < 1e-30)
  }

  @Test func onThePlaneTheGradientIsTangentAndBesideItNot() {
    let on = Self.network.gradient(Parameters(first: 0.9, second: 0.9, output: 0.7))
    #expect(on.normalComponent == 0)
    #expect(abs(on.output) > 1e-3)
    let beside = Self.network.gradient(Parameters(first: 1.4, second: 0.4, output: 0.7))
    #expect(abs(beside.normalComponent) > 1e-3)
  }

  /// Halving the step of a method of fourth order divides the error by about sixteen.
  @Test func theFlowIsOfFourthOrder() {
    let start = Parameters(first: 0.8, second: 0.3, output: 0.5)
    func end(_ count: Int) -> Double {
      (0..<count).reduce(start) { point, _ in Self.network.flow(from: point, time: 0.8 / Double(count)) }
        .output
    }
    let exact = end(512)
    let ratio = (end(4) - exact) / (end(8) - exact)
    #expect(ratio > 10 && ratio < 26, "\(ratio)")
  }

  /// Where flows on the plane end is a minimum within it and a saddle across it.
  @Test func theEndOnThePlaneIsASaddle() {
    var point = Parameters(first: 0.5, second: 0.5, output: 0.3)
    for _ in 0..<10_000 { point = Self.network.flow(from: point, time: 0.05) }
    let loss = Self.network.loss(point)
    for sign in [-1.0, 1.0] {
      let step = sign * 0.05
      #expect(Self.network.loss(point + Parameters(first: step, second: step, output: 0)) > loss)
      #expect(Self.network.loss(point + Parameters(first: 0, second: 0, output: step)) > loss)
      #expect(Self.network.loss(point + Parameters(first: step, second: -step, output: 0)) < loss)
    }
  }
}
