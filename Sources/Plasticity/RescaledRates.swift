import LinearAlgebra
import NeuralNetwork

/// The factors of the learning rate, one for each tensor of `network.parameters`, with which the *base* follows
/// its clone under plain gradient descent.
///
/// Derivation, for a weight with k_in copies of its inputs and k_out of its outputs, W′ = W / k_in repeated.
/// Copies have the base's activations, x′ = x. A unit's k_out copies share its error, because each sends 1/k_out
/// of what the unit sent: δ′ = δ / k_out. So an entry of the clone's gradient is δ′x′ = δx / k_out. In the
/// base's coordinates the clone stands at k_in·W′ and moves by −rate · k_in · δx / k_out: the base's own step
/// times
///
/// - k_in / k_out for a weight: 1/k in the first layer, 1 between hidden layers, k in the last;
/// - 1 / k_out for biases and norm parameters, which are copied undivided (1 for the output layer's bias).
///
/// Momentum is linear in the gradients and has the same factors. Adam and RMSprop divide by the gradient's size,
/// which cancels k_out: their factors would be k_in for weights and 1 for the rest (up to ε).
///
/// - Parameters:
///   - network: the base.
///   - factor: copies of each hidden unit in the clone.
public func rescaledRateFactors<Scalar: Real>(for network: Network<Scalar>, factor: Int) -> [Scalar] {
  CopyProfile.profiles(of: network, factor: factor).map { Scalar($0.inputs) / Scalar($0.outputs) }
}
