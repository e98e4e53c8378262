import LinearAlgebra
import NeuralNetwork
import Training

/// Takes a network forward and backward through a probe, a part of the images at a time, so that memory does not
/// grow with the probe.
///
/// In evaluation mode every image is treated alone, and parts change nothing. In probing mode a part is a batch of
/// its own, with its own statistics and dropout masks.
final class ProbePass {
  /// The most images in a part: the paper's training batch.
  static let largestPart = 128
  /// Working memory that a network may take, in bytes. Wide networks on large images are given smaller parts.
  static let memoryLimit = 2 << 30

  private let network: Network<Float>
  private let seed: UInt64
  private let loss: Loss
  private let copiesSharingMasks: Int
  private let partSize: Int

  /// Reserves the network's memory.
  ///
  /// - Parameters:
  ///   - seed: the run's.
  ///   - loss: what the gradients are of.
  ///   - images: the most images of a probe.
  ///   - copiesSharingMasks: as of `StepContext`.
  init(
    _ network: Network<Float>, seed: UInt64, loss: Loss = .crossEntropy, images: Int,
    copiesSharingMasks: Int = 1, largestPart: Int = largestPart, memoryLimit: Int = memoryLimit
  ) {
    self.network = network
    self.seed = seed
    self.loss = loss
    self.copiesSharingMasks = copiesSharingMasks
    partSize = Self.partSize(
      of: network, images: images, largestPart: largestPart, memoryLimit: memoryLimit)
    network.reserve(batchSize: partSize, retaining: .outputs)
  }

  /// The most images of a probe of `images` that may go through `network` together. Working memory that was reserved
  /// before is given up.
  static func partSize(
    of network: Network<Float>, images: Int, largestPart: Int = largestPart, memoryLimit: Int = memoryLimit
  ) -> Int {
    var size = max(1, min(largestPart, images))
    while size > 1, network.memoryNeeded(batchSize: size, retaining: .outputs) > memoryLimit { size -= 1 }
    return size
  }

  /// A probe of so many images cut into as few parts as can be, no two of which differ by more than one image.
  func parts(of images: Int) -> [Range<Int>] {
    let count = (images + partSize - 1) / partSize
    return (0..<count).map { images * $0 / count..<images * ($0 + 1) / count }
  }

  /// Goes through the probe in one mode.
  ///
  /// - Parameter visit: as of ``run(_:modes:visit:)``.
  func run(
    _ probe: ProbeBatch, mode: StepContext.Mode,
    visit: (_ layer: Int, _ output: Matrix<Float>, _ gradient: Matrix<Float>) -> Void
  ) {
    run(probe, modes: [mode]) { visit($1, $2, $3) }
  }

  /// Goes through each part of the probe in one mode after the other. What no mode changes is computed once.
  ///
  /// - Parameter visit: called in every part and mode for every layer, the last one first, with its index, its output and
  ///   the gradient with respect to it of the mean loss over all images of the probe. Both hold during the call.
  func run(
    _ probe: ProbeBatch, modes: [StepContext.Mode],
    visit: (
      _ mode: StepContext.Mode, _ layer: Int, _ output: Matrix<Float>, _ gradient: Matrix<Float>
    ) -> Void
  ) {
    for (index, part) in parts(of: probe.batch.count).enumerated() {
      for (turn, mode) in modes.enumerated() {
        let context = StepContext(
          mode: mode, seed: seed, step: UInt64(index), needsParameterGradients: false,
          copiesSharingMasks: copiesSharingMasks)
        if turn > 0, layersAlike > 0 {
          network.repeatForward(from: layersAlike, in: context)
        } else {
          network.forward(probe.batch, samples: part, in: context)
        }
        network.backward(from: loss, share: Float(part.count) / Float(probe.batch.count)) { layer, gradient in
          visit(mode, layer, network.output(of: layer), gradient)
        }
      }
    }
  }

  /// How many layers in front do the same in every mode: often most of the work, since images are large.
  private var layersAlike: Int {
    let alike = network.layers.prefix {
      $0 is Linear<Float> || $0 is Convolution<Float> || $0 is ChannelsLast<Float>
        || $0 is PatchEmbedding<Float>
    }
    return alike.count < network.layers.count ? alike.count : 0
  }
}
