import PreparedImages

/// Paints scenes, sixteen pixels at a time, by additions, products, quotients and square roots alone: these are
/// exact in IEEE arithmetic, so the same scene has the same pixels on every machine.
struct SyntheticRenderer {
  typealias Lanes = SIMD16<Float>

  let shape: ImageShape
  /// Numbers of the lanes, 0 ... 15.
  private let ramp: Lanes

  init(shape: ImageShape) {
    self.shape = shape
    var ramp = Lanes()
    for lane in 0..<Lanes.scalarCount { ramp[lane] = Float(lane) }
    self.ramp = ramp
  }

  /// Writes `shape.count` bytes, channel by channel.
  func render(_ scene: SyntheticScene, to target: UnsafeMutablePointer<UInt8>) {
    let (height, width, plane) = (shape.height, shape.width, shape.height * shape.width)
    let side: Float = scene.mirrored ? -1 : 1
    for row in 0..<height {
      let y = Lanes(repeating: (Float(row) + 0.5) / Float(height) * 2 - 1)
      for column in stride(from: 0, to: width, by: Lanes.scalarCount) {
        let x = ((ramp + (Float(column) + 0.5)) * (2 / Float(width)) - 1) * side
        var colour = background(scene, x, y)
        for patch in scene.patches { paint(patch, x, y, over: &colour) }
        let light = scene.brightness + scene.lightSlope.x * x + scene.lightSlope.y * y
        let pixel = row * width + column
        let count = min(Lanes.scalarCount, width - column)
        if shape.channels == 1 {
          let grey = (colour.red + colour.green + colour.blue) * (1 / 3 as Float)
          store(grey * light, scene, at: pixel, count: count, to: target)
        } else {
          store(colour.red * light, scene, at: pixel, count: count, to: target)
          store(colour.green * light, scene, at: plane + pixel, count: count, to: target)
          store(colour.blue * light, scene, at: 2 * plane + pixel, count: count, to: target)
        }
      }
    }
  }

  private struct Colour {
    var red: Lanes
    var green: Lanes
    var blue: Lanes

    /// Moves towards another colour, all the way where `share` is 1.
    @inline(__always)
    mutating func mix(_ other: Colour, share: Lanes) {
      red += (other.red - red) * share
      green += (other.green - green) * share
      blue += (other.blue - blue) * share
    }
  }

  @inline(__always)
  private func background(_ scene: SyntheticScene, _ x: Lanes, _ y: Lanes) -> Colour {
    let waves = wave(scene.backgroundTexture.x * x + scene.backgroundTexture.y * y + scene.backgroundPhase)
    let slope = scene.backgroundSlope.x * x + scene.backgroundSlope.y * y
    let shade = slope + scene.backgroundContrast * waves
    return Colour(
      red: shade + scene.background.x, green: shade + scene.background.y, blue: shade + scene.background.z)
  }

  @inline(__always)
  private func paint(_ patch: SyntheticScene.Patch, _ x: Lanes, _ y: Lanes, over colour: inout Colour) {
    let dx = x - patch.centre.x
    let dy = y - patch.centre.y
    let u = patch.across.x * dx + patch.across.y * dy
    let v = patch.along.x * dx + patch.along.y * dy
    let radius = (u * u + v * v + 1e-6).squareRoot()
    // cos(lobes · angle) is the real part of the direction, as a complex number, to the power of the lobes.
    let unitX = u / radius
    let unitY = v / radius
    var (real, imaginary) = (unitX, unitY)
    for _ in 1..<patch.lobes {
      (real, imaginary) = (real * unitX - imaginary * unitY, real * unitY + imaginary * unitX)
    }
    let outline = 1 + patch.lobeDepth * real
    var share = clamp((outline - radius) * 6 + 0.5)
    if patch.hole > 0.2 { share *= clamp((radius - patch.hole * outline) * 6 + 0.5) }

    let stripes = wave(patch.texture.x * dx + patch.texture.y * dy + patch.phase)
    let across = wave(patch.texture.x * dy - patch.texture.y * dx + patch.crossingPhase)
    let tone = clamp(0.5 + 0.8 * (stripes + patch.crossing * across))
    let light = tone
    let dark = 1 - tone
    colour.mix(
      Colour(
        red: patch.light.x * light + patch.dark.x * dark, green: patch.light.y * light + patch.dark.y * dark,
        blue: patch.light.z * light + patch.dark.z * dark), share: share)
  }

  /// Adds noise, rounds to bytes and writes `count` of them.
  @inline(__always)
  private func store(
    _ value: Lanes, _ scene: SyntheticScene, at offset: Int, count: Int,
    to target: UnsafeMutablePointer<UInt8>
  ) {
    let noise = bell(at: UInt32(offset), key: scene.noiseKey) * scene.noise
    // Adding 1.5 · 2²³ leaves the nearest whole number in the lowest bits.
    let whole = clamp(value + noise) * 255 + 12_582_912
    let bits = unsafeBitCast(whole, to: SIMD16<UInt32>.self)
    let bytes = SIMD16<UInt8>(truncatingIfNeeded: bits)
    if count == 16 {
      UnsafeMutableRawPointer(target + offset).storeBytes(of: bytes, as: SIMD16<UInt8>.self)
    } else {
      for lane in 0..<count { target[offset + lane] = bytes[lane] }
    }
  }

  /// Nearly normal numbers of variance 1 for sixteen neighbouring pixels: the four bytes of a hash, summed.
  @inline(__always)
  private func bell(at offset: UInt32, key: UInt32) -> Lanes {
    let lanes = SIMD16<UInt32>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    var hash = (lanes &+ offset) &* 0x9e37_79b1 ^ key
    hash = (hash ^ (hash &>> 16)) &* 0x85eb_ca6b  // the finaliser of MurmurHash3
    hash = (hash ^ (hash &>> 13)) &* 0xc2b2_ae35
    hash ^= hash &>> 16
    let pairs = (hash & 0x00ff_00ff) &+ ((hash &>> 8) & 0x00ff_00ff)
    let sum = (pairs & 0xffff) &+ (pairs &>> 16)
    // With the exponent of 2²³ the bits are the number 2²³ + sum.
    let number = unsafeBitCast(sum | 0x4b00_0000, to: Lanes.self) - (8_388_608 + 510)
    return number * (1 / 147.8)
  }

  @inline(__always)
  private func clamp(_ value: Lanes) -> Lanes {
    value.clamped(lowerBound: Lanes(), upperBound: Lanes(repeating: 1))
  }

  /// ``wave(_:)`` of sixteen angles. Adding and taking away 1.5 · 2²³ rounds to the nearest whole number.
  @inline(__always)
  private func wave(_ turns: Lanes) -> Lanes {
    let phase = turns - ((turns + 12_582_912) - 12_582_912)
    let parabola = 8 * phase * (1 - 2 * magnitude(phase))
    return parabola * (0.775 + 0.225 * magnitude(parabola))
  }

  @inline(__always)
  private func magnitude(_ value: Lanes) -> Lanes {
    unsafeBitCast(unsafeBitCast(value, to: SIMD16<UInt32>.self) & 0x7fff_ffff, to: Lanes.self)
  }
}
