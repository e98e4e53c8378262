import LinearAlgebra
import Specifications

/// `continualBackpropagation`: what a block says of ``ContinualBackpropagation``, in networks of linear and
/// convolutional layers in a row, skips aside.
public struct ContinualBackpropagationRemedy: Remedy {
  public static let key = "continualBackpropagation"
  public static let name = "continual backpropagation"

  /// ρ, replacements a step for each eligible unit, in [0, 1].
  public var replacementRate: Double
  /// Steps that a unit must have lived before it can be replaced. Not negative.
  public var maturity: Int
  /// η of the running averages, in [0, 1).
  public var decay: Double
  /// Fresh incoming weights are uniform in ± gain · √(3 / fan-in); √2, Kaiming's for ReLU, if absent. Positive.
  public var gain: Double?

  public init(
    replacementRate: Double = 1e-4, maturity: Int = 100, decay: Double = 0.99, gain: Double? = nil
  ) {
    self.replacementRate = replacementRate
    self.maturity = maturity
    self.decay = decay
    self.gain = gain
  }

  public func validate() throws(SpecificationProblem) {
    try require(replacementRate, in: 0...1, "replacementRate")
    try require(maturity, in: 0...1_000_000_000_000, "maturity")
    try require(decay, in: 0..<1, "decay")
    if let gain { try requirePositive(gain, "gain") }
  }

  public func validate(for model: AnyModel) throws(SpecificationProblem) {
    guard !model.hasReplaceableUnits else { return }
    let suitable = ModelRegistry.standard.elements.filter { $0.hasReplaceableUnits }.map { $0.architecture }
    throw SpecificationProblem(
      "",
      "replaces units of linear layers and convolutions in a row: it works on "
        + "\(suitable.joined(separator: " and ")), not on \(model.architecture)")
  }

  public func makeOptimizer<Scalar: Real>(
    around inner: any Optimizer<Scalar>, for network: Network<Scalar>, in setting: OptimizerSetting
  ) throws -> any Optimizer<Scalar> {
    try ContinualBackpropagation(network, after: inner, settings: self, seed: setting.seed)
  }
}

/// Continual backpropagation (Dohare et al. 2021; 2024) around another optimiser: after each step, at a slow rate,
/// the hidden units (channels) of lowest utility are replaced by fresh ones.
///
/// Per unit, after a batch: age a ← a + 1; mean activation f ← ηf + (1 − η)h, f̂ = f / (1 − ηᵃ); utility
/// u ← ηu + (1 − η) · |h − f̂| · mean|w_out| / mean|w_in|, û = u / (1 − ηᵃ), where h and |h − f̂| are averaged
/// over the batch and the pixels. Units older than the maturity are eligible; ρ for each of them goes on an account
/// whose whole part is replaced, lowest û first: incoming weights anew, incoming bias 0, the normalisation behind
/// them as at the start, the unit's mean contribution f̂ · w_out moved to the next biases, outgoing weights 0, and
/// the wrapped optimiser forgets all of them (Dohare et al. 2021; paper, appendix B.1.2).
///
/// In a residual network the units are those of every convolution of the main path, and skips are left alone, as in the
/// code of Dohare et al. (2024): a unit of a block's output is what its second convolution adds to the skip, its
/// outgoing weights those of the next block's first convolution.
public final class ContinualBackpropagation<Scalar: Real>: WrappingOptimizer {
  public typealias Settings = ContinualBackpropagationRemedy

  public let inner: any Optimizer<Scalar>
  public let settings: Settings
  /// Replacements so far, since this was made.
  public private(set) var replacements = 0

  /// That of the wrapped optimiser, and for each hidden layer ages, mean activations, utilities and the account.
  public var state: [(name: String, tensor: Matrix<Scalar>)] {
    inner.state
      + sites.flatMap { site in
        [
          ("\(site.name).age", site.age), ("\(site.name).mean_activation", site.mean),
          ("\(site.name).utility", site.utility), ("\(site.name).account", site.account),
        ]
      }
  }

  private let sites: [ReplacementSite<Scalar>]

  /// - Parameters:
  ///   - network: a chain of linear layers, convolutions and layers of these with anything without weights between them.
  ///   - inner: makes the steps, of `network` too.
  ///   - features: names of the layers whose outputs are the features of a hidden layer, one between two layers of
  ///     weights; nil for the last before each layer of weights, dropout and flattening left out, or else what comes out of
  ///     the convolution with its normalisation, skip and rectifier.
  /// - Throws: ``ContinualBackpropagationError``.
  public init(
    _ network: Network<Scalar>, after inner: any Optimizer<Scalar>, settings: Settings = Settings(),
    features: [String]? = nil, seed: UInt64
  ) throws {
    enforce(settings.replacementRate >= 0 && settings.replacementRate <= 1, "a rate in [0, 1]")
    enforce(settings.maturity >= 0, "a maturity that is not negative")
    enforce(settings.decay >= 0 && settings.decay < 1, "a decay in [0, 1)")
    self.inner = inner
    self.settings = settings
    sites = try ReplacementSite.all(in: network, features: features, seed: seed)
  }

  public func restart() {
    inner.restart()
    for site in sites { site.forget() }
    replacements = 0
  }

  public func finish() {
    inner.finish()
    for site in sites {
      let due = site.observe(site.features, settings: settings)
      for number in 0..<due { replace(in: site, number: number) }
    }
  }

  private func replace(in site: ReplacementSite<Scalar>, number: Int) {
    guard let unit = site.leastUsefulUnit(settings: settings) else { return }
    let weights = site.outgoingWeight.value
    let run = site.outgoing.run(of: unit)
    let mean = site.correctedMean(of: unit, settings: settings)
    for row in 0..<weights.rows {
      let start = weights.elements + row * weights.columns + run.start
      let sum = ReplacementKernels.sum(start, count: run.count, stride: run.stride)
      site.outgoingBias?.value.elements[row] += sum * mean
      OptimizerKernels.clear(start, count: run.count, stride: run.stride)
      inner.forget(from: start - network.values.elements, count: run.count, stride: run.stride)
    }
    site.drawIncomingWeights(
      of: unit, gain: settings.gain ?? 2.0.squareRoot(), step: stepsTaken, number: number)
    for parameter in site.incomingTensors {
      let width = parameter.shape.count > 1 ? parameter.columns : 1
      let start = parameter.value.elements + unit * width
      inner.forget(from: start - network.values.elements, count: width, stride: 1)
    }
    site.restart(unit)
    replacements += 1
  }
}

/// Why continual backpropagation cannot work on a network.
public enum ContinualBackpropagationError: Error, Equatable, CustomStringConvertible {
  /// A layer has weights of another kind than linear layers and convolutions.
  case unsupportedLayer(name: String)
  /// No layer of that name has a hidden layer's units as its features, or another one for the same hidden layer
  /// is named too.
  case unsuitableFeatures(name: String)

  public var description: String {
    switch self {
    case .unsupportedLayer(let name):
      "continual backpropagation cannot replace units of layer \(name): neither linear nor made of convolutions"
    case .unsuitableFeatures(let name):
      "layer \(name) does not give the features of a hidden layer, or not alone"
    }
  }
}
