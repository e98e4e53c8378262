import LinearAlgebra

/// Where the weights of one unit lie in a row of the next layer's weight.
struct OutgoingWeights {
  /// Neighbouring weights of a unit in a convolution, 1 in a linear layer.
  var taps = 1
  /// Pixels of a unit's image, if it is flattened.
  var positions = 1
  /// Adjacent channels that stay together at each pixel, see ``FlattenImage``.
  var copies = 1

  /// First place, number and distance.
  func run(of unit: Int) -> (start: Int, count: Int, stride: Int) {
    positions > 1
      ? (unit / copies * positions * copies + unit % copies, positions, copies) : (unit * taps, taps, 1)
  }
}

/// One hidden layer, as continual backpropagation sees it: weights in front, features, weights behind, and what is
/// remembered of its units.
final class ReplacementSite<Scalar: Real> {
  /// As in a checkpoint: that of the layer whose outputs are the features.
  let name: String
  /// A row for each sample, or pixel of a sample, of the last pass.
  var features: Matrix<Scalar> { read() }
  let outgoing: OutgoingWeights
  let outgoingWeight: Parameter<Scalar>
  let outgoingBias: Parameter<Scalar>?
  /// Weight and bias in front, scale and shift of a normalisation between: a row or an entry each unit.
  let incomingTensors: [Parameter<Scalar>]

  let age: Matrix<Scalar>
  let mean: Matrix<Scalar>
  let utility: Matrix<Scalar>
  let account: Matrix<Scalar>

  private let read: () -> Matrix<Scalar>
  private let incomingWeight: Parameter<Scalar>
  private let normalization: (any NormalizationLayer<Scalar>)?
  private let key: RandomStream.Key
  private let memory: Arena<Scalar>
  /// Averages of a batch, a row each: activation, distance from the mean; then sums of |w_out| by column.
  private let averages: Matrix<Scalar>
  private let columnSums: Matrix<Scalar>
  private var units: Int { incomingWeight.rows }

  /// - Parameters:
  ///   - middle: the layers between the two stages.
  private init(
    _ feature: (name: String, read: () -> Matrix<Scalar>), from first: WeightedStage<Scalar>,
    to next: WeightedStage<Scalar>, middle: [any Layer<Scalar>], seed: UInt64
  ) {
    (name, read) = feature
    incomingWeight = first.parameters[0]
    normalization =
      first.normalization ?? middle.lazy.compactMap { $0 as? any NormalizationLayer<Scalar> }.first
    incomingTensors = first.parameters + (normalization?.parameters ?? [])
    outgoingWeight = next.parameters[0]
    outgoingBias = next.parameters.count > 1 ? next.parameters[1] : nil
    var outgoing = OutgoingWeights()
    outgoing.taps = outgoingWeight.shape.dropFirst(2).reduce(1, *)
    if let flatten = middle.lazy.compactMap({ $0 as? FlattenImage<Scalar> }).first {
      outgoing.positions = flatten.positions
      outgoing.copies = flatten.copies
    }
    self.outgoing = outgoing
    key = RandomStream.Key(seed: seed, purpose: "replacement/\(first.name)")
    let units = incomingWeight.rows
    let columns = outgoingWeight.columns
    memory = Arena(
      capacity: 6 * Arena<Scalar>.footprint(rows: 1, columns: units)
        + Arena<Scalar>.footprint(rows: 1, columns: 1)
        + Arena<Scalar>.footprint(rows: 1, columns: columns))
    age = memory.take(rows: 1, columns: units)
    mean = memory.take(rows: 1, columns: units)
    utility = memory.take(rows: 1, columns: units)
    account = memory.take(rows: 1, columns: 1)
    averages = memory.take(rows: 2, columns: units)
    columnSums = memory.take(rows: 1, columns: columns)
  }

  /// The hidden layers of `network` with their features.
  static func all(
    in network: Network<Scalar>, features: [String]?, seed: UInt64
  ) throws -> [ReplacementSite] {
    let stages = try WeightedStage.all(in: network)
    var unused = features ?? []
    var sites: [ReplacementSite] = []
    for (first, next) in zip(stages, stages.dropFirst()) {
      let between = first.index == next.index ? 0..<0 : first.index + 1..<next.index
      let candidates = between.filter { !isReordering(network.layers[$0]) }
      let chosen: Int?
      if features == nil {
        chosen = candidates.last
      } else {
        chosen = candidates.first { unused.contains(network.layers[$0].name) }
        unused.removeAll { $0 == chosen.map { network.layers[$0].name } }
      }
      let feature: (name: String, read: () -> Matrix<Scalar>)
      if let chosen {
        feature = (network.layers[chosen].name, { [unowned network] in network.output(of: chosen) })
      } else if features == nil, let read = first.features {
        feature = (first.name, read)
      } else {
        continue
      }
      sites.append(
        ReplacementSite(
          feature, from: first, to: next, middle: between.map { network.layers[$0] }, seed: seed))
    }
    if let name = unused.first { throw ContinualBackpropagationError.unsuitableFeatures(name: name) }
    return sites
  }

