import LinearAlgebra
import NeuralNetwork
import PlasticityMetrics
import Testing

@testable import Plasticity

@Suite("The certificate")
struct CertificateTests {
  @Test(
    "holds for clones and clones of clones of every architecture, with batch statistics and without",
    arguments: Architecture.allCases, normalizations)
  func clones(architecture: Architecture, normalization: Normalization) throws {
    for affine in normalization == .none ? [true] : [true, false] {
      let base = try Trial<Double>.base(
        architecture.specification(normalization: normalization, affine: affine))
      for factors in [[2], [3], [4], [2, 2], [2, 3]] {
        let clone = try base.cloned(factors: factors)
        let copies = factors.reduce(1, *)
        for mode in [StepContext.Mode.training, .evaluation] {
          base.pass(mode)
          clone.pass(mode)
          let certificate = clone.certificate(base: base)
          #expect(certificate.failures(tolerance: 1e-10) == [], "\(factors), affine: \(affine)")
          #expect(certificate.gradients.fromBlockwiseConstant < 1e-10)
          #expect(certificate.parameters.isEquitable(tolerance: 1e-15))
          #expect(certificate.copiedLayers.count >= clone.network.layers.count - 2)
          #expect(certificate.copiedLayers.allSatisfy { $0.profile.copies == copies })
        }
        if factors == [2] { #expect(clone.certificate(cloningR2Released).meanScore > 1 - 1e-8) }
      }
    }
  }

  @Test(
    "holds after steps of gradient descent, momentum and Adam",
    arguments: Architecture.allCases, [Rule.descent, .momentum, .adam])
  func steps(architecture: Architecture, rule: Rule) throws {
    for normalization in normalizations {
      let base = try Trial<Double>.base(architecture.specification(normalization: normalization))
      let clone = try base.cloned(factor: 2)
      let start = clone.values
      clone.train(rule.make(clone.network), steps: 8)
      #expect(largestDifference(clone.values, start) > 1e-3)
      clone.pass()
      let certificate = clone.certificate()
      #expect(certificate.failures(tolerance: 1e-10) == [], "\(normalization)")
      #expect(certificate.parameters.fromBlockwiseConstant < 1e-10)
    }
  }

  @Test(
    "names the layer where one copy of one weight is disturbed", arguments: Architecture.allCases,
    normalizations)
  func disturbance(architecture: Architecture, normalization: Normalization) throws {
    let base = try Trial<Double>.base(architecture.specification(normalization: normalization))
    let clone = try base.cloned(factor: 2)
    base.pass(.probing)
    clone.pass(.probing)
    // Entries that matter: some feed rectifiers that are never open.
    let entries = clone.network.parameters.map { tensor in
      let gradient = tensor.parameter.gradient
      return (0..<gradient.count).max { abs(gradient.elements[$0]) < abs(gradient.elements[$1]) } ?? 0
    }
    for (tensor, entry) in zip(clone.network.parameters, entries) {
      let value = tensor.parameter.value.elements[entry]
      tensor.parameter.value.elements[entry] += 0.5
      clone.passes -= 1
      clone.pass(.probing)
      tensor.parameter.value.elements[entry] = value
      let failures = clone.certificate(base: base).failures(tolerance: 1e-10)
      #expect(failures.first?.place == String(tensor.name.prefix { $0 != "." }), "\(tensor.name)")
      #expect((failures.first?.amount ?? 0) > 1e-8)
      // Inside a block one copy can go wrong and all that receive it be wrong alike.
      switch tensor.name.prefix(3) {
      case "out": #expect(failures.first?.condition == .activationsOfBase)
      case "blo":
        #expect([.equalActivations, .activationsOfBase].contains(failures.first?.condition))
      default: #expect(failures.first?.condition == .equalActivations)
      }
    }
    clone.passes -= 1
    clone.pass(.probing)
    #expect(clone.certificate(base: base).failures(tolerance: 1e-10) == [])
  }

  /// Copies that a layer flattens apart are wired to the weights of others.
  @Test("names the layer that is wired wrongly")
  func flattening() throws {
    let base = try Trial<Double>.base(Architecture.convolutional.specification(normalization: .batch))
    let clone = try base.cloned(factor: 2)
    var shape = try #require(clone.specification as? CNNSpecification)
    shape.copies = 1
    let failures = try certificate(of: shape, with: clone, base: base).failures(tolerance: 1e-10)
    #expect(failures.first?.condition == .equalActivations)
    #expect(failures.first?.place == "flatten")
    #expect(throws: CloningError.self) {
      try Trial(shape.makeNetwork(of: Double.self), specification: shape, base: base.network)
    }
  }

