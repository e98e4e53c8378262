import Foundation
import LinearAlgebra

/// Class-pair exponents: how far a network stretches the distances between points of one class, and of two. The poster
/// gives the symbol λ^{k,k′} alone; these are three ways to read it.
struct PairExponents: Hashable {
  /// Of pairs of one class, and of pairs of two.
  struct Means: Hashable {
    var within = 0.0
    var between = 0.0
  }

  /// log(‖h − h′‖ / ‖x − x′‖), the only one of the three that exists for features without a network.
  var secant = Means()
  /// log Λ₁ in the middle between the two points.
  var field = Means()
  /// log ‖J u‖ there, along the line between them.
  var directional = Means()
  /// The share of middles in which nothing is stretched at all.
  var dead = 0.0

  /// Points of each class that are paired, each with each.
  static let pointsOfClass = 16

  /// - Parameter points: of both classes, of which the first ones are taken.
  init(of points: PlanarPoints, by stretching: Stretching) {
    let chosen = (0..<Int32(PlanarTask.classes)).flatMap { label in
      points.labels.indices.filter { points.labels[$0] == label }.prefix(Self.pointsOfClass)
    }
    let places = chosen.map { points.coordinates[$0] }
    let representation = stretching.represent(places)
    var secants: [Double] = []
    var middles: [SIMD2<Float>] = []
    var directions: [SIMD2<Float>] = []
    var isWithin: [Bool] = []
    for one in places.indices {
      for other in 0..<one {
        let difference = places[one] - places[other]
        let distance = (difference * difference).sum().squareRoot()
        guard distance > 0 else { continue }
        var square = 0.0
        for unit in 0..<representation.columns {
          let step = Double(representation[one, unit] - representation[other, unit])
          square += step * step
        }
        secants.append(log(max(square.squareRoot(), Stretching.floor) / Double(distance)))
        middles.append((places[one] + places[other]) / 2)
        directions.append(difference / distance)
        isWithin.append(points.labels[chosen[one]] == points.labels[chosen[other]])
      }
    }
    let field = stretching.field(at: middles, directions: directions)
    func means(_ values: [Double]) -> Means {
      func mean(_ kind: Bool) -> Double {
        let chosen = zip(values, isWithin).filter { $0.1 == kind }.map(\.0)
        return chosen.reduce(0, +) / Double(chosen.count)
      }
      return Means(within: mean(true), between: mean(false))
    }
    secant = means(secants)
    self.field = means(field.largest)
    directional = means(field.along)
    dead = field.dead
  }
}
