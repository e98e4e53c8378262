import LinearAlgebra
import PreparedImages

/// Everything that is drawn at random about one image; rendering it involves no further chance but its noise.
///
/// Coordinates go from −1 to 1 across the image.
struct SyntheticScene {
  /// A textured patch with a lobed outline.
  struct Patch {
    var centre: SIMD2<Float>
    /// Rows of the matrix that takes a point, relative to the centre, to where the outline is near radius 1.
    var across: SIMD2<Float>
    var along: SIMD2<Float>
    var lobes: Int
    var lobeDepth: Float
    var hole: Float
    /// Waves for each unit of length, and their phase in turns.
    var texture: SIMD2<Float>
    var phase: Float
    var crossing: Float
    var crossingPhase: Float
    var light: SIMD3<Float>
    var dark: SIMD3<Float>
  }

  var mirrored: Bool
  var background: SIMD3<Float>
  var backgroundSlope: SIMD2<Float>
  var backgroundTexture: SIMD2<Float>
  var backgroundPhase: Float
  var backgroundContrast: Float
  /// Painted in this order: clutter behind, the object, and perhaps something before it.
  var patches: [Patch]
  var brightness: Float
  var lightSlope: SIMD2<Float>
  /// Amplitude of the noise, pixels in 0...1.
  var noise: Float
  var noiseKey: UInt32

  /// How far images stray from what is typical of their class. Chosen so that a plain MLP finds the set about
  /// as hard as CIFAR-10.
  private enum Spread {
    static let colour: Float = 0.17
    static let tint: Float = 0.09
    static let position: Float = 0.3
    static let textureAngle: Float = 0.03
    static let angle: Float = 0.06
    static let logScale: Float = 0.3
  }

  init(of kind: SyntheticClass, clutterFrom classes: [SyntheticClass], stream: inout RandomStream) {
    mirrored = stream.nextWord() >> 31 == 1
    func near(_ colour: SIMD3<Float>, _ spread: Float) -> SIMD3<Float> {
      colour + spread * SIMD3(stream.bell(), stream.bell(), stream.bell())
    }
    func sideways(_ length: Float) -> SIMD2<Float> {
      let direction = Direction(turns: stream.uniform(0, 1))
      return length * SIMD2(direction.cosine, direction.sine)
    }
    let tint = near(.zero, Spread.tint)
    background = near(kind.background, Spread.colour) + tint
    backgroundSlope = sideways(stream.uniform(0, 0.2))
    backgroundTexture = sideways(stream.uniform(0.3, 3.5))
    backgroundPhase = stream.uniform(0, 1)
    backgroundContrast = stream.uniform(0, 0.16)

    var clutter: [Patch] = []
    for _ in 0..<(1 + Int(stream.integer(below: 3))) {
      let other = classes[Int(stream.integer(below: UInt32(classes.count)))]
      clutter.append(
        Self.patch(
          of: other, at: SIMD2(stream.uniform(-1, 1), stream.uniform(-1, 1)),
          radius: stream.uniform(0.15, 0.35), tint: tint, stream: &stream))
    }
    let centre = SIMD2(
      Spread.position * stream.bell(), kind.elevation + Spread.position * 0.8 * stream.bell())
    let scale = 1 + Spread.logScale * stream.uniform(-1, 1)
    let object = Self.patch(of: kind, at: centre, radius: 0.58 * scale, tint: tint, stream: &stream)
    let occluded = stream.uniform(0, 1) < 0.3
    patches = occluded ? Array(clutter.dropLast()) + [object] + clutter.suffix(1) : clutter + [object]

    brightness = stream.uniform(0.7, 1.25)
    lightSlope = sideways(stream.uniform(0, 0.3))
    noise = stream.uniform(0.02, 0.07)
    noiseKey = stream.nextWord()
  }

  private static func patch(
    of kind: SyntheticClass, at centre: SIMD2<Float>, radius: Float, tint: SIMD3<Float>,
    stream: inout RandomStream
  ) -> Patch {
    let turn = Direction(turns: kind.angle + Spread.angle * stream.bell())
    let aspect = (kind.aspect * stream.uniform(0.8, 1.25)).squareRoot()
    let texture = Direction(turns: kind.textureAngle + Spread.textureAngle * stream.bell())
    let frequency = kind.textureFrequency * stream.uniform(0.85, 1.18)
    let shift = SIMD3(stream.bell(), stream.bell(), stream.bell()) * Spread.colour + tint
    return Patch(
      centre: centre,
      across: SIMD2(turn.cosine, turn.sine) / (radius * aspect),
      along: SIMD2(-turn.sine, turn.cosine) * (aspect / radius),
      lobes: kind.lobes, lobeDepth: kind.lobeDepth, hole: kind.hole + 0.08 * stream.bell(),
      texture: frequency * SIMD2(texture.cosine, texture.sine), phase: stream.uniform(0, 1),
      crossing: kind.crossing, crossingPhase: stream.uniform(0, 1),
      light: kind.light + shift, dark: kind.dark + shift)
  }
}
