import Training

/// The ways in which the runs of a group move their parameters.
struct Optimizers {
  /// Kind and rate, with what is added to some of them.
  private var plain: [String: Set<String>] = [:]
  private var noiseScales: [String: Set<Double>] = [:]
  private var noiseDecays: [String: Set<Double>] = [:]

  mutating func insert(_ optimizer: OptimizerSpecification) {
    let names: [OptimizerSpecification.Kind: String] = [
      .sgd: "SGD", .adam: "Adam", .rmsprop: "RMSprop", .noisySGD: "noisy SGD",
    ]
    let name = "\(names[optimizer.kind] ?? optimizer.kind.rawValue) \(optimizer.learningRate)"
    var additions: Set<String> = []
    if let momentum = optimizer.momentum, momentum > 0 { additions.insert("momentum \(momentum)") }
    if optimizer.asCloneBy != nil { additions.insert("rescaled") }
    if optimizer.gradientNoise != nil { additions.insert("gradient noise") }
    if optimizer.l2ToInitial != nil { additions.insert("L2 towards the start") }
    if optimizer.shrinkAndPerturb != nil { additions.insert("shrink and perturb") }
    if optimizer.continualBackpropagation != nil { additions.insert("continual backpropagation") }
    plain[name, default: []].formUnion(additions)
    if let scale = optimizer.noiseScale { noiseScales[name, default: []].insert(scale) }
    if let decay = optimizer.noiseDecay { noiseDecays[name, default: []].insert(decay) }
  }

  /// Such as `noisy SGD 0.01 (σ 0.01, 0.02; λ 0.9)`.
  var inWords: String {
    func list(_ symbol: String, _ values: Set<Double>?) -> String? {
      values.map { "\(symbol) " + $0.sorted().map { "\($0)" }.joined(separator: ", ") }
    }
    return plain.sorted { $0.key < $1.key }.map { name, additions in
      let some = additions.isEmpty ? nil : "also with " + additions.sorted().joined(separator: ", ")
      let details = [list("σ", noiseScales[name]), list("λ", noiseDecays[name]), some].compactMap { $0 }
      return name + (details.isEmpty ? "" : " (\(details.joined(separator: "; ")))")
    }.joined(separator: "; ")
  }
}
