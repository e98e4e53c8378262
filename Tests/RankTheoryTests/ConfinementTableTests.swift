import Activations
import Tables
import Testing

@testable import RankTheory

/// The points of a table by curve.
func curves(of specification: TheorySpecification) throws -> [String: [(x: Double, y: Double)]] {
  try specification.validate()
  var shares: [Double] = []
  let table = try TheoryTable.compute(specification) { shares.append($0) }
  #expect(table.columns == ["curve", "x", "y"])
  let (names, x, y) = (try table.column("curve"), try table.numbers("x"), try table.numbers("y"))
  var result: [String: [(x: Double, y: Double)]] = [:]
  for row in names.indices { result[names[row], default: []].append((x[row], y[row])) }
  return result
}

@Suite struct ConfinementTableTests {
  static let specification = TheorySpecification(
    quantity: .confinement, points: 5, inputs: [-3, -2, -1, -0.5, 0.5, 1, 2, 3], slopes: [3, 0.4],
    starts: [[0.5, 0.3], [2, 1.3]], leaver: [1.9, 0.3], perturbation: 1e-3, duration: 500)

  @Test func theTableHoldsTheGridTheArrowsAndTheFlows() throws {
    let curves = try curves(of: Self.specification)
    #expect(curves.keys.filter { $0.hasPrefix("plane-") }.count == 10)
    #expect(curves.keys.filter { $0.hasPrefix("arrow-") }.count == 16)
    #expect(curves["tangency"]?.count == 16)
    #expect(curves["stay-ends"]?.count == 2)
    #expect(curves["leave-end"]?.count == 1)
    #expect(curves["stay-3"] == nil)
    let last = try #require(curves["leave"]?.last)
    let end = try #require(curves["leave-end"]?.first)
    #expect(last == end)
  }

  @Test func flowsOnThePlaneStayAndTheOneBesideItLeaves() throws {
    let curves = try curves(of: Self.specification)
    #expect(curves["tangency"]?.allSatisfy { $0.y <= 1e-12 } == true)
    #expect(curves["stay-distance"]?.allSatisfy { $0.y <= 1e-12 } == true)
    let distance = try #require(curves["leave-distance"])
    #expect(abs(distance[0].y - 1e-3) < 1e-12)
    #expect(try #require(distance.last).y > 1.3)
    let best = try #require(curves["stay-loss"]?.map(\.y).min())
    #expect(try #require(curves["leave-loss"]?.last).y < best)
  }

  /// What lies beside the plane is not always drawn away from it: that depends on the target.
  @Test func withSlopesOfOppositeSignTheFlowStaysBeside() throws {
    var specification = Self.specification
    specification.slopes = [2, -0.5]
    specification.leaver = [0.5, 0.3]
    specification.duration = 1500
    let distances = try #require(try curves(of: specification)["leave-distance"]).map(\.y)
    #expect(distances.allSatisfy { $0 < 0.01 })
  }

  @Test func theLossNeverRisesAlongAFlow() throws {
    let losses = try #require(try curves(of: Self.specification)["leave-loss"])
    for (before, after) in zip(losses, losses.dropFirst()) { #expect(after.y <= before.y) }
  }

  @Test func arrowsAreOfOneLength() throws {
    let curves = try curves(of: Self.specification)
    let lengths = curves.filter { $0.key.hasPrefix("arrow-") }.map { _, points in
      let (dx, dy) = (points[1].x - points[0].x, points[1].y - points[0].y)
      return (dx * dx + dy * dy).squareRoot()
    }
    let first = try #require(lengths.first)
    for length in lengths { #expect(abs(length - first) < 1e-12) }
  }

  @Test func whatCannotBeComputedIsRefused() {
    func key(_ change: (inout TheorySpecification) -> Void) -> String? {
      var specification = Self.specification
      change(&specification)
      do { try specification.validate() } catch { return error.path }
      return nil
    }
    #expect(key { _ in } == nil)
    #expect(key { $0.activations = ["relu"] } == "activations")
    #expect(key { $0.points = nil } == "points")
    #expect(key { $0.inputs = [] } == "inputs")
    #expect(key { $0.slopes = [1, 1] } == "slopes")
    #expect(key { $0.starts = [[1]] } == "starts")
    #expect(key { $0.leaver = [1, 9] } == "leaver")
    #expect(key { $0.perturbation = 0 } == "perturbation")
    #expect(key { $0.duration = 0 } == "duration")
    #expect(key { $0.quantity = .quarticGap } == "activations")
    #expect(key { $0.quantity = .mechanism } == "points")
  }
}
