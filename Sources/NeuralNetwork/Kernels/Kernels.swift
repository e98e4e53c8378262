import LinearAlgebra

/// The elementwise loops of layers, sixteen scalars at a time, of many scalars on all threads.
enum Kernels {
  /// Follows each of `groups` groups of `size` scalars by itself, `copies` in all: of the groups a, b, c twice there
  /// become a, a, b, b, c, c.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func repeatInPlace<Scalar: Real>(
    _ values: UnsafeMutablePointer<Scalar>, groups: Int, of size: Int, copies: Int
  ) {
    // values: groups · copies · size scalars, of which the first groups · size are read.
    // values[(g · copies + c) · size + i] = values[g · size + i], the last group first: none is overwritten unread
    guard copies > 1 else { return }
    for group in (0..<groups).reversed() {
      for copy in (0..<copies).reversed() {
        let target = values + (group * copies + copy) * size
        if target != values + group * size { target.update(from: values + group * size, count: size) }
      }
    }
  }

  /// `out ← max(input, 0)`.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func rectify<Scalar: Real>(
    _ input: UnsafeMutablePointer<Scalar>, into out: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    // input, out: count scalars.
    // out[i] = max(input[i], 0)
    ThreadTeam.shareScalars(count) { start, count in
      let (input, out) = (input + start, out + start)
      var index = 0
      while index + 16 <= count {
        out.store(pointwiseMax(input.vector(at: index), SIMD16(repeating: 0)), at: index)
        index += 16
      }
      while index < count {
        out[index] = max(input[index], 0)
        index += 1
      }
    }
  }

  /// `out ← input` where `condition` is positive, else 0.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func keep<Scalar: Real>(
    _ input: UnsafeMutablePointer<Scalar>, wherePositive condition: UnsafeMutablePointer<Scalar>,
    into out: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    // input, condition, out: count scalars.
    // out[i] = condition[i] > 0 ? input[i] : 0
    ThreadTeam.shareScalars(count) { start, count in
      let (input, condition, out) = (input + start, condition + start, out + start)
      var index = 0
      while index + 16 <= count {
        let kept = Scalar.keeping(input.vector(at: index), wherePositive: condition.vector(at: index))
        out.store(kept, at: index)
        index += 16
      }
      while index < count {
        out[index] = condition[index] > 0 ? input[index] : 0
        index += 1
      }
    }
  }

  /// `out ← input · factor`, element by element.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func multiply<Scalar: Real>(
    _ input: UnsafeMutablePointer<Scalar>, by factor: UnsafeMutablePointer<Scalar>,
    into out: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    // input, factor, out: count scalars.
    // out[i] = input[i] · factor[i]
    ThreadTeam.shareScalars(count) { start, count in
      let (input, factor, out) = (input + start, factor + start, out + start)
      var index = 0
      while index + 16 <= count {
        out.store(input.vector(at: index) * factor.vector(at: index), at: index)
        index += 16
      }
      while index < count {
        out[index] = input[index] * factor[index]
        index += 1
      }
    }
  }

  /// `values ← values · factor`.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func scale<Scalar: Real>(_ values: UnsafeMutablePointer<Scalar>, by factor: Scalar, count: Int) {
    // values: count scalars, changed in place.
    // values[i] = values[i] · factor
    ThreadTeam.shareScalars(count) { start, count in
      let values = values + start
      var index = 0
      while index + 16 <= count {
        values.store(values.vector(at: index) * factor, at: index)
        index += 16
      }
      while index < count {
        values[index] *= factor
        index += 1
      }
    }
  }

  /// `out ← first + second`, element by element.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func add<Scalar: Real>(
    _ first: UnsafeMutablePointer<Scalar>, _ second: UnsafeMutablePointer<Scalar>,
    into out: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    // first, second, out: count scalars.
    // out[i] = first[i] + second[i]
    ThreadTeam.shareScalars(count) { start, count in
      let (first, second, out) = (first + start, second + start, out + start)
      var index = 0
      while index + 16 <= count {
        out.store(first.vector(at: index) + second.vector(at: index), at: index)
        index += 16
      }
      while index < count {
        out[index] = first[index] + second[index]
        index += 1
      }
    }
  }

  /// `out ← max(first + second, 0)`, element by element.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func addAndRectify<Scalar: Real>(
    _ first: UnsafeMutablePointer<Scalar>, _ second: UnsafeMutablePointer<Scalar>,
    into out: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    // first, second, out: count scalars.
    // out[i] = max(first[i] + second[i], 0)
    ThreadTeam.shareScalars(count) { start, count in
      let (first, second, out) = (first + start, second + start, out + start)
      var index = 0
      while index + 16 <= count {
        let sum = first.vector(at: index) + second.vector(at: index)
        out.store(Scalar.keeping(sum, wherePositive: sum), at: index)
        index += 16
      }
      while index < count {
        out[index] = max(first[index] + second[index], 0)
        index += 1
      }
    }
  }
}