  /// The tensors of one rule of attention have the shapes of the other's.
  @Test("names the block whose heads are cut out of the units of another rule")
  func heads() throws {
    let shape = try #require(
      Architecture.transformer.specification(normalization: .layer) as? VisionTransformerSpecification)
    let base = try Trial<Double>.base(shape)
    let released = try Trial(
      widened(base, shape), specification: shape.cloned(by: 2, attention: .released), base: base.network)
    let failures = try certificate(of: shape.cloned(by: 2), with: released, base: base)
      .failures(tolerance: 1e-10)
    #expect(failures.first?.condition == .activationsOfBase)
    #expect(failures.first?.place == "block_1")
  }

  /// The certificate of a network of `shape` that has the tensors of `clone` and is taken for it.
  private func certificate(
    of shape: some NetworkSpecification, with clone: Trial<Double>, base: Trial<Double>
  ) throws -> CloningCertificate {
    let network = shape.makeNetwork(of: Double.self)
    for (tensor, source) in zip(
      network.parameters + network.buffers, clone.network.parameters + clone.network.buffers)
    {
      tensor.parameter.value.copy(from: source.parameter.value)
    }
    let trial = try Trial(network, specification: shape)
    base.pass(.probing)
    trial.passes = base.passes - 1
    trial.pass(.probing)
    return CloningCertificate(
      of: network, expansion: clone.expansion, base: base.network, score: cloningR2)
  }

  private func widened(
    _ base: Trial<Double>, _ shape: VisionTransformerSpecification
  ) throws -> Network<Double> {
    let network = shape.cloned(by: 2, attention: .released).makeNetwork(of: Double.self)
    try base.network.expand(into: network)
    return network
  }

  @Test(
    "of heads that are widened as in the released code: copies all the same, but of another network",
    arguments: normalizations)
  func releasedAttention(normalization: Normalization) throws {
    let shape = try #require(
      Architecture.transformer.specification(normalization: normalization)
        as? VisionTransformerSpecification)
    let base = try Trial<Double>.base(shape)
    let clone = try Trial(
      widened(base, shape), specification: shape.cloned(by: 2, attention: .released), base: base.network)
    base.pass(.probing)
    clone.passes = base.passes - 1
    clone.pass(.probing)
    let failures = clone.certificate(base: base).failures(tolerance: 1e-10)
    #expect(failures.map(\.condition) == [.activationsOfBase, .errorsOfBase])
    #expect(failures.first?.place == "block_1")
    #expect((failures.first?.amount ?? 0) > 1e-4)
    // Its copies stay copies, too.
    clone.train(SGD(clone.network, learningRate: 0.02), steps: 5)
    clone.pass()
    #expect(clone.certificate().failures(tolerance: 1e-10) == [])
  }

  @Test("fails at the first dropout that is at work, in either direction", arguments: Architecture.allCases)
  func dropout(architecture: Architecture) throws {
    let places: (forward: String, backward: String) =
      switch architecture {
      case .perceptron: ("dropout_1", "dropout_3")
      case .convolutional: ("dropout_1", "dropout_1")
      case .residual: ("dropout", "dropout")
      case .transformer: ("position_dropout", "position_dropout")
      }
    // Normalisation would pass on unequal errors wherever activations have parted below.
    let base = try Trial<Double>.base(architecture.specification(normalization: .none, dropout: 0.2))
    let clone = try base.cloned(factor: 2)
    base.pass(.probing)
    clone.pass(.probing)
    let failures = clone.certificate(base: base).failures(tolerance: 1e-10)
    func place(_ condition: CloningCertificate.Condition) -> String? {
      failures.first { $0.condition == condition }?.place
    }
    #expect(place(.equalActivations) == places.forward)
    #expect(place(.activationsOfBase) == places.forward)
    #expect(place(.equalErrors) == places.backward)
    #expect(place(.constantGradients) != nil)
    base.pass(.evaluation)
    clone.pass(.evaluation)
    #expect(clone.certificate(base: base).failures(tolerance: 1e-10) == [])
  }

  @Test("says in a line what fails, where and by how much")
  func descriptions() {
    func line(_ condition: CloningCertificate.Condition, _ place: String) -> String {
      CloningCertificate.Failure(condition: condition, place: place, amount: 0.25).description
    }
    #expect(
      line(.equalActivations, "act_1")
        == "layer act_1: the copies of a unit have unequal activations, by 1 − R² = 0.25")
    #expect(
      line(.constantGradients, "out.weight")
        == "tensor out.weight: the copies of a parameter have unequal gradients, by 0.25 of the largest")
    for condition in CloningCertificate.Condition.allCases {
      #expect(!line(condition, "act_1").contains("\n"))
    }
  }

  @Test("fails where a pass has overflowed")
  func overflow() throws {
    let clone = try Trial<Double>.base(normalization: .none).cloned(factor: 2)
    clone.network.values.fill(with: .infinity)
    clone.pass()
    let failures = clone.certificate().failures(tolerance: 1e-10)
    #expect(failures.first?.condition == .equalActivations && failures.first?.place == "linear_1")
    #expect(failures.last?.condition == .constantGradients)
    #expect(!clone.certificate().parameters.isEquitable(tolerance: 1))
  }
}