  /// Whether a layer's outputs are no features of their own: the same as before, thinned out or in another order.
  private static func isReordering(_ layer: any Layer<Scalar>) -> Bool {
    layer is Dropout<Scalar> || layer is Flatten<Scalar> || layer is FlattenImage<Scalar>
  }

  /// Lets all units age by a batch whose features are given.
  ///
  /// - Returns: how many units are to be replaced.
  func observe(_ features: Matrix<Scalar>, settings: ContinualBackpropagation<Scalar>.Settings) -> Int {
    ReplacementKernels.setColumnSums(of: features, into: averages)
    ReplacementKernels.setAbsoluteColumnSums(of: outgoingWeight.value, into: columnSums)
    ReplacementKernels.averageActivations(
      averages, rows: features.rows, age: age, mean: mean, decay: settings.decay)
    ReplacementKernels.addDistances(of: features, to: averages)
    ReplacementKernels.averageUtilities(
      utility, distances: averages, rows: features.rows, incoming: incomingWeight.value,
      outgoingSums: columnSums.elements, outgoingRows: outgoingWeight.rows, outgoing: outgoing,
      decay: Scalar(settings.decay))
    let eligible = ReplacementKernels.count(age, above: Scalar(settings.maturity))
    // What is due but finds no eligible unit stays on the account.
    account[0, 0] += Scalar(settings.replacementRate * Double(eligible))
    let due = min(Int(account[0, 0]), eligible)
    account[0, 0] -= Scalar(due)
    return due
  }

  /// The eligible unit of lowest utility, corrected for its age; the first of equals.
  func leastUsefulUnit(settings: ContinualBackpropagation<Scalar>.Settings) -> Int? {
    var best: (unit: Int, utility: Scalar)?
    for unit in 0..<units where isEligible(unit, settings) {
      let corrected = utility[0, unit] / correction(unit, settings)
      if best.map({ corrected < $0.utility }) ?? true { best = (unit, corrected) }
    }
    return best?.unit
  }

  /// f̂.
  func correctedMean(of unit: Int, settings: ContinualBackpropagation<Scalar>.Settings) -> Scalar {
    mean[0, unit] / correction(unit, settings)
  }

  func drawIncomingWeights(of unit: Int, gain: Double, step: UInt64, number: Int) {
    let columns = incomingWeight.columns
    let bound = Scalar(gain * (3 / Double(columns)).squareRoot())
    // Steps are far fewer than 2⁴⁰, and no layer has 2²⁴ units.
    var stream = RandomStream(key, index: step << 24 | UInt64(number))
    Scalar.fillUniform(
      .init(start: incomingWeight.value.elements + unit * columns, count: columns), from: -bound, to: bound,
      drawing: &stream)
  }

  /// Sets what belongs to a unit besides its weights to what it is at the start.
  func restart(_ unit: Int) {
    for parameter in incomingTensors where parameter.shape.count == 1 {
      parameter.value.elements[unit] = 0
    }
    if let normalization {
      normalization.parameters.first?.value.elements[unit] = 1
      for buffer in normalization.buffers where buffer.count == units {
        buffer.value.elements[unit] = buffer.name.hasSuffix("running_var") ? 1 : 0
      }
    }
    age[0, unit] = 0
    mean[0, unit] = 0
    utility[0, unit] = 0
  }

  /// Takes all units for new ones, without touching their weights.
  func forget() {
    for tensor in [age, mean, utility, account] { tensor.fill(with: 0) }
  }

  private func isEligible(_ unit: Int, _ settings: ContinualBackpropagation<Scalar>.Settings) -> Bool {
    age[0, unit] > Scalar(settings.maturity)
  }

  /// 1 − ηᵃ.
  private func correction(_ unit: Int, _ settings: ContinualBackpropagation<Scalar>.Settings) -> Scalar {
    Scalar(1 - OptimizerKernels.power(settings.decay, UInt64(age[0, unit])))
  }
}
