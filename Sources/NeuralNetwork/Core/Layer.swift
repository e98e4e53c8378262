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
  /// Whether the backward pass must set the parameters' gradients. Where only gradients between layers are looked
  /// at, large products are left out, and the parameters' gradients mean nothing.
  public var needsParameterGradients: Bool
  /// How many copies of a unit share a dropout mask, that of the unit in the base of the clone; 1 where every copy draws
  /// its own. It divides all widths of the network.
  public var copiesSharingMasks: Int

  public init(
    mode: Mode, seed: UInt64 = 0, step: UInt64 = 0, needsParameterGradients: Bool = true,
    copiesSharingMasks: Int = 1
  ) {
    self.mode = mode
    self.seed = seed
    self.step = step
    self.needsParameterGradients = needsParameterGradients
    self.copiesSharingMasks = copiesSharingMasks
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
  /// Features of each row of the input.
  var inputSize: Int { get }
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

  /// The rule by which this layer is cloned: how `clone`, the same layer of a network with wider interfaces, has to
  /// repeat this one's tensors, and what it then emits, if it receives `input` (paper, appendix A.4).
  ///
  /// - Throws: ``CloningError`` if the shapes of the two layers do not allow it.
  func expansion(into clone: any Layer<Scalar>, input: CloningProfile) throws -> LayerExpansion
}

extension Layer {
  public var parameters: [Parameter<Scalar>] { [] }
  public var buffers: [Parameter<Scalar>] { [] }
  public func initialize(seed: UInt64) {}
}
