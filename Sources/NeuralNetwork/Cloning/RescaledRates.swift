import LinearAlgebra

/// The factors of the learning rate, one for each tensor of the base's `parameters`, with which the *base* follows
/// its clone under plain gradient descent.
///
/// Derivation, for a weight with k_in copies of its inputs and k_out of its outputs, W′ = W / k_in repeated.
/// Copies have the base's activations, x′ = x. A unit's k_out copies share its error, because each sends 1/k_out
/// of what the unit sent: δ′ = δ / k_out. So an entry of the clone's gradient is δ′x′ = δx / k_out. In the
/// base's coordinates the clone stands at k_in·W′ and moves by −rate · k_in · δx / k_out: the base's own step
/// times
///
/// - k_in / k_out for a weight: 1/k in the first layer, 1 between hidden layers, k in the last;
/// - 1 / k_out for what is copied undivided: biases, norm parameters, class token and position embedding (1 for
///   the output layer's bias).
///
/// Nothing in this depends on the layers between: convolutions sum δx over pixels, a normalisation and a residual
/// sum pass errors on in proportion, and so does attention whose heads are duplicated, where each copy of a head
/// has the base's scores and 1/k of its error. So it holds for every architecture whose clone computes what the base
/// computes, by test for perceptrons, convolutional and residual networks and transformers; it does not for heads
/// that are widened as in the released code.
///
/// Momentum is linear in the gradients and has the same factors. Adam and RMSprop divide by the gradient's size,
/// which cancels k_out: see ``copies(in:)``.
///
/// - Parameter expansion: how the clone repeats the base.
public func rescaledRateFactors<Scalar: Real>(for expansion: NetworkExpansion) -> [Scalar] {
  expansion.parameters.map { Scalar($0.inputCopies) / Scalar($0.outputCopies) }
}

/// For each tensor of the base's `parameters`, how many copies there are of its inputs (1 where nothing is divided
/// among them, as for biases) and of its outputs.
///
/// They tell how the *base* follows its clone under Adam. An entry of the clone's gradient is 1/k_out of the base's
/// (``rescaledRateFactors(for:)``), so its moments are m / k_out and v / k_out², and it moves by
/// −rate · (m / k_out) ÷ (√v / k_out + ε) = −rate · m ÷ (√v + k_out · ε); in the base's coordinates k_in times that.
/// So the base's rate takes the factor k_in, and its ε the factor k_out.
public func copies<Scalar: Real>(in expansion: NetworkExpansion) -> [(inputs: Scalar, outputs: Scalar)] {
  expansion.parameters.map { (Scalar($0.inputCopies), Scalar($0.outputCopies)) }
}

/// How the clones by `factor` of networks of the shape `specification` repeat them.
///
/// - Throws: `CloningError` if the shape has no such clone.
public func expansion(
  of specification: some NetworkSpecification, factor: Int
) throws -> NetworkExpansion {
  precondition(factor > 0, "a clone has at least one copy of each unit")
  return try NetworkExpansion(
    from: specification.makeLayers(of: Float.self),
    to: specification.cloned(by: factor).makeLayers(of: Float.self))
}
