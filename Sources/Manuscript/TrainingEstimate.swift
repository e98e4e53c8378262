import Experiments

/// Roughly how many floating-point operations a run takes, for `make status`.
struct TrainingEstimate {
  private let weights: [Double]
  private let specification: TrainingSpecification
  private let images: Double

  init(_ specification: TrainingSpecification, source: PlannedDataSource) {
    let widths = [source.imageSize] + specification.model.hiddenSizes + [source.classes]
    weights = zip(widths, widths.dropFirst()).map { Double($0 * $1) }
    images = Double(specification.data.trainingImages ?? source.trainingImages)
    self.specification = specification
  }

  /// Two operations a weight forward, two for its gradient, two for its input's gradient (not in the first
  /// layer).
  var trainingCost: Double {
    (6 * weights.reduce(0, +) - 2 * weights[0]) * images * Double(specification.epochs)
  }

  /// Dominated by Lanczos: some 150 Hessian products, each two gradients, of clones with twice the width.
  func examiningCost(images: Int, steps: Int) -> Double {
    let snapshots = Double(specification.epochs / specification.snapshotEvery + 1)
    let gradient = 6 * 3 * weights.reduce(0, +) * Double(images)
    return gradient * (300 * snapshots + 2 * Double(steps))
  }

  /// Dominated by a singular value decomposition for every module and probe.
  func measuringCost(probeImages: Int) -> Double {
    let snapshots = Double(specification.epochs / specification.snapshotEvery + 1)
    let decompositions = specification.model.hiddenSizes.map {
      Double(probeImages) * Double($0 * $0) * 40
    }
    return snapshots * 3 * decompositions.reduce(0, +)
  }
}
