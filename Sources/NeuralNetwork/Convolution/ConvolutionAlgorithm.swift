import LinearAlgebra

/// A way to compute convolutions of one shape. It keeps nothing from the forward to the backward pass.
protocol ConvolutionAlgorithm<Scalar>: AnyObject {
  associatedtype Scalar: Real

  /// Takes scratch memory for batches of up to `memory.batchSize` images.
  func reserve(from memory: LayerMemory<Scalar>)

  /// Sets `output` from `input`, the filters and the bias (1 × outputs).
  func forward(
    _ input: Matrix<Scalar>, weight: Matrix<Scalar>, bias: Matrix<Scalar>?, into output: Matrix<Scalar>)

  /// Sets the gradients of the filters and the bias, if `parameterGradients` are needed, and of the input, if given.
  func backward(
    _ outputGradient: Matrix<Scalar>, input: Matrix<Scalar>, weight: Parameter<Scalar>,
    bias: Parameter<Scalar>?, inputGradient: Matrix<Scalar>?, parameterGradients: Bool)
}
