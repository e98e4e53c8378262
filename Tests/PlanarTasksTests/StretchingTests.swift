import Foundation
import LinearAlgebra
import NeuralNetwork
import Testing

@testable import PlanarTasks

@Suite struct StretchingTests {
  private static func network(_ activation: ActivationKind, width: Int = 5) -> Network<Float> {
    let network = MLPSpecification(
      inputSize: 2, hiddenSizes: [16, 12, width], classes: 2, activation: activation
    )
    .makeNetwork(of: Float.self)
    network.reserve(batchSize: 8, retaining: .outputs)
    network.initialize(seed: 3)
    return network
  }

  private static let points: [SIMD2<Float>] = (0..<19).map {
    SIMD2(Float(sin(Double($0) * 1.7)), Float(cos(Double($0) * 0.9)))
  }

  /// The representation of a point, in Double: the network's own numbers round too much for differences.
  private static func representation(_ point: SIMD2<Double>, of network: Network<Float>, isReLU: Bool)
    -> [Double]
  {
    var current = [point.x, point.y]
    for layer in network.layers.dropLast() {
      guard let linear = layer as? Linear<Float> else { continue }
      current = (0..<linear.outputSize).map { unit in
        var sum = Double(linear.bias.value[0, unit])
        for place in current.indices { sum += Double(linear.weight.value[unit, place]) * current[place] }
        return isReLU ? max(sum, 0) : tanh(sum)
      }
    }
    return current
  }

  @Test(arguments: [ActivationKind.relu, .tanh]) func stretchingsAreThoseOfFiniteDifferences(
    _ activation: ActivationKind
  ) {
    let network = Self.network(activation)
    let stretching = Stretching(network, isReLU: activation == .relu, capacity: 8)
    let directions = Self.points.indices.map {
      SIMD2(Float(cos(Double($0))), Float(sin(Double($0))))
    }
    let field = stretching.field(at: Self.points, directions: directions)
    #expect(field.largest.count == 19 && field.along.count == 19 && stretching.depth == 3)
    for (index, point) in Self.points.enumerated() {
      func difference(_ direction: SIMD2<Double>) -> Double {
        let (middle, step) = (SIMD2<Double>(point), 1e-6)
        let one = Self.representation(middle + step * direction, of: network, isReLU: activation == .relu)
        let other = Self.representation(middle - step * direction, of: network, isReLU: activation == .relu)
        return zip(one, other).map { ($0 - $1) * ($0 - $1) }.reduce(0, +).squareRoot() / (2 * step)
      }
      #expect(abs(field.along[index] - log(difference(SIMD2<Double>(directions[index])))) < 1e-4)
      // The largest over all directions of the plane.
      let largest = (0..<720).map {
        difference(SIMD2(cos(Double($0) * .pi / 720), sin(Double($0) * .pi / 720)))
      }.max()
      #expect(abs(field.largest[index] - log(largest ?? 0)) < 1e-4)
    }
  }

  @Test func whatIsDeadIsSaidToBe() {
    let network = Self.network(.relu)
    for parameter in network.parameters where parameter.name == "linear_3.bias" {
      parameter.parameter.value.fill(with: -100)
    }
    let field = Stretching(network, isReLU: true, capacity: 8).field(at: Self.points)
    #expect(abs(field.dead - 1) < 1e-9 && field.largest.allSatisfy { $0 == -.infinity })
  }

  @Test func aRepresentationIsTheNetworks() {
    let network = Self.network(.tanh)
    let stretching = Stretching(network, isReLU: false, capacity: 8)
    let rows = stretching.represent(Self.points.prefix(8))
    for row in 0..<8 {
      let expected = Self.representation(SIMD2<Double>(Self.points[row]), of: network, isReLU: false)
      for unit in 0..<5 { #expect(abs(Double(rows[row, unit]) - expected[unit]) < 1e-6) }
    }
  }
}
