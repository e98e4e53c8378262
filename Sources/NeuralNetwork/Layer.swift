import LinearAlgebra

/// What a pass through the network is for, and where in the run it stands: all that a layer may depend on
/// besides its input and parameters.
public struct StepContext: Sendable {
  public enum Mode: Sendable {
    /// Batch statistics and dropout, as PyTorch's `train()`.
    case training
    /// Running statistics and no dropout, as PyTorch's `eval()`.
    case evaluation
    /// Batch statistics and dropout as in training, but running statistics stay as they are: for measuring
    /// a network in training mode without changing it.
    case probing
  }

  public var mode: Mode
  /// The run's seed, for layers that draw at random.
  public var seed: UInt64
  /// The optimiser step, which indexes the random streams.
  public var step: UInt64

  public init(mode: Mode, seed: UInt64 = 0, step: UInt64 = 0) {
    self.mode = mode
    self.seed = seed
    self.step = step
  }
}

/// One layer: parameters, a forward and a backward pass, and the rule by which it is cloned.
///
/// Activations are matrices of rows × features: a row a sample, or where a sample has positions (pixels in
/// row-major order, tokens) a row a position, sample after sample, so that images are channels-last. A layer owns
/// its output; its input gradient may share memory with those of other layers (``LayerMemory``). All memory is
/// reserved once for the largest batch; a pass allocates nothing.
public protocol Layer<Scalar>: AnyObject {
  associatedtype Scalar: Real

  /// The name that metrics and snapshots print, unique in its network: `linear_1`, `act_3`, `out`.
  var name: String { get }
  /// Trained tensors, in PyTorch's order.
  var parameters: [Parameter<Scalar>] { get }
  /// Tensors that are kept with the model but not trained (running statistics).
  var buffers: [Parameter<Scalar>] { get }

  /// Takes working memory for batches of up to `memory.batchSize` samples. Called twice, see ``LayerMemory``.
  func reserve(from memory: LayerMemory<Scalar>)

  /// Draws or sets the initial parameters and buffers.
  func initialize(seed: UInt64)

  /// The output for `input`, kept (as is the input view) for the backward pass.
  func forward(_ input: Matrix<Scalar>, in context: StepContext) -> Matrix<Scalar>

  /// Sets the parameters' gradients from the gradient of the loss with respect to the last output.
  ///
  /// - Returns: the gradient with respect to the last input, or nil if `inputGradient` is false (nothing
  ///   below needs it, which saves the first layer's largest product).
  func backward(_ outputGradient: Matrix<Scalar>, inputGradient: Bool) -> Matrix<Scalar>?

  /// Writes this layer's parameters and buffers, expanded, into those of `clone`, the same layer of a network
  /// with wider interfaces (SPEC: unit i becomes units k·i … k·i+k−1; weights divided by the fan-in's factor).
  ///
  /// - Parameter inputFactor: how many copies of each input feature the clone receives.
  /// - Returns: how many copies of each output feature it emits.
  /// - Throws: ``CloningError`` if the shapes of the two layers do not allow it.
  func expand(into clone: any Layer<Scalar>, inputFactor: Int) throws -> Int
}

extension Layer {
  public var parameters: [Parameter<Scalar>] { [] }
  public var buffers: [Parameter<Scalar>] { [] }
  public func initialize(seed: UInt64) {}
}

/// Why a layer cannot be expanded into another.
public enum CloningError: Error, Equatable, CustomStringConvertible {
  /// The clone's layer is of another kind or its shape is no whole multiple.
  case mismatch(layer: String, reason: String)

  public var description: String {
    switch self {
    case .mismatch(let layer, let reason): "cannot clone layer \(layer): \(reason)"
    }
  }
}
