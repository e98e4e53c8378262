import LinearAlgebra
import PreparedImages

/// What is typical of a class.
///
/// Every property of class c is a fractional part of c · √prime: such sequences spread evenly for any number of
/// classes, so that ten classes differ as clearly as they can and two hundred lie close together.
struct SyntheticClass {
  /// Orientation of the object's texture, in turns.
  let textureAngle: Float
  /// Waves of the object's texture across half an image.
  let textureFrequency: Float
  /// Strength of a second texture across the first, 0 (stripes) ... 1 (checks).
  let crossing: Float
  /// Bulges of the outline: 2 to 5.
  let lobes: Int
  /// Depth of the bulges, 0 (ellipse) ... 0.5.
  let lobeDepth: Float
  /// Width of the object divided by height.
  let aspect: Float
  /// Radius of the hole relative to the outline; none below 0.2.
  let hole: Float
  /// Orientation of the object, in turns.
  let angle: Float
  /// Typical height of the object's centre, −1 ... 1.
  let elevation: Float
  /// Two colours of the texture, and the background's, each channel in 0...1.
  let light: SIMD3<Float>
  let dark: SIMD3<Float>
  let background: SIMD3<Float>

  init(_ index: Int, seed: UInt64) {
    var offsets = RandomStream(seed: seed, purpose: "synthetic-classes")
    var primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67][...]
    func next(_ low: Float, _ high: Float) -> Float {
      let root = Double(primes.removeFirst()).squareRoot()
      let place = Double(index) * root + Double(offsets.uniform(0, 1))
      return low + (high - low) * Float(place - place.rounded(.down))
    }
    func colour(_ low: Float, _ high: Float) -> SIMD3<Float> {
      SIMD3(next(low, high), next(low, high), next(low, high))
    }
    textureAngle = next(0, 0.5)
    textureFrequency = next(1.2, 3.6)
    crossing = next(0, 1)
    lobes = 2 + Int(next(0, 4))
    lobeDepth = next(0, 0.5)
    aspect = next(0.6, 1.7)
    hole = next(-0.4, 0.6)
    angle = next(0, 0.5)
    elevation = next(-0.25, 0.25)
    light = colour(0.45, 0.85)
    dark = colour(0.1, 0.5)
    background = colour(0.25, 0.75)
  }
}
