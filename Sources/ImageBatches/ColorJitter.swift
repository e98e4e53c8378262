import LinearAlgebra
import PreparedImages

/// Random brightness, contrast and saturation, by torchvision's definitions for tensors of numbers in 0...1:
/// each step mixes the image, by its factor, with something paler, and clamps the result.
///
/// - brightness: with black;
/// - contrast: with the mean of the grey image;
/// - saturation: with the grey image, where grey = 0.2989 · red + 0.587 · green + 0.114 · blue.
///
/// torchvision's transforms of 8-bit images round to whole bytes after each step and take the mean of the grey
/// image as a whole number; nothing is rounded here, so that results differ by up to two levels of 255.
enum ColorJitter {
  enum Step: Int, CaseIterable {
    case brightness
    case contrast
    case saturation
  }

  /// What was drawn for one image.
  struct Draw: Equatable {
    var brightness = 1.0
    var contrast = 1.0
    var saturation = 1.0
    /// Which of the six orders, `0 ..< 6`.
    var order = 0

    /// Factors uniform in `1 − strength ... 1 + strength`, and any order with the same chance.
    init(strength: Double, stream: inout RandomStream) {
      func factor() -> Double { 1 - strength + 2 * strength * stream.uniform() }
      brightness = factor()
      contrast = factor()
      saturation = factor()
      order = Int(stream.integer(below: 6))
    }

    init() {}

    /// The step at a place, `0 ..< 3`, of the order.
    func step(_ place: Int) -> Step {
      // The first step is one of three; the order's remainder says which of the other two comes next.
      let first = order / 2
      let offset = place == 0 ? 0 : place == 1 ? 1 + order % 2 : 2 - order % 2
      return Step(rawValue: (first + offset) % 3) ?? .brightness
    }

    /// Changes an image of one or three channels, pixels in 0...1, in place.
    @inline(__always)
    func apply<Scalar: Real>(to image: UnsafeMutablePointer<Scalar>, shape: ImageShape) {
      let plane = shape.height * shape.width
      for place in 0..<3 {
        switch step(place) {
        case .brightness: ColorJitter.blend(image, count: shape.count, with: 0, factor: Scalar(brightness))
        case .contrast:
          let mean = ColorJitter.greyMean(image, channels: shape.channels, plane: plane)
          ColorJitter.blend(image, count: shape.count, with: mean, factor: Scalar(contrast))
        case .saturation:
          // A grey image is its own grey image.
          if shape.channels == 3 { ColorJitter.saturate(image, plane: plane, factor: Scalar(saturation)) }
        }
      }
    }
  }

  /// Sixteen pixels mixed with others, clamped to 0...1.
  @inline(__always)
  private static func mixed<Scalar: Real>(
    _ values: SIMD16<Scalar>, _ factor: Scalar, _ rest: SIMD16<Scalar>
  ) -> SIMD16<Scalar> {
    let sum = factor * values + rest
    let (black, white) = (SIMD16<Scalar>(repeating: 0), SIMD16<Scalar>(repeating: 1))
    return Scalar.larger(Scalar.choosing(white, over: sum, where: sum, exceeds: white), black)
  }

  @inline(__always)
  private static func blend<Scalar: Real>(
    _ values: UnsafeMutablePointer<Scalar>, count: Int, with other: Scalar, factor: Scalar
  ) {
    let rest = SIMD16(repeating: (1 - factor) * other)
    values.update(count: count) { mixed($0, factor, rest) }
  }

  @inline(__always)
  private static func saturate<Scalar: Real>(
    _ image: UnsafeMutablePointer<Scalar>, plane: Int, factor: Scalar
  ) {
    let (green, blue) = (image + plane, image + 2 * plane)
    @inline(__always)
    func change(
      _ load: (UnsafeMutablePointer<Scalar>) -> SIMD16<Scalar>,
      _ store: (SIMD16<Scalar>, UnsafeMutablePointer<Scalar>) -> Void
    ) {
      let values = (load(image), load(green), load(blue))
      let rest = (1 - factor) * (0.2989 * values.0 + 0.587 * values.1 + 0.114 * values.2)
      store(mixed(values.0, factor, rest), image)
      store(mixed(values.1, factor, rest), green)
      store(mixed(values.2, factor, rest), blue)
    }
    let whole = plane & ~15
    for index in stride(from: 0, to: whole, by: 16) {
      change({ $0.vector(at: index) }, { $1.store($0, at: index) })
    }
    let left = plane - whole
    if left > 0 {
      change(
        { $0.vector(at: whole, count: left, padding: 0) }, { $1.store($0, at: whole, count: left) })
    }
  }

  @inline(__always)
  private static func greyMean<Scalar: Real>(
    _ image: UnsafeMutablePointer<Scalar>, channels: Int, plane: Int
  ) -> Scalar {
    let first = sum(image, count: plane)
    guard channels == 3 else { return first / Scalar(plane) }
    let (second, third) = (sum(image + plane, count: plane), sum(image + 2 * plane, count: plane))
    return (0.2989 * first + 0.587 * second + 0.114 * third) / Scalar(plane)
  }

  /// In sixteen lanes: one after the other would be slow, and lose digits.
  @inline(__always)
  private static func sum<Scalar: Real>(_ values: UnsafeMutablePointer<Scalar>, count: Int) -> Scalar {
    var lanes = SIMD16<Scalar>(repeating: 0)
    let whole = count & ~15
    for index in stride(from: 0, to: whole, by: 16) { lanes += values.vector(at: index) }
    if whole < count { lanes += values.vector(at: whole, count: count - whole, padding: 0) }
    return lanes.laneSum
  }
}

extension UnsafeMutablePointer where Pointee: Real {
  /// Replaces `count` scalars, sixteen at a time; `change` treats every lane alike.
  @inline(__always)
  func update(count: Int, _ change: (SIMD16<Pointee>) -> SIMD16<Pointee>) {
    let whole = count & ~15
    for index in stride(from: 0, to: whole, by: 16) { store(change(vector(at: index)), at: index) }
    let left = count - whole
    if left > 0 {
      store(change(vector(at: whole, count: left, padding: 0)), at: whole, count: left)
    }
  }
}
