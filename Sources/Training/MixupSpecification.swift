import Specifications

/// The `mixup` object of a chapter's block: every sample of a batch is mixed with another one, and its target with the
/// other's (Zhang et al., 2018), also within a class as in G-mixup (Wang et al., NeurIPS 2025). What the poster leaves open
/// is read as follows: partners are a permutation of the batch, the weight m of a pair is uniform in [0, 1] unless said
/// otherwise, no sample stays as it is.
public struct MixupSpecification: Codable, Hashable, Sendable {
  /// What the targets of two samples of one class K are; K′ is another active class, drawn for each pair, and
  /// s = M/2 − M|½ − m|.
  public enum Labels: String, Codable, CaseIterable, Sendable {
    /// y_K = 1 + s and y_K′ = −s, as the poster prints it: sure at both ends, beyond sure in the middle.
    case printed
    /// y_K = 1 − M/2 + s and y_K′ = M/2 − s: unsure at the ends, sure in the middle, and always probabilities for M in
    /// [0, 1].
    case centred
  }

  /// Whether samples of two classes are mixed; they are if absent.
  public var between: Bool?
  /// Whether samples of one class are; they are if absent.
  public var within: Bool?
  /// ``Labels/printed`` if absent.
  public var labels: Labels?
  /// M, in [−1, 1]; 0.1 if absent. Below zero, `printed` targets are less sure in the middle.
  public var margin: Double?
  /// Of targets that nothing is mixed into: so much, in [0, 1), is shared out among all active classes evenly; none if
  /// absent. Without mixing it is label smoothing.
  public var smoothing: Double?
  /// α of Beta(α, α), which the weight m of a pair is drawn from, in [0.1, 4]; 1, uniform, if absent. Smaller ones leave
  /// samples more as they are.
  public var concentration: Double?

  public init(
    between: Bool? = nil, within: Bool? = nil, labels: Labels? = nil, margin: Double? = nil,
    smoothing: Double? = nil, concentration: Double? = nil
  ) {
    self.between = between
    self.within = within
    self.labels = labels
    self.margin = margin
    self.smoothing = smoothing
    self.concentration = concentration
  }

  /// Rejects values out of range, naming the key.
  public func validate() throws(SpecificationProblem) {
    if let margin { try require(margin, in: -1...1, "margin") }
    if let smoothing { try require(smoothing, in: 0..<1, "smoothing") }
    if let concentration {
      try require(concentration, in: 0.1...4, "concentration")
      guard mixesBetween || mixesWithin else {
        throw SpecificationProblem("concentration", "is of weights of pairs, and none are mixed")
      }
    }
    guard mixesBetween || mixesWithin || smoothing ?? 0 > 0 else {
      throw SpecificationProblem("between", "is false, as 'within' is: nothing would be mixed")
    }
  }

  var mixesBetween: Bool { between ?? true }
  var mixesWithin: Bool { within ?? true }

  /// s, by which the targets of a pair within a class move, for a weight m in [0, 1].
  func shift(at weight: Double) -> Double {
    let margin = margin ?? 0.1
    return margin / 2 - margin * abs(0.5 - weight)
  }

  /// The target of the samples' class for a weight; the other class has the rest of 1.
  public func sureness(at weight: Double) -> Double {
    switch labels ?? .printed {
    case .printed: 1 + shift(at: weight)
    case .centred: 1 - (margin ?? 0.1) / 2 + shift(at: weight)
    }
  }
}
