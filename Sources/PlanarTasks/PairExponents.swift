import Foundation
import LinearAlgebra

/// Class-pair exponents: how far a network stretches the distances between points of one class, and of two. The poster
/// gives the symbol λ^{k,k′} alone; these are three ways to read it, pair by pair.
package struct PairExponents: Hashable {
  /// Of pairs of one class, and of pairs of two; not a number where there is no pair to speak of.
  package struct Means: Hashable {
    package var within = Double.nan
    package var between = Double.nan
  }

  /// One way to read the exponent: a value for each pair, −∞ where nothing is left of the distance.
  package struct Reading: Hashable {
    let values: [Double]
    let isWithin: [Bool]

    package init(values: [Double], isWithin: [Bool]) {
      self.values = values
      self.isWithin = isWithin
    }

    /// The means over pairs that are alive: one dead pair would make the mean −∞.
    package var means: Means { Means(within: mean(within: true), between: mean(within: false)) }

    /// The means of what became of each pair since `earlier`, over pairs that are alive both times.
    ///
    /// Precondition: the readings are of the same pairs.
    func rates(since earlier: Reading) -> Means {
      let changes = Reading(values: zip(values, earlier.values).map { $0 - $1 }, isWithin: isWithin)
      return changes.means
    }

    /// The share of dead pairs.
    package var dead: Means {
      func share(_ kind: Bool) -> Double {
        let chosen = zip(values, isWithin).filter { $0.1 == kind }.map(\.0)
        return Double(chosen.filter { $0 == -.infinity }.count) / Double(chosen.count)
      }
      return Means(within: share(true), between: share(false))
    }

    private func mean(within kind: Bool) -> Double {
      let chosen = zip(values, isWithin).filter { $0.1 == kind && $0.0.isFinite }.map(\.0)
      return chosen.reduce(0, +) / Double(chosen.count)
    }
  }

  /// log(‖h − h′‖ / ‖x − x′‖), the only one of the three that exists for features without a network.
  let secant: Reading
  /// log Λ₁ in the middle between the two points.
  let field: Reading
  /// log ‖J u‖ there, along the line between them.
  let directional: Reading
  /// The share of middles in which nothing is stretched at all.
  let dead: Double

  /// Points of each class that are paired, each with each.
  static let pointsOfClass = 16

  /// - Parameter points: of all classes, of each of which the first ones are taken.
  init(of points: PlanarPoints, by stretching: Stretching) {
    let chosen = Set(points.labels).sorted().flatMap { label in
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
        secants.append(Stretching.logarithm(square.squareRoot() / Double(distance)))
        middles.append((places[one] + places[other]) / 2)
        directions.append(difference / distance)
        isWithin.append(points.labels[chosen[one]] == points.labels[chosen[other]])
      }
    }
    let field = stretching.field(at: middles, directions: directions)
    secant = Reading(values: secants, isWithin: isWithin)
    self.field = Reading(values: field.largest, isWithin: isWithin)
    directional = Reading(values: field.along, isWithin: isWithin)
    dead = field.dead
  }
}
