import LinearAlgebra

/// What a layer did on the probe batch, taken in part by part: rows go by, and what is kept of them does not grow
/// with their number.
///
/// All metrics of a layer share one sample, and it gathers once what several of them need: the rows of capped
/// metrics, the moments of units and their products.
public final class LayerSample {
  /// The rows that the sample will have been given in the end.
  public let rows: Int
  public let units: Int
  /// Names the stream that draws the rows of capped metrics.
  public let seed: UInt64
  /// The rows taken in so far.
  public private(set) var rowsTaken = 0
  /// Whether all rows came with gradients, all of them finite.
  private(set) var hasFiniteGradients = true

  private let metrics: [any LayerMetric]
  private var readings: [any LayerReading] = []
  private var pieces: (activations: DoublePieces, gradients: DoublePieces)?
  private var isFinite = true
  private var rowLimit = 0
  private var drawnRows: DrawnRows?
  private var gathersMoments = false
  private var unitMoments: UnitMoments
  private var products: (matrix: Matrix<Double>, arena: Arena<Double>)?
  private var knownShapes: [Int: UnitShapes] = [:]
  private var distinct: DistinctColumns?
  private var knownSpectra: [Int: Spectrum] = [:]

  /// - Parameters:
  ///   - rows: how many rows will come in all.
  ///   - units: columns of each part.
  public init(rows: Int, units: Int, seed: UInt64, metrics: [any LayerMetric]) {
    self.rows = rows
    self.units = units
    self.seed = seed
    self.metrics = metrics
    unitMoments = UnitMoments(units: units)
    readings = metrics.map { $0.makeReading(of: self) }
    if rowLimit > 0 { drawnRows = DrawnRows(of: rows, units: units, limit: rowLimit, seed: seed) }
  }

  /// Takes in the next rows.
  ///
  /// - Precondition: the parts have `units` columns and together no more than `rows` rows; `gradients`, if given,
  ///   has the shape of `activations`.
  public func add<Scalar: Real>(activations: Matrix<Scalar>, gradients: Matrix<Scalar>?) {
    enforce(activations.columns == units, "a column for each unit")
    enforce(rowsTaken + activations.rows <= rows, "no more rows than announced")
    if let gradients {
      enforce(
        gradients.rows == activations.rows && gradients.columns == activations.columns,
        "gradients are of the shape of the activations")
    }
    let pieces = pieces(ofPartsWith: activations.rows)
    let height = pieces.activations.height
    for first in stride(from: 0, to: activations.rows, by: height) {
      let count = min(height, activations.rows - first)
      add(
        LayerRows(
          activations: pieces.activations.piece(of: activations, first: first, count: count),
          gradients: gradients.map { pieces.gradients.piece(of: $0, first: first, count: count) },
          start: rowsTaken))
      rowsTaken += count
    }
  }

  /// Those of the last part if they are high enough.
  private func pieces(
    ofPartsWith rows: Int
  ) -> (activations: DoublePieces, gradients: DoublePieces) {
    if let pieces, pieces.activations.height >= DoublePieces.height(rows: rows, columns: units) {
      return pieces
    }
    let made = (
      activations: DoublePieces(rows: rows, columns: units),
      gradients: DoublePieces(rows: rows, columns: units)
    )
    pieces = made
    return made
  }

  private func add(_ piece: LayerRows) {
    if !piece.activations.isFinite { isFinite = false }
    if piece.gradients?.isFinite != true { hasFiniteGradients = false }
    drawnRows?.add(piece.activations, start: piece.start)
    if gathersMoments { unitMoments.add(piece.activations) }
    products?.matrix.addUpperProduct(ofColumnsOf: piece.activations)
    for reading in readings { reading.add(piece) }
  }

  /// Every metric that is defined, by name, in the order in which the sample was given them: none of an empty
  /// sample or where an activation is not finite.
  ///
  /// - Throws: `SingularValueError` if a decomposition does not converge.
  /// - Precondition: all rows were added.
  public func values() throws -> [(metric: String, value: Double)] {
    enforce(rowsTaken == rows, "all rows were added")
    guard rows * units > 0, isFinite else { return [] }
    return try zip(metrics, readings).compactMap { metric, reading in
      try reading.value(of: self).map { (metric.name, $0) }
    }
  }
}

/// What metrics ask for before the first row, and read after the last.
extension LayerSample {
  /// Has the sample keep the rows of ``withRows(limit:_:)`` and ``shapes(limit:)``.
  func keepRows(limit: Int) { rowLimit = max(rowLimit, limit) }

  /// Has the sample gather ``moments``.
  func gatherMoments() { gathersMoments = true }

  /// Has the sample gather ``unitProducts``.
  func gatherProducts() {
    guard products == nil else { return }
    let arena = Arena<Double>(capacity: Arena<Double>.footprint(rows: units, columns: units))
    products = (arena.take(rows: units, columns: units), arena)
  }

  /// The products of all pairs of units over all rows, units × units, on and above the diagonal.
  var unitProducts: Matrix<Double> {
    guard let products else { fatalError("products are gathered") }
    return products.matrix
  }

  /// Mean and deviation of every unit over all rows.
  var moments: UnitMoments {
    enforce(gathersMoments, "moments are gathered")
    return unitMoments
  }

  /// What measures of Gaussian shape need of every unit, from at most `limit` rows. Precondition: at least three rows.
  func shapes(limit: Int) -> UnitShapes {
    if let known = knownShapes[limit] { return known }
    let result = withRows(limit: limit) { UnitShapes(of: $0, distinct: distinctUnits(of: $0)) }
    knownShapes[limit] = result
    return result
  }

  /// The ranks of at most `limit` rows.
  ///
  /// - Throws: `SingularValueError` if a decomposition does not converge.
  func spectrum(limit: Int) throws -> Spectrum {
    if let known = knownSpectra[limit] { return known }
    let products = rows <= limit ? products?.matrix : nil
    let result = try withRows(limit: limit) {
      try Spectrum(of: $0, distinct: distinctUnits(of: $0), products: products)
    }
    knownSpectra[limit] = result
    return result
  }

  /// The units that differ in `matrix`, some rows of the sample. Those of all rows are looked for once.
  private func distinctUnits(of matrix: Matrix<Double>) -> DistinctColumns {
    guard matrix.rows == rows else { return DistinctColumns(of: matrix) }
    if let distinct { return distinct }
    let result = DistinctColumns(of: matrix)
    distinct = result
    return result
  }

  /// Calls `body` with all activations, or with `limit` rows of them drawn without replacement if there are
  /// more. A smaller limit draws a subset of what a larger one draws.
  func withRows<Result>(limit: Int, _ body: (Matrix<Double>) throws -> Result) rethrows -> Result {
    guard let drawnRows, limit <= rowLimit else { fatalError("the rows are kept") }
    return try drawnRows.withRows(limit: limit, body)
  }
}
