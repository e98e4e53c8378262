import LinearAlgebra

/// Cuts images into square patches and maps each to a token: a convolution whose stride is its kernel's extent, as
/// one product of all patches with the weights.
///
/// The input is samples × (channels · height · width), channel after channel; the output has a row for each patch,
/// in row-major order.
public final class PatchEmbedding<Scalar: Real>: Layer {
  public let name: String
  public let channels: Int
  public let height: Int
  public let width: Int
  /// The extent of a patch in pixels; it divides height and width.
  public let patch: Int
  /// Features a token.
  public let size: Int
  public var inputSize: Int { channels * height * width }
  /// Of shape [size, channels, patch, patch], as PyTorch's convolution.
  public let weight: Parameter<Scalar>
  public let bias: Parameter<Scalar>
  public var parameters: [Parameter<Scalar>] { [weight, bias] }
  /// Patches a sample.
  public var tokens: Int { (height / patch) * (width / patch) }

  private var patches: Matrix<Scalar>?
  private var output: Matrix<Scalar>?
  private var patchGradient: Matrix<Scalar>?
  private var inputGradient: Matrix<Scalar>?
  private var samples = 0
  private var needsParameterGradients = true

  public init(name: String, channels: Int, height: Int, width: Int, patch: Int, size: Int) {
    enforce(
      patch > 0 && height > 0 && width > 0 && height % patch == 0 && width % patch == 0,
      "whole patches in height and width")
    self.name = name
    self.channels = channels
    self.height = height
    self.width = width
    self.patch = patch
    self.size = size
    weight = Parameter(name: "weight", shape: [size, channels, patch, patch])
    bias = Parameter(name: "bias", shape: [size])
  }

  public func reserve(from memory: LayerMemory<Scalar>) {
    let rows = memory.batchSize * tokens
    let inputs = channels * patch * patch
    patches = memory.take(rows: rows, columns: inputs)
    output = memory.take(rows: rows, columns: size)
    patchGradient = memory.takeScratch(rows: rows, columns: inputs)
    inputGradient = memory.takeGradient(rows: memory.batchSize, columns: channels * height * width)
  }

  /// Weights and biases uniform in ±1/√(channels · patch²), PyTorch's default for convolutions.
  public func initialize(seed: UInt64) {
    let bound = 1 / Scalar(channels * patch * patch).squareRoot()
    for parameter in parameters {
      var stream = RandomStream(seed: seed, purpose: "initialization/\(name).\(parameter.name)")
      Scalar.fillUniform(parameter.value.buffer, from: -bound, to: bound, drawing: &stream)
    }
  }

  public func forward(_ input: Matrix<Scalar>, in context: StepContext) -> Matrix<Scalar> {
    enforce(input.columns == channels * height * width, "planar images of the layer's size")
    samples = input.rows
    needsParameterGradients = context.needsParameterGradients
    guard let patches = patches?.prefix(rows: samples * tokens),
      let output = output?.prefix(rows: samples * tokens)
    else { fatalError("no memory reserved") }
    geometry.gather(input.elements, into: patches.elements, samples: samples)
    output.setRows(to: bias.value)
    output.setProduct(of: patches, transposed: false, and: weight.value, transposed: true, beta: 1)
    return output
  }

  public func backward(_ outputGradient: Matrix<Scalar>, inputGradient needed: Bool) -> Matrix<Scalar>? {
    guard let patches = patches?.prefix(rows: samples * tokens) else {
      fatalError("a backward pass before any forward pass")
    }
    if needsParameterGradients {
      weight.gradient.setProduct(of: outputGradient, transposed: true, and: patches)
      bias.gradient.setColumnSums(of: outputGradient)
    }
    guard needed, let inputGradient = inputGradient?.prefix(rows: samples),
      let patchGradient = patchGradient?.prefix(rows: samples * tokens)
    else { return nil }
    patchGradient.setProduct(of: outputGradient, and: weight.value)
    geometry.scatter(patchGradient.elements, into: inputGradient.elements, samples: samples)
    return inputGradient
  }

  /// W'[k·o+j, c, y, x] = W[o, c, y, x] and b repeated; pixels are not cloned.
  public func expansion(into clone: any Layer<Scalar>, input: CloningProfile) throws -> LayerExpansion {
    let other = try counterpart(clone, receiving: input)
    try require(input, toBe: CloningProfile(units: inputSize))
    guard other.weight.shape.dropFirst() == weight.shape.dropFirst(), other.height == height else {
      throw CloningError.mismatch(layer: name, reason: "its images or patches are of another size")
    }
    let output = try profile(from: size, to: other.size, of: "features")
    let weight = TensorExpansion.weight(
      from: CloningProfile(units: channels), to: output, kernel: [patch, patch])
    return LayerExpansion(input: input, output: output, parameters: [weight, .vector(output)])
  }

  private var geometry: PatchGeometry {
    PatchGeometry(channels: channels, height: height, width: width, patch: patch)
  }
}

/// Where the pixels of patches lie in planar images.
private struct PatchGeometry {
  let channels: Int
  let height: Int
  let width: Int
  let patch: Int

  /// A row for each patch: its channels one after the other, row-major each.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func gather<Scalar: Real>(
    _ images: UnsafeMutablePointer<Scalar>, into rows: UnsafeMutablePointer<Scalar>, samples: Int
  ) {
    ThreadTeam.shareRows(samples, of: channels * height * width) { range, _ in
      eachLine(samples: range) { image, row in (rows + row).update(from: images + image, count: patch) }
    }
  }

  /// The inverse of ``gather(_:into:samples:)``: every pixel is in one patch.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func scatter<Scalar: Real>(
    _ rows: UnsafeMutablePointer<Scalar>, into images: UnsafeMutablePointer<Scalar>, samples: Int
  ) {
    ThreadTeam.shareRows(samples, of: channels * height * width) { range, _ in
      eachLine(samples: range) { image, row in (images + image).update(from: rows + row, count: patch) }
    }
  }

  /// Calls `body` for every line of every patch of some images with its offset among the images and its offset among
  /// the rows.
  @inline(__always)
  private func eachLine(samples: Range<Int>, _ body: (_ image: Int, _ row: Int) -> Void) {
    var row = samples.lowerBound * channels * height * width
    for sample in samples {
      for top in stride(from: 0, to: height, by: patch) {
        for left in stride(from: 0, to: width, by: patch) {
          for channel in 0..<channels {
            let plane = (sample * channels + channel) * height
            for line in 0..<patch {
              body((plane + top + line) * width + left, row)
              row += patch
            }
          }
        }
      }
    }
  }
}
