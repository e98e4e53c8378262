import LinearAlgebra

/// Sixteen hidden units side by side.
public typealias Lanes<Scalar: LaneScalar> = SIMD16<Scalar>

/// A scalar of which sixteen are worked on at once. What is not the same code for both precisions, or would be
/// compiled to a loop over lanes if it were, is asked for here.
public protocol LaneScalar: Real {
  /// The lanes of `values` where `condition` is positive, zero elsewhere.
  static func lanes(_ values: SIMD16<Self>, wherePositive condition: SIMD16<Self>) -> SIMD16<Self>
  /// The lanes' absolute values.
  static func magnitudes(_ values: SIMD16<Self>) -> SIMD16<Self>
  /// e to the power of each lane.
  static func exponential(_ values: SIMD16<Self>) -> SIMD16<Self>
  /// The sum of all lanes, by halves.
  static func sum(_ values: SIMD16<Self>) -> Self
}

extension Float: LaneScalar {
  @inline(__always)
  public static func lanes(
    _ values: SIMD16<Float>, wherePositive condition: SIMD16<Float>
  ) -> SIMD16<Float> {
    SIMD16(repeating: 0).replacing(with: values, where: condition .> 0)
  }

  @inline(__always)
  public static func magnitudes(_ values: SIMD16<Float>) -> SIMD16<Float> {
    unsafeBitCast(unsafeBitCast(values, to: SIMD16<UInt32>.self) & 0x7fff_ffff, to: SIMD16<Float>.self)
  }

  @inline(__always)
  public static func exponential(_ values: SIMD16<Float>) -> SIMD16<Float> {
    VectorExponential.evaluate(values)
  }

  @inline(__always)
  public static func sum(_ values: SIMD16<Float>) -> Float {
    let eight = values.lowHalf + values.highHalf
    let four = eight.lowHalf + eight.highHalf
    let two = four.lowHalf + four.highHalf
    return two.x + two.y
  }
}

extension Double: LaneScalar {
  @inline(__always)
  public static func lanes(
    _ values: SIMD16<Double>, wherePositive condition: SIMD16<Double>
  ) -> SIMD16<Double> {
    SIMD16(repeating: 0).replacing(with: values, where: condition .> 0)
  }

  @inline(__always)
  public static func magnitudes(_ values: SIMD16<Double>) -> SIMD16<Double> {
    unsafeBitCast(
      unsafeBitCast(values, to: SIMD16<UInt64>.self) & 0x7fff_ffff_ffff_ffff, to: SIMD16<Double>.self)
  }

  @inline(__always)
  public static func exponential(_ values: SIMD16<Double>) -> SIMD16<Double> {
    VectorExponential.evaluate(values)
  }

  @inline(__always)
  public static func sum(_ values: SIMD16<Double>) -> Double {
    let eight = values.lowHalf + values.highHalf
    let four = eight.lowHalf + eight.highHalf
    let two = four.lowHalf + four.highHalf
    return two.x + two.y
  }
}

/// How many vectors hold `width` units.
func laneVectors(for width: Int) -> Int { (width + 15) / 16 }
