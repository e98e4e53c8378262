import LinearAlgebra

/// What all measures of Gaussian shape need of every unit, gathered in one pass over its standardised, sorted values
/// z₁ ≤ … ≤ zₙ, (x − mean) / standard deviation (n − 1).
struct UnitShapes {
  /// How many values a unit has, at least 3.
  let count: Int
  /// The units that are looked at; of zeros there is nothing to see, and of equal ones one is enough.
  private let distinct: DistinctColumns
  /// Which of these are constant up to rounding and have no shape.
  private let isConstant: [Bool]
  /// Σ aᵢ zᵢ with the weights of Shapiro and Wilk.
  private(set) var weightedSums: [Double]
  /// Σ zᵢ⁴.
  private(set) var fourthPowers: [Double]
  /// The largest distance between the empirical and the normal distribution, as Kolmogorov and Smirnov take it.
  private(set) var distances: [Double]
  /// Σ (2i − 1) log Φ(zᵢ) + (2n − 2i + 1) log(1 − Φ(zᵢ)), as Anderson and Darling take it.
  private(set) var logarithms: [Double]

  private typealias Vector = NormalTails.Vector

  /// Of samples × units. Precondition: as many samples as ``ShapiroWilk`` has weights for.
  ///
  /// - Parameter distinct: the columns of `matrix`.
  init(of matrix: Matrix<Double>, distinct: DistinctColumns) {
    let moments = UnitMoments(of: matrix)
    let units = distinct.places.count
    count = matrix.rows
    self.distinct = distinct
    isConstant = distinct.places.map(moments.isConstant)
    weightedSums = [Double](repeating: 0, count: units)
    fourthPowers = weightedSums
    distances = weightedSums
    logarithms = weightedSums
    // Lengths that a single-precision number cannot have are no activations of a network.
    let isSingle =
      distinct.isSinglePrecision
      && distinct.places.allSatisfy {
        moments.means[$0].magnitude < 1e30 && moments.squaredDeviations[$0] < 1e60
      }
    if isSingle {
      gather(matrix, moments, as: SIMD16<Float>.self)
    } else {
      gather(matrix, moments, as: SIMD8<Double>.self)
    }
  }

  private mutating func gather<Lanes: SortedLanes>(
    _ matrix: Matrix<Double>, _ moments: UnitMoments, as type: Lanes.Type
  ) {
    let weights = ShapiroWilk.weights(count: count)
    let places = distinct.places
    withUnsafeTemporaryAllocation(of: Lanes.self, capacity: count) { lanes in
      for first in stride(from: 0, to: places.count, by: Lanes.scalarCount) {
        places[first..<min(first + Lanes.scalarCount, places.count)].withUnsafeBufferPointer { places in
          for row in 0..<count {
            lanes.initializeElement(
              at: row, to: Lanes(matrix.elements + row * matrix.columns, at: places))
          }
        }
        SortingNetwork.sort(lanes)
        for part in 0..<Lanes.scalarCount / Vector.scalarCount {
          measure(
            lanes, part: part, moments: moments, weights: weights, first: first + part * Vector.scalarCount)
        }
      }
    }
  }

  /// - Parameters:
  ///   - part: which eight of the lanes.
  ///   - first: the first of these units among the distinct ones.
  private mutating func measure<Lanes: SortedLanes>(
    _ lanes: UnsafeMutableBufferPointer<Lanes>, part: Int, moments: UnitMoments, weights: [Double], first: Int
  ) {
    let width = min(Vector.scalarCount, distinct.places.count - first)
    guard width > 0 else { return }
    // Constant units become zeros.
    var means = Vector()
    var scales = Vector()
    for lane in 0..<width where !isConstant[first + lane] {
      means[lane] = moments.means[distinct.places[first + lane]]
      scales[lane] = 1 / moments.standardDeviation(distinct.places[first + lane])
    }
    let step = 1 / Double(count)
    var weighted = Vector()
    var fourth = Vector()
    var distance = Vector()
    var logarithm = Vector()
    for row in 0..<count {
      let z = (lanes[row].doubles(part) - means) * scales
      weighted += z * weights[row]
      let square = z * z
      fourth += square * square
      let isLow = z .< 0
      let tails = NormalTails(beyond: z.replacing(with: -z, where: isLow))
      let probability = (1 - tails.tail).replacing(with: tails.tail, where: isLow)
      let before = Double(row) * step
      let above = Double(2 * (count - row) - 1)
      let excess = probability - before
      let larger = excess.replacing(with: step - excess, where: excess .< step - excess)
      distance.replace(with: larger, where: distance .< larger)
      let below = Double(2 * row + 1)
      let low = tails.logTail * below + tails.logRest * above
      logarithm += (tails.logTail * above + tails.logRest * below).replacing(with: low, where: isLow)
    }
    for lane in 0..<width {
      weightedSums[first + lane] = weighted[lane]
      fourthPowers[first + lane] = fourth[lane]
      distances[first + lane] = distance[lane]
      logarithms[first + lane] = logarithm[lane]
    }
  }

  /// The mean over all units of `shape`, one number a unit that is looked at; constant units, which are as far from
  /// Gaussian as can be, count as `worst`.
  func mean(of shape: [Double], worst: Double) -> Double {
    let silent = distinct.total - distinct.counts.reduce(0, +)
    let sum = shape.indices.reduce(Double(silent) * worst) {
      $0 + Double(distinct.counts[$1]) * (isConstant[$1] ? worst : shape[$1])
    }
    return sum / Double(distinct.total)
  }
}
