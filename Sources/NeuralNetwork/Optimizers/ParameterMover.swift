import LinearAlgebra

/// Moves parameters in the middle of a backward pass: a layer that has computed some rows of its weights' gradient hands
/// them on at once, while they are in the cache, and they are never written to memory.
final class ParameterMover<Scalar: Real> {
  /// The optimiser of the step under way; nil between steps, when gradients are to stay where they are.
  private(set) var optimizer: (any Optimizer<Scalar>)?
  /// Which tensors have been moved in this step.
  private var isMoved: [Bool]

  init(tensors: Int) { isMoved = Array(repeating: false, count: tensors) }

  var isActive: Bool { optimizer != nil }

  func begin(_ optimizer: any Optimizer<Scalar>) {
    self.optimizer = optimizer
    for index in isMoved.indices { isMoved[index] = false }
    optimizer.begin()
  }

  /// Moves some rows of a tensor, all of which have to come in one pass.
  ///
  /// - Parameter gradients: of these rows; they may be changed.
  func move(_ parameter: Parameter<Scalar>, fromRow row: Int, along gradients: Matrix<Scalar>) {
    isMoved[parameter.index] = true
    optimizer?.update(
      parameter.index, of: parameter.value, from: row * parameter.columns, along: gradients)
  }

  /// Moves the tensors whose gradients nobody has handed on, and ends the step.
  func finish() {
    guard let optimizer else { return }
    for index in isMoved.indices where !isMoved[index] {
      let parameter = optimizer.network.parameters[index].parameter
      optimizer.update(index, of: parameter.value, from: 0, along: parameter.gradient)
    }
    optimizer.finish()
    self.optimizer = nil
  }
}

extension Network {
  /// A step of an optimiser along the gradients of the loss of the last forward pass, which was over a ``Batch``.
  ///
  /// To the same bits as a backward pass and ``Optimizer/step()``, but where the optimiser allows it, gradients of large
  /// tensors are used up as they come: what ``gradients`` holds afterwards means nothing. If the loss is not finite,
  /// nothing is moved.
  ///
  /// - Parameter optimizer: of this network.
  /// - Returns: how well the forward pass did.
  @discardableResult
  public func step(by optimizer: any Optimizer<Scalar>, from loss: Loss = .crossEntropy) -> Score {
    let (score, gradient) = scoreAndGradient(of: loss)
    guard score.loss.isFinite else { return score }
    guard !optimizer.readsAllGradients else {
      backward(gradient)
      optimizer.step()
      return score
    }
    mover.begin(optimizer)
    backward(gradient)
    mover.finish()
    return score
  }
}
