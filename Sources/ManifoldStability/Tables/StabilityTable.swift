import ContentStore
import ImageBatches
import LinearAlgebra
import NeuralNetwork
import Plasticity
import PreparedImages
import Specifications
import Tables
import Training

/// The curvature of the loss across and along the cloning manifold at every snapshot of a run, and how fast a
/// pushed clone leaves: `curves.csv`.
///
/// Over epochs: `normal-smallest`, `normal-largest`, `tangent-smallest`, `tangent-largest` (eigenvalues),
/// `share` (largest absolute normal over tangent), `asymmetry` (|λmin + λmax| over the larger of the two, normal),
/// `saddle` (1 if the classification is saddle, else 0), `converged`, `predicted-rate` (−rate · λmin) and
/// `measured-rate` where there is one. Over steps after the push: `escape-first` and `escape-last`, the relative
/// distance from the manifold at the first and at the last snapshot.
public enum StabilityTable {
  /// Computes the table.
  ///
  /// - Parameters:
  ///   - file: gives the verified path of a file of the run.
  ///   - checkpoint: keeps what was computed, from which an interrupted computation goes on.
  ///   - report: told how many snapshots are done and how many there are; what it throws ends the work.
  /// - Throws: what reading a snapshot, the projection or Lanczos throws.
  public static func compute(
    _ specification: StabilitySpecification, dataSet: PreparedDataSet, snapshots: [SnapshotName],
    file: (String) throws -> String, checkpoint: RowCheckpoint? = nil, report: (Int, Int) throws -> Void
  ) throws -> Table {
    let extent = try specification.model.widened(by: specification.options.factor).validate(
      for: dataSet.shape, classes: dataSet.classCount, batchSize: specification.options.images,
      of: Double.self)
    // Lanczos keeps some vectors as long as the parameters, which count as much again.
    try requireMemory(saturatedProduct(2, extent.bytes), "model")
    let batches = try batches(dataSet: dataSet, options: specification.options)
    var table = Table(columns: ["curve", "x", "y"], rows: checkpoint?.rows ?? [])
    func add(_ curve: String, _ x: Int, _ y: Double) { table.append([curve, "\(x)", "\(y)"]) }

    for (index, name) in snapshots.enumerated().dropFirst(checkpoint?.done ?? 0) {
      let (clone, expansion) = try clone(
        of: Snapshot(contentsOf: try file("snapshots/" + name.fileName)), specification, dataSet: dataSet)
      clone.reserve(batchSize: batches[0].count)
      let stability = try StabilityReport(
        of: clone, expansion: expansion, batch: batches[0],
        lanczos: Lanczos(seed: specification.seed))
      guard let normal = stability.normal else { continue }
      add("normal-smallest", name.epoch, normal.smallest)
      add("normal-largest", name.epoch, normal.largest)
      add("tangent-smallest", name.epoch, stability.tangent.smallest)
      add("tangent-largest", name.epoch, stability.tangent.largest)
      add("share", name.epoch, stability.normalToTangentRatio ?? 0)
      add("asymmetry", name.epoch, abs(normal.smallest + normal.largest) / normal.radius)
      add("saddle", name.epoch, stability.classification == .saddle ? 1 : 0)
      add("converged", name.epoch, stability.isConverged ? 1 : 0)

      let isEnd = index == 0 || index == snapshots.count - 1
      if isEnd {
        let options = specification.options
        let escape = EscapeRate(
          of: clone, expansion: expansion, batches: batches,
          following: .init(
            relativeSize: options.push, seed: specification.seed, learningRate: options.learningRate,
            steps: options.steps))
        let curve = index == 0 ? "escape-first" : "escape-last"
        for (step, distance) in escape.distances.enumerated() where step % 10 == 0 {
          add(curve, step, distance)
        }
        add("predicted-rate", name.epoch, -options.learningRate * normal.smallest)
        if let rate = escape.rate { add("measured-rate", name.epoch, rate) }
      }
      try checkpoint?.keep(done: index + 1, rows: table.rows)
      do { try report(index + 1, snapshots.count) } catch {
        try checkpoint?.write()
        throw error
      }
    }
    return table
  }

  /// The clone of a snapshot's network, in double precision, and how it repeats it.
  private static func clone(
    of snapshot: Snapshot, _ specification: StabilitySpecification, dataSet: PreparedDataSet
  ) throws -> (Network<Double>, NetworkExpansion) {
    let description = specification.model.network(for: dataSet.shape, classes: dataSet.classCount)
    let base = description.makeNetwork(of: Double.self)
    try base.load(snapshot)
    let clone = try cloned(base, specification: description, factor: specification.options.factor)
    return (clone, try base.expansion(into: clone))
  }

  /// The first training images as they are, batch by batch.
  private static func batches(dataSet: PreparedDataSet, options: StabilityOptions) throws -> [Batch<Double>] {
    let count = options.images * options.batches
    guard count <= dataSet.training.count else {
      throw TrainingError.tooFewImages(
        field: "examine.images × examine.batches", wanted: count, available: dataSet.training.count)
    }
    let assembler = BatchAssembler<Double>(split: dataSet.training)
    let indices = (0..<Int32(count)).map { $0 }
    return (0..<options.batches).map { number in
      let batch = Batch<Double>(
        capacity: options.images, inputSize: dataSet.shape.count, classes: dataSet.classCount)
      let first = number * options.images
      assembler.assemble(indices[first..<first + options.images], epoch: 0, position: 0, into: batch)
      return batch
    }
  }
}
