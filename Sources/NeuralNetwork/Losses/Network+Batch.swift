import LinearAlgebra

/// Passes over a ``Batch``: the one way from samples to loss and gradients, for training and for looking.
extension Network {
  /// The last layer's output for samples of a batch, all in use if `samples` is nil. The network keeps the batch until
  /// its next pass.
  ///
  /// Precondition: no more samples than ``batchCapacity``. The result and every ``output(of:)`` live until the next
  /// pass.
  @discardableResult
  public func forward(
    _ batch: Batch<Scalar>, samples: Range<Int>? = nil, in context: StepContext
  ) -> Matrix<Scalar> {
    let samples = samples ?? 0..<batch.count
    let output = forward(batch.inputs.rows(samples), in: context)
    enforce(output.columns == batch.classCount, "an output for each class of the batch")
    pass = Pass(batch: batch, samples: samples)
    return output
  }

  /// How well the last forward pass did on its samples. Precondition: it was over a ``Batch``.
  public func score(_ loss: Loss = .crossEntropy) -> Score {
    let pass = passOverBatch
    return pass.batch.evaluate(loss, outputs: lastOutput, samples: pass.samples, gradient: nil)
  }

  /// Sets all gradients from the loss of the last forward pass, which was over a ``Batch``.
  ///
  /// - Parameters:
  ///   - share: a factor of the gradients, as the samples' share of a batch that goes through in parts.
  /// - Returns: how well the forward pass did, not multiplied by `share`.
  @discardableResult
  public func backward(from loss: Loss = .crossEntropy, share: Scalar = 1) -> Score {
    let (score, gradient) = evaluate(loss, share: share)
    backward(gradient)
    return score
  }

  /// The same, in all layers.
  ///
  /// - Parameter visit: see ``backward(_:visit:)``.
  @discardableResult
  public func backward(
    from loss: Loss = .crossEntropy, share: Scalar = 1,
    visit: (_ layer: Int, _ outputGradient: Matrix<Scalar>) -> Void
  ) -> Score {
    let (score, gradient) = evaluate(loss, share: share)
    backward(gradient, visit: visit)
    return score
  }

  /// How well the last forward pass did, and the gradient with respect to its outputs, times `share`.
  private func evaluate(_ loss: Loss, share: Scalar) -> (Score, Matrix<Scalar>) {
    let pass = passOverBatch
    let gradient = pass.batch.gradient(ofSamples: pass.samples.count)
    let score = pass.batch.evaluate(loss, outputs: lastOutput, samples: pass.samples, gradient: gradient)
    if share != 1 { Kernels.scale(gradient.elements, by: share, count: gradient.count) }
    return (score, gradient)
  }

  /// What a forward pass went over.
  struct Pass {
    let batch: Batch<Scalar>
    let samples: Range<Int>
  }

  private var passOverBatch: Pass {
    guard let pass else { fatalError("a forward pass over a batch comes first") }
    return pass
  }

  private var lastOutput: Matrix<Scalar> { output(of: layers.count - 1) }
}
